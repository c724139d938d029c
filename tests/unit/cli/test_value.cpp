// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/cli/value.hpp"

#include "expect_config_error.hpp"

namespace soapstone::cli {
namespace {

void accepts(const std::string& key, const std::vector<std::string>& values) {
  for (const auto& value : values)
    EXPECT_NO_THROW(check_value({key, value, "f:1"}, option_named(key))) << key << " = " << value;
}

void refuses(const std::string& key, const std::string& expected, const std::vector<std::string>& values) {
  for (const auto& value : values)
    expect_config_error(
        [&] {
          check_value({key, value, "f:1"}, option_named(key));
        },
        key, "f:1", {key + " = " + value + ": expected " + expected});
}

TEST(Value, numbers_are_strict_finite_and_in_range) {
  accepts("soap.cutoff", {"5", "5.0", "+5e0", ".5", "1e-3"});
  refuses("soap.cutoff", "a number > 0",
          {"0", "-1", "5 Å", "5,0", "", "nan", "inf", "1e999", "0x5", "five", "5.0.0"});
  accepts("soap.cutoff-width", {"0", "0.5"});
  refuses("soap.cutoff-width", "a number >= 0", {"-0.1"});
  refuses("soap.gaussian-width", "a number > 0", {"0"});
  refuses("radial-scaling.scale", "a number > 0", {"0", "-2"});
  refuses("radial-scaling.exponent", "a number >= 0", {"-7"});
  refuses("regression.regularization", "a number >= 0", {"-1e-8"});
  accepts("regression.regularization", {"0", "1e-12"});
}

TEST(Value, integers_are_strict_and_in_range) {
  accepts("soap.n-max", {"1", "14", "+3"});
  refuses("soap.n-max", "an integer >= 1",
          {"0", "-1", "8.0", "1e1", "", "99999999999", "99999999999999999999"});
  accepts("soap.l-max", {"0"});
  refuses("soap.l-max", "an integer >= 0", {"-1"});
  refuses("kernel.zeta", "an integer >= 1", {"0", "1.5"});
  accepts("validation.folds", {"2"});
  refuses("validation.folds", "an integer >= 2", {"1", "0"});
  accepts("data.train", {"all", "ALL", "1", "100000"});
  refuses("data.train", "an integer >= 1 or all", {"0", "-5", "most"});
  accepts("data.test", {"0", "3000000000"});
  refuses("data.test", "an integer >= 0", {"-1", "all"});
  accepts("data.seed", {"0", "9223372036854775807"});
  refuses("data.seed", "an integer >= 0", {"-1", "9223372036854775808"});
  accepts("species.channels", {"all", "4"});
  refuses("species.channels", "an integer >= 1", {"0", "none"});
  accepts("parallel.block-size", {"auto", "128"});
  refuses("parallel.block-size", "an integer >= 1", {"0"});
  refuses("parallel.blas-threads", "an integer >= 1", {"0", "auto"});
  refuses("parallel.memory", "a number >= 0", {"-1"});
}

TEST(Value, booleans) {
  const Option& option = option_named("soap.normalize");
  for (const char* yes : {"true", "yes", "on", "1", "True", "YES"})
    EXPECT_TRUE(as_boolean({"k", yes, ""}, option));
  for (const char* no : {"false", "no", "off", "0", "FALSE", "Off"})
    EXPECT_FALSE(as_boolean({"k", no, ""}, option));
  refuses("soap.normalize", "true or false", {"2", "", "ja", "truee"});
  refuses("quiet", "true or false", {"maybe"});
}

TEST(Value, words_in_any_case_with_a_suggestion) {
  EXPECT_EQ(as_word({"data.target-unit", "EV", ""}, option_named("data.target-unit")), "eV");
  EXPECT_EQ(as_word({"data.target-unit", "kcal/MOL", ""}, option_named("data.target-unit")), "kcal/mol");
  refuses("data.target-unit", "eV, meV, hartree, kcal/mol or kJ/mol", {"Ry", ""});
  for (const char* hartree : {"Ha", "Eh", "au"}) // suggesting eV would spoil the model
    try {
      as_word({"data.target-unit", hartree, ""}, option_named("data.target-unit"));
      FAIL() << hartree;
    } catch (const ConfigError& error) {
      EXPECT_THAT(error.what(), testing::Not(testing::HasSubstr("did you mean"))) << hartree;
    }
  refuses("data.target-scope", "total or per-atom", {"peratom"});
  expect_config_error(
      [] {
        check_value({"data.baseline", "atom", "f:1"}, option_named("data.baseline"));
      },
      "data.baseline", "f:1", {"did you mean 'atoms'?"});
  accepts("soap.body-order", {"2", "3"});
  refuses("soap.body-order", "2 or 3", {"4", "1", "3.0"});
  accepts("species.normalize", {"after", "before"});
  refuses("species.normalize", "after or before", {"never"});
  accepts("species.form", {"auto", "channels", "sparse"});
  accepts("data.format", {"auto", "extxyz", "qm9"});
  refuses("data.format", "auto, extxyz or qm9", {"xyz2"});
}

TEST(Value, coupling_is_a_word_or_a_file) {
  accepts("species.coupling", {"none", "gaussian", "u.h5", "couplings/u", "./gausian", "alchemy"});
  expect_config_error(
      [] {
        check_value({"species.coupling", "gausian", "f:1"}, option_named("species.coupling"));
      },
      "species.coupling", "f:1", {"did you mean 'gaussian'?", "./gausian"});
}

TEST(Value, elements) {
  EXPECT_EQ(as_elements({"k", "O,H, C", ""}, option_named("species.elements")), (std::vector<int>{1, 6, 8}));
  refuses("species.elements", "chemical symbols", {"H,,C", "H,Hx", "h", "1,6", "H C", "H,"});
  expect_config_error(
      [] {
        check_value({"species.elements", "H,C,H", "f:1"}, option_named("species.elements"));
      },
      "species.elements", "f:1", {"H is given twice"});
}

TEST(Value, element_values) {
  accepts("species.electronegativity", {"He:4.16", "He:4.16, Ne:4.79,Ar:3.24"});
  refuses("species.radius", "symbol:value pairs", {"He", "He:x", "He:1,", "Q:1", "He:inf"});
}

TEST(Value, atom_energies) {
  const auto energies = as_element_values({"k", "H:-0.5,C:-37.8", ""}, option_named("data.atom-energy"));
  EXPECT_EQ(energies, (std::map<int, double>{{1, -0.5}, {6, -37.8}}));
  refuses("data.atom-energy", "symbol:energy pairs",
          {"H", "H:", "H:-0.5,", "H:x", "H:nan", "Q:1", "H=1", "H:1:2"});
  expect_config_error(
      [] {
        check_value({"data.atom-energy", "H:1,H:2", "f:1"}, option_named("data.atom-energy"));
      },
      "data.atom-energy", "f:1", {"H is given twice"});
}

TEST(Value, sizes_of_training_sets) {
  const Option& option = option_named("learning-curve.sizes");
  const auto sizes = [&](const char* text) { return as_sizes({"k", text, ""}, option); };
  EXPECT_EQ(sizes("100"), (std::vector<std::int64_t>{100}));
  EXPECT_EQ(sizes("400, 100,200"), (std::vector<std::int64_t>{100, 200, 400}));
  EXPECT_EQ(sizes("100:1000:log4"), (std::vector<std::int64_t>{100, 215, 464, 1000}));
  EXPECT_EQ(sizes("1:3:log9"), (std::vector<std::int64_t>{1, 2, 3}));
  EXPECT_EQ(sizes("10:40:4"), (std::vector<std::int64_t>{10, 20, 30, 40}));
  accepts("learning-curve.sizes", {"auto", "7", "1,2"});
  refuses("learning-curve.sizes", "integers >= 1 as a,b,c",
          {"0", "-5", "1.5", "x", "10,0", "0:10:3", "10,x", "1,2.5", "9999999999"});
  refuses("learning-curve.sizes", "lo:hi:n (n >= 2)", {"10,20,10", "1:2", "1:10:1", "0:10:log3", "a:b:c"});
}

TEST(Value, contraction_and_grid) {
  accepts("soap.contraction", {"none", "1", "512", "0.01", "1e-4"});
  refuses("soap.contraction", "an integer >= 1", {"0", "-3", "1.5", "all", "0.0"});
  accepts("parallel.grid", {"auto", "2x4", "1X1"});
  refuses("parallel.grid", "ROWSxCOLUMNS such as 2x4 or auto",
          {"2", "2x", "x2", "0x2", "2x2x2", "2*2", "-1x2"});
}

} // namespace
} // namespace soapstone::cli
