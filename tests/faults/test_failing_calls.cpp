// SPDX-License-Identifier: BSD-3-Clause
// Every command, with each of the system calls that make its files failing in turn: a run either says so,
// with exit code 5 and the name of a file, and leaves every output as it was or complete, or ends well with
// all of its outputs complete. No run leaves a temporary file, and what a search or an optimisation leaves is
// gone on with to the same end.
#include "failing_calls.h"
#include "figure.hpp"
#include "in_process.hpp"
#include "molecules.hpp"
#include "scratch.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cerrno>
#include <map>

#include <gtest/gtest.h>

namespace soapstone::faults {
namespace {

constexpr int most_runs = 12; ///< runs of a command with one kind of failure in the short form
constexpr const char* old_content = "what was there before\n";
constexpr int writing = failing_create | failing_write | failing_sync | failing_rename | failing_close;

struct Command {
  std::string title; ///< the command, and after a blank what is special
  std::vector<std::string> keys;
  std::vector<std::string> exact;          ///< outputs that are the same whenever the command is run
  std::vector<std::string> resumable = {}; ///< what a run that failed may leave for the next one

  std::string name() const { return title.substr(0, title.find(' ')); }
};

const std::vector<std::string> tiny{"--soap.n-max", "2", "--soap.l-max", "1", "--soap.cutoff", "3"};

std::vector<Command> commands() {
  return {
      {"train", {"--output", "out/m.h5", "--data.test", "4", "--log-file", "out/log"}, {"m.h5"}},
      {"train with the kernel kept",
       {"--output", "out/m.h5", "--data.test", "4", "--checkpoint", "out/c.h5", "--checkpoint-kernel", "yes"},
       {"m.h5"},
       {"c.h5"}},
      {"train with the iteration kept",
       {"--output", "out/m.h5", "--regression.solver", "cg", "--regression.regularization", "1e-4",
        "--checkpoint", "out/c.h5", "--checkpoint-interval", "0"},
       {"m.h5"},
       {"c.h5"}},
      {"train by a file",
       {"--output", "out/m.h5", "--config", "in/run.ini", "--species.coupling", "in/u.txt"},
       {"m.h5"}},
      {"predict", {"--model", "in/model.h5", "--output", "out/p.csv"}, {"p.csv"}},
      {"predict to frames",
       {"--model", "in/model.h5", "--output", "out/p.xyz", "--predict.per-atom", "--data.structures",
        "in/data.xyz.gz"},
       {"p.xyz"}},
      {"predict a compressed file",
       {"--model", "in/model.h5", "--output", "out/p.csv", "--data.structures", "in/data.xyz.xz"},
       {"p.csv"}},
      {"evaluate", {"--output", "out/e.csv", "--validation.folds", "3"}, {"e.csv"}},
      {"kernel", {"--output", "out/k.h5"}, {"k.h5"}},
      {"kernel against others", {"--output", "out/k.h5", "--against", "in/others.xyz"}, {"k.h5"}},
      {"features", {"--output", "out/f.h5"}, {"f.h5"}},
      {"learning-curve",
       {"--learning-curve.sizes", "6,8", "--learning-curve.repeats", "1", "--data.test", "4", "--output",
        "out/c.csv"},
       {"c.csv"}},
      {"search",
       {"--soap.cutoff", "2.5,3", "--regression.regularization", "1e-6,1e-4", "--validation.folds", "2",
        "--checkpoint", "out/s.h5", "--output", "out/s.csv"},
       {"s.best.ini"},
       {"s.h5", "s.h5.previous", "s.h5.parts", "s.h5.parts/0-0.h5", "s.h5.parts/0-1.h5"}},
      {"optimize",
       {"--optimize.parameters", "regularization", "--optimize.iterations", "2", "--validation.folds", "2",
        "--checkpoint", "out/o.h5", "--output", "out/o.txt"},
       {"o.ini"},
       {"o.h5", "o.h5.previous"}},
  };
}

class FailingCalls : public testing::TestWithParam<Command> {
protected:
  FailingCalls() {
    const auto text = molecules(14, 3);
    write(in_.file("data.xyz"), text);
    write(in_.file("others.xyz"), molecules(3, 4));
    write(in_.file("data.xyz.gz"), formats::pack({{"x", text}}, "gzip", true));
    write(in_.file("data.xyz.xz"), formats::pack({{"x", text}}, "xz", true));
    write(in_.file("run.ini"), "[data]\ntest = 4\n");
    write(in_.file("u.txt"), "H C O\n0.9 0.2 0.1\n0.1 0.8 0.3\n");
    auto line = tiny;
    line.insert(line.end(),
                {"--data.structures", in_.file("data.xyz"), "--output", in_.file("model.h5"), "--quiet"});
    line.insert(line.begin(), "train");
    const auto outcome = run(line);
    EXPECT_EQ(outcome.code, 0) << outcome.text();
  }

  /// Always the same, since configurations that are written name their files.
  struct Out {
    explicit Out(std::string where) : path(std::move(where)) {
      std::filesystem::remove_all(path);
      std::filesystem::create_directory(path);
    }
    std::string file(const std::string& name) const { return path + "/" + name; }
    std::string path;
  };

  /// Our folder names in place of in/ and out/.
  std::string placed(const std::string& word) const {
    return word.starts_with("out/")  ? out_.path() + "/out" + word.substr(3)
           : word.starts_with("in/") ? in_.path() + word.substr(2)
                                     : word;
  }

  std::vector<std::string> arguments() const {
    std::vector<std::string> line{GetParam().name(),    "--quiet",  "--data.structures",
                                  in_.file("data.xyz"), "--report", placed("out/r.json")};
    if (GetParam().name() != "predict")
      line.insert(line.end(), tiny.begin(), tiny.end());
    for (const auto& key : GetParam().keys) {
      const auto same = std::find(line.begin(), line.end(), key); // the command's own value of a key
      if (key.starts_with("--") && same != line.end())
        line.erase(same, same + 2);
      line.push_back(placed(key));
    }
    return line;
  }

  static bool is_report(const std::string& text) {
    const auto json = nlohmann::json::parse(text, nullptr, false);
    return !json.is_discarded() && json.contains("command") && text.ends_with("}\n");
  }

  /// What a run without failures leaves, and the number of its calls of some kinds.
  long learn(const std::string& watched_in, int kinds) {
    const Out out(out_.file("out"));
    failing_calls_arm((watched_in.empty() ? out.path : watched_in).c_str(), kinds, 0, 0, failing_once);
    const auto outcome = run(arguments());
    const long calls = failing_calls_disarm();
    EXPECT_EQ(outcome.code, 0) << outcome.text();
    complete_.clear();
    for (const auto& name : GetParam().exact)
      complete_[name] = content(out.file(name));
    names_ = out_.names();
    stdout_ = outcome.out;
    EXPECT_TRUE(is_report(content(out.file("r.json"))));
    return calls;
  }

  void expect_outputs(const Out& out, const Outcome& outcome, bool old) {
    const bool good = outcome.code == 0;
    for (const auto& [name, bytes] : complete_) {
      const auto found = content(out.file(name));
      EXPECT_TRUE(found == bytes || (!good && found == (old ? old_content : "")))
          << name << ' ' << outcome.text();
    }
    const auto report = content(out.file("r.json"));
    EXPECT_TRUE(is_report(report) || (!good && report == (old ? old_content : ""))) << outcome.text();
    for (const auto& name : out_.names()) {
      const auto& left = GetParam().resumable;
      EXPECT_TRUE(names_.contains(name) || std::any_of(left.begin(), left.end(),
                                                       [&](const auto& one) { return name == "out/" + one; }))
          << "left behind: " << name << '\n'
          << outcome.text();
    }
    if (good) {
      EXPECT_EQ(missing(), "");
      EXPECT_EQ(outcome.out, stdout_);
    } else {
      EXPECT_EQ(outcome.code, 5) << outcome.text();
      EXPECT_EQ(outcome.errors.size(), 1U) << outcome.text();
    }
  }

  std::string missing() const {
    std::string text;
    const auto found = out_.names();
    for (const auto& name : names_)
      text += found.contains(name) ? "" : " " + name;
    return text;
  }

  /// One run in which call number `at` fails.
  void try_run(const std::string& watched_in, int kinds, long at, int error, int mode) {
    SCOPED_TRACE(GetParam().title + ": call " + std::to_string(at) + " of kinds " + std::to_string(kinds) +
                 ", error " + std::to_string(error) + ", mode " + std::to_string(mode));
    const Out out(out_.file("out"));
    const bool old = at % 2 == 0;
    if (old)
      for (const auto& [name, bytes] : complete_)
        write(out.file(name), old_content);
    if (old)
      write(out.file("r.json"), old_content);
    const std::string watched = watched_in.empty() ? out.path : watched_in;
    failing_calls_arm(watched.c_str(), kinds, at, error, mode);
    const auto outcome = run(arguments());
    failing_calls_disarm();
    expect_outputs(out, outcome, old);
    if (outcome.code != 0 && !outcome.errors.empty()) {
      EXPECT_NE(outcome.errors.front().find(watched), std::string::npos) << outcome.text();
    }
    if (outcome.code != 0 && !GetParam().resumable.empty()) {
      const auto again = run(arguments());
      expect_outputs(out, again, false);
      EXPECT_EQ(again.code, 0) << "does not go on: " << again.text();
    }
    ++runs_;
    refused_ += outcome.code == 0 ? 0 : 1;
  }

  /// Every call in turn (long form), or some of them.
  void try_calls(const std::string& watched_in, int kinds, int error, int mode) {
    const long calls = learn(watched_in, kinds);
    ASSERT_GT(calls, 0);
    const long step = std::max(1L, calls / cases(most_runs));
    const long first = step > 1 ? 1 + static_cast<long>(GetParam().title.size()) % step : 1;
    for (long at = first; at <= calls; at += step)
      try_run(watched_in, kinds, at, error, mode);
    std::printf("%s: %d runs for %ld calls, %d with exit code 5, %d complete all the same\n",
                GetParam().title.c_str(), runs_, calls, refused_, runs_ - refused_);
    figure("failing_calls", runs_);
  }

  bool is_there(const Out& out, const std::string& name) const {
    return content(out.file(name)) == complete_.at(name);
  }

  /// What a run leaves that cannot put its checkpoint in place for the third time, or, if it has no more than
  /// two, its output.
  void leave_a_checkpoint() {
    Outcome outcome;
    for (const auto& [name, at] :
         {std::pair(GetParam().resumable.front(), 3L), std::pair(GetParam().exact.front(), 1L)})
      if (outcome.code == 0) {
        const Out out(out_.file("out"));
        failing_calls_arm(out.file(name).c_str(), failing_rename, at, EIO, failing_once);
        outcome = run(arguments());
        failing_calls_disarm();
        EXPECT_TRUE(outcome.code == 0 || !is_there(out, GetParam().exact.front()));
      }
    EXPECT_EQ(outcome.code, 5) << outcome.text();
  }

  Folder in_, out_;
  std::map<std::string, std::string> complete_;
  std::set<std::string> names_;
  std::string stdout_;
  int runs_ = 0, refused_ = 0;
};

TEST_P(FailingCalls, one_error) {
  try_calls("", writing, EIO, failing_once);
}

TEST_P(FailingCalls, a_full_disk_from_some_call_on) {
  try_calls("", failing_create | failing_write, ENOSPC, failing_forever);
  EXPECT_GT(refused_, runs_ / 2);
}

TEST_P(FailingCalls, a_short_write_is_no_failure) {
  try_calls("", failing_write, 0, failing_short);
  EXPECT_EQ(refused_, 0);
}

TEST_P(FailingCalls, an_input_that_cannot_be_read) {
  try_calls(in_.path(), failing_read, EIO, failing_once);
  EXPECT_EQ(refused_, runs_);
}

// A run that goes on from a checkpoint and fails at any call leaves one of that name, whole, until the output
// is there.
TEST_P(FailingCalls, the_last_checkpoint_stays_until_the_next_is_there) {
  if (GetParam().resumable.empty())
    GTEST_SKIP() << "no checkpoint";
  learn("", 0);
  const Out out(out_.file("out"));
  const auto kept = in_.file("kept"), checkpoint = out.file(GetParam().resumable.front());
  leave_a_checkpoint();
  std::filesystem::copy(out.path, kept, std::filesystem::copy_options::recursive);
  const auto go_on = [&](int kinds, long at, int error, int mode) {
    std::filesystem::remove_all(out.path);
    std::filesystem::copy(kept, out.path, std::filesystem::copy_options::recursive);
    failing_calls_arm(out.path.c_str(), kinds, at, error, mode);
    const auto outcome = run(arguments());
    return std::pair(outcome, failing_calls_disarm());
  };
  for (const int kinds : {failing_create | failing_write, failing_sync | failing_rename}) {
    const auto [whole_run, calls] = go_on(kinds, 0, 0, failing_once);
    EXPECT_EQ(whole_run.code, 0) << whole_run.text();
    for (long at = 1; at <= calls; at += std::max(1L, calls / cases(most_runs))) {
      const auto outcome = go_on(kinds, at, EIO, failing_forever).first;
      if (outcome.code == 0)
        continue;
      EXPECT_TRUE(is_there(out, GetParam().exact.front()) || run({"inspect", checkpoint}).code == 0)
          << GetParam().title << ": call " << at << " of kinds " << kinds << '\n'
          << outcome.text();
      ++runs_;
    }
  }
  EXPECT_GT(runs_, 0);
  figure("failing_calls", runs_);
}

INSTANTIATE_TEST_SUITE_P(commands, FailingCalls, testing::ValuesIn(commands()), [](const auto& command) {
  auto name = command.param.title;
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == '-' || c == ' '; }, '_');
  return name;
});

} // namespace
} // namespace soapstone::faults
