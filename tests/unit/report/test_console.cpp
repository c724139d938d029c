// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/report/console.hpp"

#include "soapstone/base/error.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <iterator>
#include <termios.h>
#include <unistd.h>

namespace soapstone::report {
namespace {

using testing::HasSubstr;
using testing::Not;

/// What `work` writes to standard error and to standard output when they are files.
template <typename Work>
std::pair<std::string, std::string> captured(Work&& work) {
  testing::internal::CaptureStderr();
  testing::internal::CaptureStdout();
  work();
  std::string out = testing::internal::GetCapturedStdout();
  return {testing::internal::GetCapturedStderr(), out};
}

/// What `work` writes to standard error when that is a terminal.
template <typename Work>
std::string on_terminal(Work&& work) {
  const int leader = ::posix_openpt(O_RDWR | O_NOCTTY);
  if (leader < 0 || ::grantpt(leader) != 0 || ::unlockpt(leader) != 0)
    return "no terminal";
  const int terminal = ::open(::ptsname(leader), O_RDWR | O_NOCTTY);
  termios raw{};
  ::tcgetattr(terminal, &raw);
  ::cfmakeraw(&raw);
  ::tcsetattr(terminal, TCSANOW, &raw);
  const int before = ::dup(STDERR_FILENO);
  ::dup2(terminal, STDERR_FILENO);
  work();
  ::dup2(before, STDERR_FILENO);
  ::close(before);
  ::fcntl(leader, F_SETFL, O_NONBLOCK);
  std::string text;
  char piece[4096];
  for (ssize_t count = 0; (count = ::read(leader, piece, sizeof piece)) > 0;)
    text.append(piece, static_cast<std::size_t>(count));
  ::close(terminal);
  ::close(leader);
  return text;
}

std::string whole(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

struct LogFile {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("soapstone_log_" + std::to_string(::getpid()));
  ~LogFile() { std::filesystem::remove(path); }
};

TEST(Console, lines_go_to_standard_error_only) {
  const auto [err, out] = captured([] {
    Console console(true, false, "");
    console.line("hello");
    console.warn("careful");
    console.progress("features", 0.5, 1, {});
  });
  EXPECT_EQ(err, "hello\nwarning: careful\n");
  EXPECT_EQ(out, "");
}

TEST(Console, other_ranks_are_silent_and_open_no_log) {
  LogFile log;
  const auto [err, out] = captured([&] {
    Console console(false, false, log.path.string(), 0);
    console.line("hello");
    console.warn("careful");
    console.progress("features", 0.5, 1, {});
    console.repeat_warnings();
    EXPECT_EQ(console.warnings().size(), 1U);
  });
  EXPECT_EQ(err + out, "");
  EXPECT_FALSE(std::filesystem::exists(log.path));
}

TEST(Console, quiet_leaves_warnings_and_the_log_file) {
  LogFile log;
  const auto [err, out] = captured([&] {
    Console console(true, true, log.path.string(), 0);
    console.line("hello");
    console.progress("features", 0.5, 1, {});
    console.warn("careful");
  });
  EXPECT_EQ(err, "warning: careful\n");
  EXPECT_THAT(whole(log.path),
              testing::AllOf(HasSubstr("hello\n"), HasSubstr("features"), HasSubstr("warning: careful\n")));
}

TEST(Console, a_log_file_is_appended_to) {
  LogFile log;
  captured([&] {
    for (const char* text : {"first", "second", "third"})
      Console(true, true, log.path.string(), 0).line(text);
  });
  const std::string again = "\n==== resumed at [0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2} UTC\n";
  EXPECT_THAT(whole(log.path), testing::MatchesRegex("first\n" + again + "second\n" + again + "third\n"));
}

TEST(Console, tells_why_there_can_be_no_log_file) {
  try {
    const Console console(true, true, "/no/such/folder/x.log", 0);
    FAIL() << "a log file in a folder that is not there";
  } catch (const IoError& error) {
    EXPECT_THAT(error.what(), HasSubstr("the folder /no/such/folder does not exist"));
  }
}

TEST(Console, warnings_are_shown_once_and_repeated_at_the_end) {
  for (const bool quiet : {false, true}) {
    const auto [err, out] = captured([quiet] {
      Console console(true, quiet, "");
      console.repeat_warnings(); // nothing to repeat, nothing said
      console.warn("a");
      console.warn("b");
      console.warn("a");
      console.repeat_warnings();
    });
    const std::string once = "warning: a\nwarning: b\n";
    EXPECT_EQ(err, quiet ? once : once + "2 warnings:\n  a\n  b\n");
  }
}

TEST(Console, off_a_terminal_progress_waits_for_the_interval) {
  const auto [err, out] = captured([] {
    Console console(true, false, "", 0.5);
    for (int i = 0; i < 20; ++i)
      console.progress("features", i / 20.0, 1, {}); // well within the interval
    ::usleep(550000);
    console.progress("features", 0.5, 3, {});
    console.progress("features", 0.6, 3, {});
  });
  EXPECT_EQ(err, "features                  50 %  ETA 3.0 s\n");
}

TEST(Console, never_a_carriage_return_off_a_terminal) {
  const auto [err, out] = captured([] {
    Console console(true, false, "", 0);
    console.progress("features", 0.5, 3, {});
    console.stage_ended("features", false, 0, {});
    console.line("done");
  });
  EXPECT_THAT(err, Not(HasSubstr("\r")));
  EXPECT_THAT(err, Not(HasSubstr("\033")));
}

TEST(Console, on_a_terminal_progress_is_rewritten_in_place) {
  const auto text = on_terminal([] {
    Console console(true, false, "");
    console.progress("features", 0.25, 1, {});
    ::usleep(120000);
    console.progress("features", 0.5, 1, {});
    console.line("done");
  });
  EXPECT_EQ(text, "\r\033[Kfeatures                  25 %  ETA 3.0 s"
                  "\r\033[Kfeatures                  50 %  ETA 1.0 s"
                  "\r\033[Kdone\n");
}

TEST(Console, on_a_terminal_progress_is_not_redrawn_more_often_than_one_can_see) {
  const auto text = on_terminal([] {
    Console console(true, false, "");
    for (int i = 0; i < 1000; ++i)
      console.progress("features", i / 1000.0, 1, {});
  });
  EXPECT_LT(std::count(text.begin(), text.end(), '\r'), 100);
  EXPECT_GE(std::count(text.begin(), text.end(), '\r'), 1);
}

TEST(Console, progress_text_copes_with_any_share) {
  EXPECT_EQ(progress_text("x", 0, 5), "x                          0 %");
  EXPECT_EQ(progress_text("x", 1, 5), "x                        100 %");
  EXPECT_EQ(progress_text("x", 0.999, 5), "x                         99 %  ETA 0.0 s");
  EXPECT_EQ(progress_text("x", -1, 5), "x                          0 %");
  EXPECT_EQ(progress_text("x", 7, 5), "x                        100 %");
  EXPECT_EQ(progress_text("x", std::nan(""), 5), "x                          0 %");
}

TEST(Console, progress_tells_the_rate_where_the_whole_is_known) {
  EXPECT_EQ(progress_text("x", 0.5, 2, {3000, "pairs"}),
            "x                         50 %  ETA 2.0 s  750 pairs/s");
  EXPECT_EQ(progress_text("x", 0, 2, {3000, "pairs"}), "x                          0 %");
  EXPECT_EQ(rate_text({5, "pairs"}, 0), "");
  EXPECT_EQ(rate_text({}, 3), "");
}

TEST(Console, short_numbers) {
  EXPECT_EQ(short_number(0.01234), "0.0123");
  EXPECT_EQ(short_number(12.34), "12.3");
  EXPECT_EQ(short_number(1234.0), "1234");
  EXPECT_EQ(short_number(1234567), "1.23e+06");
}

TEST(Console, a_log_file_that_cannot_be_opened) {
  try {
    Console console(true, false, "/no/such/folder/log");
    FAIL();
  } catch (const IoError& error) {
    EXPECT_EQ(error.path(), "/no/such/folder/log");
  }
}

TEST(StageTable, shows_seconds_rates_and_the_share_of_dgemm) {
  const std::string table =
      stage_table({{"read", 0.1, 0.2, 0.3, 0, 0, ""}, {"kernel", 9, 9.5, 10, 95, 12345, "pairs"}}, 50, 2);
  EXPECT_THAT(table, HasSubstr("read                         0.100     0.200     0.300\n"));
  EXPECT_THAT(table, testing::ContainsRegex("kernel +9.000 +9.500 +10.000 +1.23e\\+04 pairs/s +95 +95 %\n"));
  EXPECT_THAT(table, testing::ContainsRegex("sum of stages +10.300$"));
}

} // namespace
} // namespace soapstone::report
