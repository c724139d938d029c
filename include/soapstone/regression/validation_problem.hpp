// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/regression/baseline.hpp"
#include "soapstone/regression/folds.hpp"
#include "soapstone/regression/name_structure.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace soapstone::regression {

/// Holds what is cross-validated. Structures stand in the order of the kernel, fold after fold.
struct ValidationProblem {
  std::span<const structure::Structure> structures;
  const std::vector<std::vector<double>>& energies; ///< [target][structure], eV per structure
  const Folds& folds;                               ///< offsets; `order` is not looked at
  BaselineFit baseline;                             ///< fitted for each fold to the structures outside it
  NameStructure name;
  std::span<const std::uint8_t> left_out = {}; ///< of each structure: its own error does not count; or empty
};

} // namespace soapstone::regression
