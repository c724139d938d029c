// SPDX-License-Identifier: BSD-3-Clause
// Whatever the input is: an exit code that says whose fault it is with one message, or outputs in which every
// number is finite.
#include "bad_input.hpp"
#include "certain_code.hpp"
#include "figure.hpp"
#include "in_process.hpp"

#include "soapstone/base/stopwatch.hpp"
#include "soapstone/h5/file.hpp"
#include "soapstone/regression/model.hpp"

#include <nlohmann/json.hpp>

#include <cctype>
#include <cmath>
#include <functional>
#include <map>

#include <gtest/gtest.h>

namespace soapstone::faults {
namespace {

bool all_finite(const std::vector<double>& values) {
  return std::all_of(values.begin(), values.end(), [](double x) { return std::isfinite(x); });
}

/// Of all numbers that a prediction takes.
bool is_finite(const regression::Model& model) {
  bool good = all_finite(model.coefficients) && std::isfinite(model.lambda);
  for (const auto& target : model.targets) {
    good = good && std::isfinite(target.baseline.default_energy());
    for (const auto& [z, energy] : target.baseline.element_energies())
      good = good && std::isfinite(energy);
  }
  return good;
}

bool is_of_a_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

/// Whether nan or inf stands where a number would: with neither letter nor digit beside it. In CSV, tables
/// and columns of extended XYZ.
bool mentions_no_number(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (const std::string word : {"nan", "inf", "infinity"})
    for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
      const auto end = at + word.size();
      if ((at == 0 || !is_of_a_word(text[at - 1])) && (end == text.size() || !is_of_a_word(text[end])))
        return true;
    }
  return false;
}

TEST(NoNumber, is_found_wherever_a_number_may_stand) {
  for (const char* text :
       {"nan", "1,2,nan\n", "energy=inf ", "a=-inf", "H 0.5 nan 0.25\n", "mae   \tNaN  1.0",
        "forces=\"1 -Inf 2\"", "test energy 5    -nan    0.1", "infinity"})
    EXPECT_TRUE(mentions_no_number(text)) << text;
  for (const char* text :
       {"", "information", "Na N 1.5", "nano=1", "run.info", "banana,1", "0.5 infer", "nan_1"})
    EXPECT_FALSE(mentions_no_number(text)) << text;
}

/// A command of the random inputs, with what it takes besides them.
struct Tried {
  const char *name, *output;
  std::vector<std::string> more = {};
};

/// In a report, null stands for what is not known, and for what is not finite with a warning.
bool has_warning_of_numbers(const nlohmann::json& report) {
  for (const auto& warning : report["warnings"])
    if (warning.get<std::string>().find("is not a finite number") != std::string::npos)
      return true;
  return false;
}

class BadInputTest : public testing::Test {
protected:
  std::vector<std::string> line(const std::string& command, const BadInput& input) const {
    std::vector<std::string> words{command,
                                   "--quiet",
                                   "--data.structures",
                                   folder_.file("data.xyz"),
                                   "--report",
                                   folder_.file("r.json"),
                                   "--parallel.memory",
                                   "0.5"};
    for (const auto& [key, value] : input.keys)
      words.insert(words.end(), {"--" + key, value});
    return words;
  }

  /// Runs a command and holds what it leaves to the promise. True if it succeeded.
  bool holds(std::vector<std::string> words, const BadInput& input, const std::string& output) {
    if (is_root())
      for (const auto& old : folder_.names())
        if (old != "data.xyz" && old != "model.h5")
          std::filesystem::remove_all(folder_.file(old));
    all_are_here();
    words.insert(words.end(), {"--output", folder_.file(output)});
    const Stopwatch watch;
    const auto outcome = run(words);
    slowest_ = std::max(slowest_, watch.seconds());
    ++codes_[outcome.code];
    const int certain = words[0] == "predict" ? -1 : certain_code(words[0], input);
    certain_ += certain >= 0 ? 1 : 0;
    std::string shown = words[0] + ":" + input.what;
    for (const auto& [key, value] : input.keys)
      shown += " --" + key + " " + value;
    SCOPED_TRACE(shown + "\n" + input.structures);
    EXPECT_TRUE(certain < 0 || outcome.code == certain)
        << "not exit code " << certain << ": " << outcome.text();
    if (outcome.code != 0) {
      EXPECT_TRUE(outcome.code == 2 || outcome.code == 3 || outcome.code == 4 || outcome.code == 6)
          << outcome.text();
      EXPECT_EQ(parallel::all_reduce(world_, outcome.errors.size()), 1U) << outcome.text();
      EXPECT_TRUE(words[0] == "search" || !std::filesystem::exists(folder_.file(output)))
          << outcome.text(); // a search's table says why there is no point
      return false;
    }
    EXPECT_TRUE(outcome.errors.empty()) << outcome.text();
    all_are_here();
    expect_finite(output);
    EXPECT_FALSE(mentions_no_number(outcome.out)) << outcome.out;
    const auto report = nlohmann::json::parse(content(folder_.file("r.json")), nullptr, false);
    EXPECT_TRUE(!report.is_discarded() && !has_warning_of_numbers(report)) << content(folder_.file("r.json"));
    return true;
  }

  void expect_finite(const std::string& output) {
    const auto path = folder_.file(output == "o.txt" ? "o.ini" : output); // there is a coupling for u alone
    ASSERT_TRUE(std::filesystem::exists(path)) << path;
    const bool good = output == "m.h5"   ? is_finite(regression::read_model(path))
                      : output == "k.h5" ? all_finite(h5::Reader(path).read_doubles("/kernel"))
                      : output == "f.h5" ? all_finite(h5::Reader(path).read_doubles("/features"))
                                         : !mentions_no_number(content(path));
    EXPECT_TRUE(good) << "not all finite: " << output;
  }

  /// The commands that make no model.
  std::vector<Tried> others(std::uint64_t choice) const {
    const std::vector<std::string> two_folds{"--validation.folds", "2", "--checkpoint", folder_.file("c.h5")};
    std::vector<std::string> search = two_folds, optimize = two_folds;
    search.insert(search.end(), {"--soap.cutoff", "2.5,3"});
    optimize.insert(optimize.end(), {"--optimize.iterations", "2", "--optimize.parameters",
                                     choice % 2 == 0 ? "regularization" : "u,scale"});
    return {{"kernel", "k.h5"},
            {"features", "f.h5"},
            {"evaluate", "e.csv", {"--validation.folds", choice % 2 == 0 ? "2" : "loo"}},
            {"search", "s.csv", search},
            {"optimize", "o.txt", optimize},
            {"learning-curve",
             "l.csv",
             {"--data.test", "1", "--learning-curve.sizes", "2,3", "--learning-curve.repeats", "1"}}};
  }

  void try_other(const Tried& command, BadInput input) {
    const std::string name = command.name;
    std::erase_if(
        input.keys, [&](const auto& key) { // those that the command does not take, or has of its own
          return ((key.first.starts_with("data.") || key.first.starts_with("regression.")) && !fits(name)) ||
                 (key.first == "soap.cutoff" && name == "search");
        });
    auto words = line(name, input);
    words.insert(words.end(), command.more.begin(), command.more.end());
    holds(words, input, command.output);
  }

  /// Trains, or what else the case says, and predicts another input by the model.
  void try_case(const BadInput& input, const BadInput& other, std::uint64_t choice) {
    write(folder_.file("data.xyz"), input.structures);
    const auto commands = others(choice / 9);
    if (choice % 9 < commands.size())
      return try_other(commands[choice % 9], input);
    auto words = line("train", input);
    if (choice % 9 == 7)
      words.insert(words.end(), {"--regression.solver", "cg"});
    if (choice % 9 == 8)
      words.insert(words.end(), {"--regression.solver", "primal"});
    if (!holds(words, input, "m.h5"))
      return;
    all_are_here();
    if (is_root())
      std::filesystem::rename(folder_.file("m.h5"), folder_.file("model.h5"));
    write(folder_.file("data.xyz"), other.structures);
    words = {"predict",           "--quiet",
             "--model",           folder_.file("model.h5"),
             "--data.structures", folder_.file("data.xyz"),
             "--report",          folder_.file("r.json"),
             "--skip-unknown"};
    const bool xyz = choice / 9 % 2 == 0;
    if (xyz)
      words.emplace_back("--predict.per-atom");
    holds(words,
          {other.what + " by a model of:" + input.what,
           input.structures + "-- predicted:\n" + other.structures, input.keys},
          xyz ? "p.xyz" : "p.csv");
  }

  const parallel::Communicator world_ = parallel::Communicator::world();
  Folder folder_;
  std::map<int, int> codes_;
  int failed_ = 0, certain_ = 0;
  double slowest_ = 0;
};

TEST_F(BadInputTest, random_inputs) {
  const auto number = [](const char* name, std::uint64_t otherwise) {
    const char* text = std::getenv(name);
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
  };
  const auto alone = number("SOAPSTONE_FAULT_SEED", 0); // to see one case again
  const auto first = alone > 0 ? alone : number("SOAPSTONE_FAULT_FIRST", 1);
  const int count = alone > 0 ? 1 : cases(world_.size() == 1 ? 250 : 60);
  for (std::uint64_t seed = first; seed < first + static_cast<std::uint64_t>(count); ++seed) {
    SCOPED_TRACE("SOAPSTONE_FAULT_SEED=" + std::to_string(seed));
    BadInputs inputs(seed);
    const auto input = inputs.next(), other = inputs.next();
    try_case(input, other, seed);
    if (parallel::all_reduce(world_, HasFailure() ? 1 : 0, MPI_MAX) != 0 && ++failed_ >= 5)
      break;
  }
  if (!is_root())
    return;
  std::printf("%d inputs:", count);
  for (const auto& [code, runs] : codes_)
    std::printf(" exit code %d %d times,", code, runs);
  std::printf(" slowest run %.2f s; %d with one exit code that is right\n", slowest_, certain_);
  EXPECT_TRUE(alone > 0 || HasFailure() || certain_ > count / 10);
  figure("bad_inputs", count);
  figure("bad_inputs_of_known_code", certain_);
  figure("bad_input_seconds", slowest_);
  EXPECT_LT(slowest_, 60.0);
}

/// What the third of six molecules is made of, and what comes of training on them.
struct Known {
  const char* what;
  std::function<void(Draft&)> change;
  int code;
  std::vector<std::string> keys = {};
};

TEST_F(BadInputTest, known_cases) {
  const auto coordinate = [](const char* x) { return [x](Draft& one) { one.positions[1][2] = x; }; };
  const auto energy = [](const char* y) { return [y](Draft& one) { one.energy = y; }; };
  const auto cell = [](const char* text) {
    return [text](Draft& one) { one.cell = std::string("Lattice=\"") + text + "\""; };
  };
  const auto nothing = [](Draft&) {};
  const std::vector<Known> known{
      {"nothing", nothing, 0},
      {"NaN in a position", coordinate("nan"), 3},
      {"infinite position", coordinate("-inf"), 3},
      {"position 1e308", coordinate("1e308"), 3},
      {"position beyond doubles", coordinate("1e400"), 3},
      {"denormal position", coordinate("4.9e-324"), 0},
      {"position far away", coordinate("1e8"), 0},
      {"NaN in a cell", cell("nan 0 0 0 5 0 0 0 5"), 3},
      {"infinite cell", cell("inf 0 0 0 5 0 0 0 5"), 3},
      {"cell 1e308", cell("1e308 0 0 0 1e308 0 0 0 1e308"), 3},
      {"denormal cell", cell("1e-310 0 0 0 5 0 0 0 5"), 3},
      {"cell without volume", cell("5 0 0 0 5 0 5 5 0"), 3},
      {"cell full of atoms", cell("0.05 0 0 0 0.05 0 0 0 0.05"), 3},
      {"NaN energy", energy("nan"), 3},
      {"infinite energy", energy("inf"), 3},
      {"energy 1e308", energy("1e308"), 3},
      {"denormal energy", energy("1e-310"), 0},
      {"atoms at the same place", [](Draft& one) { one.positions[1] = one.positions[0]; }, 3},
      {"lambda 0", nothing, 0, {"--regression.regularization", "0"}},
      {"lambda NaN", nothing, 2, {"--regression.regularization", "nan"}},
      {"lambda 1e-300", nothing, 0, {"--regression.regularization", "1e-300"}},
      {"lambda 1e300", nothing, 0, {"--regression.regularization", "1e300"}},
      {"lambda 0 by iteration",
       nothing,
       2,
       {"--regression.regularization", "0", "--regression.solver", "cg"}},
  };
  for (const auto& [what, change, code, keys] : known) {
    CounterRandom random(7);
    BadInput input{what, "", {{"soap.n-max", "3"}, {"soap.l-max", "2"}, {"soap.cutoff", "3"}}};
    for (int i = 0; i < 6; ++i) {
      Draft one = BadInputs::draft(random_chain(random));
      if (i == 2)
        change(one);
      input.structures += one.text();
    }
    write(folder_.file("data.xyz"), input.structures);
    auto words = line("train", input);
    words.insert(words.end(), keys.begin(), keys.end());
    codes_.clear();
    holds(words, input, "m.h5");
    EXPECT_EQ(codes_.begin()->first, code) << what;
  }
}

TEST_F(BadInputTest, duplicates_and_constants) {
  CounterRandom random(8);
  const auto train = [&](const std::vector<Draft>& drafts, const char* lambda) {
    BadInput input{"", "", {{"soap.n-max", "3"}, {"soap.l-max", "2"}, {"regression.regularization", lambda}}};
    for (const auto& one : drafts)
      input.structures += one.text();
    write(folder_.file("data.xyz"), input.structures);
    codes_.clear();
    holds(line("train", input), input, "m.h5");
    return codes_.begin()->first;
  };
  std::vector<Draft> drafts;
  for (int i = 0; i < 6; ++i)
    drafts.push_back(BadInputs::draft(random_chain(random)));
  for (auto& one : drafts)
    one.energy = "0";
  EXPECT_EQ(train(drafts, "1e-8"), 0) << "constant targets";
  for (const double shift : {0.0, 1e-13, 1e-9}) {
    auto twice = drafts;
    twice.push_back(drafts[2]);
    twice.back().positions[1][1] = format("%.17g", *parse_double(drafts[2].positions[1][1]) + shift);
    EXPECT_EQ(train(twice, "1e-8"), 0) << "duplicate " << shift;
    EXPECT_EQ(train(twice, "0"), 4) << "duplicate " << shift;
  }
}

} // namespace
} // namespace soapstone::faults
