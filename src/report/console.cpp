// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/report/console.hpp"

#include "soapstone/base/atomic_file.hpp"
#include "soapstone/base/error.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/options/parameter_keys.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <iostream>
#include <unistd.h>

namespace soapstone::report {

namespace {

constexpr double redraw_seconds = 0.1;         // on a terminal: as often as the eye follows
constexpr const char* erase_line = "\r\033[K"; // carriage return, erase to the end of the line

/// Returns whether a file is there and not empty; devices are empty.
bool has_text(const std::string& path) {
  std::error_code error;
  return std::filesystem::is_regular_file(path, error) && std::filesystem::file_size(path, error) > 0 &&
         !error;
}

/// 2026-01-31 23:59:59 UTC
std::string utc_time() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S UTC", &parts)};
}

void to_stderr(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

} // namespace

std::string short_number(double value) {
  return value >= 100 && value < 9999.5 ? format("%.0f", value) : format("%.3g", value);
}

std::string rate_text(const Amount& done, double seconds) {
  return done.items > 0 && seconds > 0 ? short_number(done.items / seconds) + " " + done.name + "/s" : "";
}

std::string progress_text(const std::string& stage, double share, double elapsed_seconds,
                          const Amount& whole) {
  share = std::clamp(std::isfinite(share) ? share : 0.0, 0.0, 1.0);
  std::string text = format("%-24s %3.0f %%", stage.c_str(), std::floor(100 * share));
  // The first percent says little about the rest.
  if (share >= 0.01 && share < 1)
    text += "  ETA " + format_duration(elapsed_seconds * (1 - share) / share);
  if (const auto rate = rate_text({share * whole.items, whole.name}, elapsed_seconds); !rate.empty())
    text += "  " + rate;
  return text;
}

Console::Console(bool speaks, bool quiet, const std::string& log_file, double plain_interval_seconds)
    : speaks_(speaks), quiet_(quiet), terminal_(::isatty(STDERR_FILENO) == 1),
      plain_interval_seconds_(plain_interval_seconds), log_file_(log_file) {
  if (!speaks_ || log_file.empty())
    return;
  const bool goes_on = has_text(log_file);
  log_.open(log_file, std::ios::app); // a run that is resumed keeps what it said before
  if (!log_) {
    require_writable(log_file); // tells why not
    throw IoError("the log file cannot be opened for writing", log_file);
  }
  if (goes_on)
    log_ << "\n==== resumed at " << utc_time() << std::endl;
}

/// One whole line, to the terminal unless `hushed`, and always to the log file.
void Console::emit(const std::string& text, bool hushed) {
  if (!speaks_)
    return;
  end_progress();
  const std::string safe = printable(options::with_keys(text)); // names of files and keys may hold anything
  if (!hushed)
    to_stderr(safe + "\n");
  if (log_.is_open())
    log_ << safe << std::endl; // flushed, so that the log tells how far a killed run was
}

void Console::line(const std::string& text) {
  emit(text, quiet_);
}

void Console::warn(const std::string& said) {
  const std::string text = options::with_keys(said);
  if (std::find(warnings_.begin(), warnings_.end(), text) != warnings_.end())
    return;
  warnings_.push_back(text);
  emit("warning: " + text, false);
}

void Console::progress(const std::string& stage, double share, double elapsed_seconds, const Amount& whole) {
  if (!speaks_)
    return;
  const std::string text = progress_text(stage, share, elapsed_seconds, whole);
  if (terminal_ && !quiet_ && (!progress_open_ || since_redraw_.seconds() >= redraw_seconds)) {
    to_stderr(erase_line + text);
    since_redraw_.restart();
    progress_open_ = true;
  }
  if (stage != progress_stage_) { // nothing until a stage has lasted as long as the interval
    progress_stage_ = stage;
    since_progress_.restart();
  }
  if (since_progress_.seconds() < plain_interval_seconds_)
    return;
  since_progress_.restart();
  if (!terminal_ && !quiet_)
    to_stderr(text + "\n");
  if (log_.is_open())
    log_ << text << std::endl;
}

void Console::stage_ended(const std::string& stage, bool finished, double seconds, const Amount& whole) {
  end_progress();
  if (!finished)
    return;
  const auto rate = rate_text(whole, seconds);
  line(format("%-24s %s", stage.c_str(), format_duration(seconds).c_str()) +
       (rate.empty() ? "" : "  " + rate));
}

void Console::end_progress() {
  if (!progress_open_)
    return;
  progress_open_ = false;
  to_stderr(erase_line);
}

void Console::expect_whole_log() {
  if (!log_.is_open())
    return;
  log_.close();
  if (!log_)
    throw IoError("the log file could not be written completely; all other output is complete", log_file_);
}

void print_result(const std::string& text) {
  if (!(std::cout << text << std::flush))
    throw IoError("the results cannot be written", "standard output");
}

void Console::repeat_warnings() {
  if (warnings_.empty())
    return;
  emit(format("%zu warning%s:", warnings_.size(), warnings_.size() == 1 ? "" : "s"), quiet_);
  for (const auto& warning : warnings_)
    emit("  " + warning, quiet_);
}

} // namespace soapstone::report
