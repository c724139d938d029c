// SPDX-License-Identifier: BSD-3-Clause
// Small made-up molecules in extended XYZ.
#pragma once

#include "soapstone/base/random.hpp"
#include "soapstone/base/text.hpp"

#include <array>
#include <string>
#include <vector>

namespace soapstone::faults {

struct Atom {
  std::string symbol;
  std::array<double, 3> at{};
};

/// A chain of a few atoms, bent at random.
inline std::vector<Atom> random_chain(CounterRandom& random) {
  std::vector<Atom> atoms;
  const std::array<const char*, 3> symbols{"H", "C", "O"};
  const auto count = 2 + random.below(4);
  for (std::uint64_t a = 0; a < count; ++a)
    atoms.push_back({symbols[random.below(3)],
                     {1.2 * static_cast<double>(a), 0.6 * random.uniform(), 0.6 * random.uniform()}});
  return atoms;
}

/// Energies of every atom, and a smooth function of where it is.
inline double made_up_energy(const std::vector<Atom>& atoms) {
  double energy = 0;
  for (const auto& atom : atoms)
    energy += (atom.symbol == "H"   ? -13.0
               : atom.symbol == "C" ? -1030.0
                                    : -2040.0) +
              0.3 * atom.at[1] - 0.2 * atom.at[2] * atom.at[2];
  return energy;
}

inline std::string frame(const std::vector<Atom>& atoms, const std::string& comment) {
  std::string text = std::to_string(atoms.size()) + "\n" + comment + "\n";
  for (const auto& [symbol, at] : atoms)
    text += symbol + format(" %.17g %.17g %.17g\n", at[0], at[1], at[2]);
  return text;
}

inline std::string energy_comment(double energy) {
  return format("Properties=species:S:1:pos:R:3 energy=%.17g", energy);
}

inline std::string molecules(int count, std::uint64_t seed) {
  CounterRandom random(seed);
  std::string text;
  for (int i = 0; i < count; ++i) {
    const auto atoms = random_chain(random);
    text += frame(atoms, energy_comment(made_up_energy(atoms)));
  }
  return text;
}

} // namespace soapstone::faults
