// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "sample_matrix.hpp"

#include <cstdint>
#include <vector>

namespace soapstone::kernel {

/// Columns of length `rows`, column-major.
struct Columns {
  std::int64_t rows = 0, count = 0;
  std::vector<double> values;
};

/// An orthonormal basis of the span of the columns, from the eigenvectors of their Gram matrix (Stathopoulos
/// and Wu, SIAM J. Sci. Comput. 23, 2165 (2002)): directions below rounding are dropped, so that there may be
/// fewer columns than before. `passes` = 2 makes them orthonormal to rounding, 1 is enough on the way.
void orthonormalize(Columns& columns, int passes);

/// Leading directions of a sample in feature space.
struct PrincipalDirections {
  Columns vectors;               ///< features x count, orthonormal, in the order of their variances
  std::vector<double> variances; ///< mean squared projection of the sample's rows, descending
};

/// At least `wanted` directions, the leading ones accurately, if the sample has so many; fewer if not. Dense
/// if a subspace somewhat larger than `wanted` is already the whole space.
PrincipalDirections principal_directions(const SampleMatrix& sample, std::int64_t wanted, std::uint64_t seed);

} // namespace soapstone::kernel
