// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/base/progress.hpp"
#include "soapstone/base/stopwatch.hpp"
#include "soapstone/parallel/communicator.hpp"

#include <cstdint>
#include <fstream>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace soapstone::app {

/// What a stage is to do, where that is known before: 22600 "environments".
struct Amount {
  double items = 0;
  std::string name;
};

/// What a user sees while a command runs: on rank 0, to standard error (results alone go to standard output)
/// and to the log file if there is one. Warnings are repeated at the end. No carriage returns unless standard
/// error is a terminal.
class Console {
public:
  /// speaks: on rank 0. quiet: warnings only (the log file still gets everything). Off a terminal and in the
  /// log file, progress is a line every `plain_interval_seconds` at most. A log file that is there already is
  /// appended to, below a line with the time. Throws IoError if the log file
  /// cannot be opened.
  Console(bool speaks, bool quiet, const std::string& log_file, double plain_interval_seconds = 10);
  void line(const std::string& text);
  void warn(const std::string& text); ///< shown now, even when quiet, and by repeat_warnings; once
  /// "features  43 %  ETA 12 s  1880 environments/s", rewritten in place on a terminal.
  void progress(const std::string& stage, double share, double elapsed_seconds, const Amount& whole = {});
  void end_progress(); ///< takes an open progress line off the terminal
  void repeat_warnings();
  /// At the end of a run: throws IoError if something could not be written to the log file. Nothing before
  /// does, since a log that ends early is no reason to lose hours of work.
  void expect_whole_log();
  const std::vector<std::string>& warnings() const { return warnings_; }

private:
  void emit(const std::string& text, bool hushed);
  bool speaks_, quiet_, terminal_, progress_open_ = false;
  double plain_interval_seconds_;
  std::string log_file_;
  std::ofstream log_;
  std::string progress_stage_;
  Stopwatch since_progress_, since_redraw_;
  std::vector<std::string> warnings_;
};

/// Results to standard output. Throws IoError if they cannot be written (a full disk behind it, say).
void print_result(const std::string& text);

/// "features                  43 %  ETA 12 s  1880 environments/s". share in [0, 1]; the ETA takes the rest
/// to go on as so far.
std::string progress_text(const std::string& stage, double share, double elapsed_seconds,
                          const Amount& whole = {});

/// "1880 environments/s", empty where nothing is known.
std::string rate_text(const Amount& done, double seconds);

/// 3 significant digits: 0.0123, 1.23, 12.3, 123, 1.23e+04.
std::string short_number(double value);

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
  /// Runs `work(progress)` as the stage `name` and records its time; a stage run again adds to what it has.
  template <typename Work>
  auto run(const std::string& name, Work&& work) {
    if (at_boundary_)
      at_boundary_();
    Scope scope(*this, name);
    return work(scope.progress());
  }
  /// What the stage that begins next is to do: its lines tell the rate then.
  void expect(double items, std::string item_name) { expected_ = {items, std::move(item_name)}; }
  /// Adds to the stage begun last what it did. flops are those of all ranks together.
  void did(double items, const std::string& item_name, double flops = 0);
  /// From now on calls `at_boundary` before every stage, where all ranks are together (it may communicate and
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
    Scope(StageTimer& timer, std::string name);
    ~Scope();
    Progress progress();

  private:
    StageTimer& timer_;
    std::size_t index_;
    int exceptions_; ///< under way when the stage began
    Amount whole_;
    Stopwatch watch_;
  };
  const parallel::Communicator& comm_;
  Console& console_;
  std::vector<Stage> stages_;
  std::size_t last_ = 0; ///< the stage begun last
  Amount expected_;      ///< of the stage that begins next
  std::function<void()> at_boundary_, at_progress_;
};

/// The table of stages for the end of a run, GFLOP/s also as a share of dgemm_gflops x ranks.
std::string stage_table(const std::vector<StageSummary>& stages, double dgemm_gflops, int ranks);

} // namespace soapstone::app
