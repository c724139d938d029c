// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/base/stopwatch.hpp"
#include "soapstone/workflow/stages.hpp"

#include <cstdint>
#include <fstream>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace soapstone::report {

/// Shows a user what a command does: on rank 0, to standard error (results alone go to standard output)
/// and to the log file if there is one. Warnings are repeated at the end. No carriage returns unless standard
/// error is a terminal.
class Console : public Log {
public:
  /// speaks: on rank 0. quiet: warnings only (the log file still gets everything). Off a terminal and in the
  /// log file, progress is a line every `plain_interval_seconds` at most. A log file that is there already is
  /// appended to, below a line with the time. Throws IoError if the log file
  /// cannot be opened.
  Console(bool speaks, bool quiet, const std::string& log_file, double plain_interval_seconds = 10);
  void line(const std::string& text) override;
  void warn(const std::string& text) override; ///< shown now, even when quiet, and by repeat_warnings; once
  /// "features  43 %  ETA 12 s  1880 environments/s", rewritten in place on a terminal.
  void progress(const std::string& stage, double share, double elapsed_seconds, const Amount& whole) override;
  /// Takes an open progress line off the terminal; "features                 12 s  1880 environments/s" if
  /// finished.
  void stage_ended(const std::string& stage, bool finished, double seconds, const Amount& whole) override;
  void repeat_warnings();
  /// At the end of a run: throws IoError if something could not be written to the log file. Nothing before
  /// does, since a log that ends early is no reason to lose hours of work.
  void expect_whole_log();
  const std::vector<std::string>& warnings() const { return warnings_; }

private:
  void end_progress();
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

/// The table of stages for the end of a run, GFLOP/s also as a share of dgemm_gflops x ranks.
std::string stage_table(const std::vector<workflow::StageSummary>& stages, double dgemm_gflops, int ranks);

} // namespace soapstone::report
