// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/base/units.hpp"

#include "soapstone/base/error.hpp"
#include "soapstone/base/text.hpp"

namespace soapstone {

double energy_unit_in_ev(std::string_view unit) {
  const std::string name = to_lower(unit);
  if (name == "ev")
    return 1.0;
  if (name == "mev")
    return 1e-3;
  if (name == "hartree" || name == "ha")
    return hartree_in_ev;
  if (name == "kcal/mol")
    return kcal_per_mol_in_ev;
  if (name == "kj/mol")
    return kj_per_mol_in_ev;
  throw ConfigError("unknown energy unit '" + std::string(unit) +
                        "': use eV, meV, hartree, kcal/mol or kJ/mol",
                    "data.target-unit");
}

} // namespace soapstone
