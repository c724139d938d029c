// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/features/feature_block.hpp"

#include <cstdint>
#include <functional>
#include <vector>

namespace soapstone::kernel {

/// dL/dK of a function L of the kernel matrix, symmetric and of low rank:
///     W = -1/2 sum_c (a_c b_c^T + b_c a_c^T) + diagonal I,   dL = sum_AB W_AB dK_AB.
struct KernelSensitivity {
  std::int64_t structures = 0, columns = 0;
  std::vector<double> a, b; ///< structures x columns, column-major, the same on all ranks
  double diagonal = 0;
};

/// Uses the gradient in the features of block b, one of this rank's own. It may come in parts, which add up.
using UseGradient = std::function<void(std::int64_t b, const features::FeatureBlock& gradient)>;

} // namespace soapstone::kernel
