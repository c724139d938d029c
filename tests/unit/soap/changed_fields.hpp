// SPDX-License-Identifier: BSD-3-Clause
#pragma once
// Parameters that differ in one field, for tests that none is forgotten.

#include "soapstone/soap/parameters.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace soapstone::soap::testing {

inline void change(double& value) {
  value *= 1.0625;
}
inline void change(int& value) {
  --value;
}
inline void change(bool& value) {
  value = !value;
}
inline void change(RadialBasis& value) {
  const auto bases = 1 + std::count(radial_basis_names.begin(), radial_basis_names.end(), '|');
  value = static_cast<RadialBasis>((static_cast<int>(value) + 1) % bases);
}

/// For every field, parameters with another value of this field alone.
inline std::vector<std::pair<Field, SoapParameters>> changed_fields(const SoapParameters& from) {
  std::vector<std::pair<Field, SoapParameters>> changed;
  for_each_field([&](const Field& field, const auto&) { changed.emplace_back(field, from); }, from);
  for (auto& [field, parameters] : changed)
    for_each_field(
        [&, name = field.name](const Field& other, auto& value) {
          if (other.name == name)
            change(value);
        },
        parameters);
  return changed;
}

} // namespace soapstone::soap::testing
