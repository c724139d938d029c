// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/features/feature_block.hpp"
#include "soapstone/kernel/kernel_sensitivity.hpp"

#include <vector>

namespace soapstone::kernel {

/// A block of features all zero, with the segments and rows of `like`.
features::FeatureBlock zero_like(const features::FeatureBlock& like);

/// sum_j gradient_j . p_j over all rows of two blocks that are alike.
double inner_product(const features::FeatureBlock& gradient, const features::FeatureBlock& features);

/// Adds to `gradient` (like `rows`) what one tile of the kernel contributes: dL/dp_j += 2 sum_k M_jk p_k for
/// the environments j of `rows` and k of `cols`, whose structures are numbered from `first_row` and
/// `first_col` in the sensitivity. `products` is scratch.
void add_tile_gradient(const features::FeatureBlock& rows, std::int64_t first_row,
                       const features::FeatureBlock& cols, std::int64_t first_col,
                       const KernelSensitivity& sensitivity, int zeta, double weight,
                       std::vector<double>& products, features::FeatureBlock& gradient);

} // namespace soapstone::kernel
