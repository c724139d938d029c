// SPDX-License-Identifier: BSD-3-Clause
// A configuration file, given to every command that takes one.
#include "target.hpp"

#include "soapstone/base/error.hpp"
#include "soapstone/cli/configuration.hpp"

#include <cmath>

namespace soapstone::fuzz {

namespace {

std::string current; // FileText is a plain function

void require_sound(const options::Configuration& configuration) {
  require(!configuration.kernels.empty(), "a kernel");
  for (const auto& kernel : configuration.kernels) {
    kernel.soap.validate();
    require(kernel.zeta >= 1 && std::isfinite(kernel.weight), "an exponent and a finite weight");
  }
  for (const double lambda : configuration.regularizations)
    require(std::isfinite(lambda) && lambda >= 0, "regularizations that are finite and not negative");
  for (const auto& [z, energy] : configuration.data.atom_energies)
    require(z >= 1 && z <= 118 && std::isfinite(energy), "finite energies of elements");
  require(configuration.data.test >= 0 && configuration.data.train.value_or(1) >= 0, "counts of structures");
  require(configuration.validation.folds >= 0, "a number of folds");
}

/// What a configuration says of itself makes the same configuration.
void require_round_trip(const options::Configuration& configuration) {
  if (!configuration.ranges.empty())
    return; // one point at a time
  const auto copy = cli::with_values(configuration, {});
  require(copy.effective.size() == configuration.effective.size(), "as many keys again");
  for (std::size_t i = 0; i < copy.effective.size(); ++i)
    require(copy.effective[i].key == configuration.effective[i].key &&
                copy.effective[i].value == configuration.effective[i].value,
            "the same keys again");
}

Verdict try_command(const std::string& command) {
  cli::Invocation invocation;
  try {
    invocation =
        cli::parse_invocation({command, "--config", "in.ini"}, [](const std::string&) { return current; });
  } catch (const ConfigError& error) {
    require_clear(error.what(), current);
    return Verdict::refused;
  }
  try {
    require_sound(invocation.configuration);
    require_round_trip(invocation.configuration);
  } catch (const ConfigError& error) {
    throw Broken(std::string("what was accepted is refused: ") + error.what());
  }
  return Verdict::accepted;
}

} // namespace

Verdict try_input(const std::string& input) {
  current = input;
  Verdict verdict = Verdict::refused;
  for (const char* command : {"train", "predict", "evaluate", "search", "optimize", "learning-curve"})
    if (try_command(command) == Verdict::accepted)
      verdict = Verdict::accepted;
  return verdict;
}

std::vector<std::string> made_seeds() {
  return {};
}

std::vector<std::string> words() {
  return {"[soap]",
          "[kernel.2.soap]",
          "[kernel.99999999999999999999]",
          "n-max = 8",
          "cutoff = 1:5:100000",
          "1:5:log3",
          "1e308",
          "1e400",
          "nan",
          "inf",
          "-1",
          "99999999999999999999",
          "#",
          ";",
          "\"",
          "=",
          "[",
          "]",
          "\n",
          "\r\n",
          ".",
          "atom-energy = H:-0.5,C:-37.8",
          "structures = a.xyz",
          "sizes = 10:1000:log5",
          "a,b,c",
          "0.3,0.3",
          "true",
          "2x3",
          "parameters = scale",
          "\xEF\xBB\xBF",
          "contraction = 0.5",
          "elements = H,C,N"};
}

} // namespace soapstone::fuzz
