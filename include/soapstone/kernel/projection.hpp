// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/features/feature_block.hpp"
#include "soapstone/structure/structure.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace soapstone::kernel {

/// Says how far a contraction goes: `width` features, or with width = 0 as many as leave at most this share
/// of the mean squared norm out.
struct ContractionGoal {
  std::int64_t width = 0;
  double residual_variance = 0;
};

/// A linear map of feature rows onto their leading principal components, uncentred since dot products are
/// what kernels are made of: row -> row V with orthonormal columns V, so that no two rows' product changes
/// but by what the components left out carry.
struct Projection {
  features::FeatureLayout layout; ///< of the rows before
  std::int64_t width_in = 0;      ///< layout.total_width()
  std::int64_t width = 0;         ///< features after
  std::vector<double> matrix;     ///< V, width_in x width, column-major
  std::vector<double> variances;  ///< mean squared component over the sample, descending
  double residual_variance = 0;   ///< share of the sample's mean squared norm that is left out
};

/// The principal components of the rows of `sample`. Where both dimensions are much larger than the width
/// they come from a randomised subspace iteration (Halko, Martinsson, Tropp, SIAM Rev. 53, 217 (2011),
/// doi:10.1137/090771806), seeded; otherwise from the dense problem. The width is at most the rank of the
/// sample, or width_in when the sample has at least that many rows. Throws NumericalError for rows that are
/// not finite or all zero. Preconditions: 1 <= goal.width <= total width, or 0 < goal.residual_variance < 1.
Projection fit_projection(const features::FeatureBlock& sample, const features::FeatureLayout& layout,
                          const ContractionGoal& goal, std::uint64_t seed);

/// The rows of `block` times the matrix, as one group with one segment (id 0), structures in order. Segments
/// that are absent cost nothing.
features::FeatureBlock project(const features::FeatureBlock& block, const Projection& projection);

/// Computes project() for structures. compute(first, some) gives the full features of a few at a time, so
/// that these never exist for all structures.
features::FeatureBlock
project_in_batches(const std::function<features::FeatureBlock(std::size_t first, std::size_t some)>& compute,
                   std::span<const structure::Structure> structures, const Projection& projection);

/// The way back of a gradient: adds to the rows of `full`, structures first, first + 1, ... of the block that
/// was projected, those of `projected` times the transposed matrix. Segments that `full` lacks are left out.
void add_transposed(const features::FeatureBlock& projected, std::int64_t first, const Projection& projection,
                    features::FeatureBlock& full);

/// Layout of blocks with one segment.
features::FeatureLayout dense_layout(std::int64_t width);

} // namespace soapstone::kernel
