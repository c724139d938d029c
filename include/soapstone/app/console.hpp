// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/base/progress.hpp"
#include "soapstone/base/stopwatch.hpp"
#include "soapstone/parallel/communicator.hpp"

#include <cstdint>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

namespace soapstone::app {

/// What a user sees while a command runs: on rank 0, to standard error (results alone go to standard output)
/// and to the log file if there is one. Warnings are repeated at the end. No carriage returns unless standard
/// error is a terminal.
class Console {
public:
  Console(bool speaks, bool quiet, const std::string& log_file);
  void line(const std::string& text);
  void warn(const std::string& text); ///< shown now and by repeat_warnings
  /// "features  43 %  1.2e4 env/s  ETA 12 s", rewritten in place on a terminal, at most every 10 s elsewhere.
  void progress(const std::string& stage, double share, double elapsed_seconds);
  void end_progress();
  void repeat_warnings();
  const std::vector<std::string>& warnings() const { return warnings_; }

private:
  void emit(const std::string& text);
  bool speaks_, quiet_, terminal_, progress_open_ = false;
  std::ofstream log_;
  Stopwatch since_progress_;
  std::vector<std::string> warnings_;
};

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

/// Measures the stages of a command and shows their progress.
class StageTimer {
public:
  StageTimer(const parallel::Communicator& comm, Console& console) : comm_(comm), console_(console) {}
  /// Runs `work(progress)` as the stage `name` and records its time.
  template <typename Work>
  auto run(const std::string& name, Work&& work) {
    Scope scope(*this, name);
    return work(scope.progress());
  }
  /// Adds to the last stage what it did.
  void did(double items, const std::string& item_name, double flops = 0);
  /// Collective.
  std::vector<StageSummary> summarize() const;

private:
  class Scope {
  public:
    Scope(StageTimer& timer, std::string name);
    ~Scope();
    Progress progress();

  private:
    StageTimer& timer_;
    std::string name_;
    Stopwatch watch_;
  };
  const parallel::Communicator& comm_;
  Console& console_;
  std::vector<Stage> stages_;
};

/// The table of stages for the end of a run, GFLOP/s also as a share of dgemm_gflops x ranks.
std::string stage_table(const std::vector<StageSummary>& stages, double dgemm_gflops, int ranks);

} // namespace soapstone::app
