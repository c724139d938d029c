// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/structure/structure.hpp"

#include <cmath>
#include <string>

namespace soapstone::structure {

/// a . b
inline double dot(const Vec3& a, const Vec3& b) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
/// |a|
inline double norm(const Vec3& a) {
  return std::sqrt(dot(a, a));
}
/// a x b
inline Vec3 cross(const Vec3& a, const Vec3& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}

/// Why the cell's periodic vectors span no lattice (not finite, zero, collinear, coplanar), or an empty
/// string where they do.
std::string cell_defect(const Cell& cell);

/// The cell with each vector that does not repeat replaced by a unit vector orthogonal to all others, so that
/// fractional coordinates exist whatever the cell is. Precondition: no defect.
std::array<Vec3, 3> completed_vectors(const Cell& cell);

/// Rows b_k with b_k · a_l = δ_kl: fractional coordinates of r are b_k · r, the distance between lattice
/// planes along k is 1 / |b_k|.
std::array<Vec3, 3> reciprocal_vectors(const std::array<Vec3, 3>& vectors);

} // namespace soapstone::structure
