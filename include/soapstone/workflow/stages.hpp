// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/base/log.hpp"
#include "soapstone/base/progress.hpp"
#include "soapstone/base/stopwatch.hpp"
#include "soapstone/parallel/communicator.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace soapstone::workflow {

/// One timed part of a run. flops: useful floating-point operations over all ranks, 0 where that says
/// nothing; items: environments, pairs, structures... with their name.
struct Stage {
  std::string name;
  double seconds = 0; ///< of this rank
  double flops = 0;
  double items = 0;
  std::string item_name;
};

/// Seconds of a stage over the ranks.
struct StageSummary {
  std::string name;
  double min = 0, mean = 0, max = 0;
  double gflops = 0; ///< flops / max seconds / 1e9, 0 if meaningless
  double rate = 0;   ///< items / max seconds
  std::string item_name;
};

/// Runs the stages of a command on the ranks of a communicator: measures their times and tells their progress
/// to a log.
class Stages {
public:
  /// Both must outlive the stages.
  Stages(const parallel::Communicator& comm, Log& log) : comm_(comm), log_(log) {}

  const parallel::Communicator& comm() const { return comm_; }
  bool root() const { return comm_.rank() == 0; }
  Log& log() const { return log_; }
  void line(const std::string& text) const { log_.line(text); }
  void warn(const std::string& text) const { log_.warn(text); }

  /// Runs `work(progress)` as the stage `name` and records its time; a stage run again adds to what it has.
  template <typename Work>
  auto run(const std::string& name, Work&& work) {
    if (at_boundary_)
      at_boundary_();
    Scope scope(*this, name);
    return work(scope.progress());
  }

  /// Announces what the stage that begins next is to do: its lines tell the rate then.
  void expect(double items, std::string item_name) { expected_ = {items, std::move(item_name)}; }

  /// Adds to the stage begun last what it did. flops are those of all ranks together.
  void did(double items, const std::string& item_name, double flops = 0);

  /// Calls from now on `at_boundary` before every stage, where all ranks are together (it may communicate and
  /// throw), and `at_progress` whenever a stage reports progress (it may not).
  void watch(std::function<void()> at_boundary, std::function<void()> at_progress) {
    at_boundary_ = std::move(at_boundary);
    at_progress_ = std::move(at_progress);
  }

  /// Collective. All ranks must have run the same stages.
  std::vector<StageSummary> summarize() const;

private:
  class Scope {
  public:
    Scope(Stages& stages, std::string name);
    ~Scope();
    Progress progress();

  private:
    Stages& all_;
    std::size_t index_;
    int exceptions_; ///< under way when the stage began
    Amount whole_;
    Stopwatch watch_;
  };

  const parallel::Communicator& comm_;
  Log& log_;
  std::vector<Stage> stages_;
  std::size_t last_ = 0; ///< the stage begun last
  Amount expected_;      ///< of the stage that begins next
  std::function<void()> at_boundary_, at_progress_;
};

} // namespace soapstone::workflow
