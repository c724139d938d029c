// SPDX-License-Identifier: BSD-3-Clause
#pragma once
// Rows of features for the tests of this room, beside the molecules of the tests of `soap`.

#include "../soap/support.hpp"
#include "soapstone/features/calculator.hpp"

#include <vector>

namespace soapstone::features::testing {

using namespace soap::testing;

inline std::vector<double> dense_features(const SoapCalculator& calculator, const Structure& structure) {
  return to_dense(calculator.compute({&structure, 1}), calculator.layout());
}

} // namespace soapstone::features::testing
