// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/features/feature_block.hpp"
#include "soapstone/linalg/matrix_view.hpp"

#include <cstdint>
#include <vector>

namespace soapstone::kernel {

class PairwiseCoupling;

/// Scratch of average_kernel_tile, kept between calls so that no tile allocates.
struct TileWorkspace {
  std::vector<double> products; ///< environments x environments of one sub-tile
  std::vector<double> sums;     ///< one per row environment
  features::FeatureGroup image; ///< of column environments, for one group of rows
};

/// Average structure kernel between the structures of two feature blocks made with the same settings (eqs.
/// 10, 11 of Willatt, Musil, Ceriotti, PCCP 20, 29661 (2018)):
///     out(A, B) += weight / (N_A N_B) sum_{j in A, k in B} (p_j . p_k)^zeta
/// out is rows.structures x cols.structures; zeta >= 1. Only segments
/// that both sides occupy are multiplied; with a coupling, for the features that it makes, each group of rows
/// with the images of all columns. Returns the floating-point operations of its matrix products.
double average_kernel_tile(const features::FeatureBlock& rows, const features::FeatureBlock& cols, int zeta,
                           double weight, linalg::MatrixView<double> out, TileWorkspace& workspace,
                           const PairwiseCoupling* coupling = nullptr);

/// Replaces the environments of every structure by their mean, one row per structure: for zeta = 1 the
/// average kernel is the plain dot product of these. A part of a structure gives its contribution to the
/// mean.
features::FeatureBlock structure_means(const features::FeatureBlock& block);

} // namespace soapstone::kernel
