// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/base/units.hpp"

#include "soapstone/base/error.hpp"
#include "soapstone/base/text.hpp"

#include <string>

namespace soapstone {

namespace {

struct EnergyUnit {
  std::string_view lower, name;
  double in_ev;
};

constexpr EnergyUnit energy_units[] = {{"ev", "eV", 1.0},
                                       {"mev", "meV", 1e-3},
                                       {"hartree", "hartree", hartree_in_ev},
                                       {"ha", "hartree", hartree_in_ev},
                                       {"kcal/mol", "kcal/mol", kcal_per_mol_in_ev},
                                       {"kj/mol", "kJ/mol", kj_per_mol_in_ev}};

const EnergyUnit* find(std::string_view unit) {
  const std::string lower = to_lower(unit);
  for (const auto& known : energy_units)
    if (known.lower == lower)
      return &known;
  return nullptr;
}

} // namespace

double energy_unit_in_ev(std::string_view unit) {
  if (const auto* known = find(unit))
    return known->in_ev;
  throw ConfigError("unknown energy unit '" + std::string(unit) +
                        "': use eV, meV, hartree, kcal/mol or kJ/mol",
                    "target_unit");
}

std::string_view energy_unit_name(std::string_view unit) {
  const auto* known = find(unit);
  return known ? known->name : std::string_view{};
}

} // namespace soapstone
