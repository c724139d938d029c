// SPDX-License-Identifier: BSD-3-Clause
#include "jacobi.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

namespace soapstone::soap {

namespace {

constexpr int most_sweeps = 60; // about ten are enough for any matrix
constexpr double negligible = 1e-17;

/// Rotation of the rows (or columns) p and q by c, s: x_p' = c x_p - s x_q, x_q' = s x_p + c x_q.
struct Rotation {
  std::size_t p, q;
  double c, s;
  void apply(double& x_p, double& x_q) const {
    const double before = x_p;
    x_p = c * before - s * x_q;
    x_q = s * before + c * x_q;
  }
};

/// The rotation that makes the element (p, q) zero.
Rotation annihilating(const std::vector<double>& a, std::size_t n, std::size_t p, std::size_t q) {
  const double tau = (a[q * n + q] - a[p * n + p]) / (2 * a[p * n + q]);
  const double t = (tau >= 0 ? 1 : -1) / (std::abs(tau) + std::hypot(1.0, tau));
  const double c = 1 / std::hypot(1.0, t);
  return {p, q, c, t * c};
}

void rotate(std::vector<double>& a, std::vector<double>& vectors, std::size_t n, const Rotation& rotation) {
  for (std::size_t i = 0; i < n; ++i) {
    rotation.apply(a[i * n + rotation.p], a[i * n + rotation.q]);
    rotation.apply(vectors[rotation.p * n + i], vectors[rotation.q * n + i]);
  }
  for (std::size_t i = 0; i < n; ++i)
    rotation.apply(a[rotation.p * n + i], a[rotation.q * n + i]);
  a[rotation.p * n + rotation.q] = a[rotation.q * n + rotation.p] = 0;
}

/// Returns whether anything was left to rotate.
bool sweep(std::vector<double>& a, std::vector<double>& vectors, std::size_t n) {
  bool rotated = false;
  for (std::size_t p = 0; p < n; ++p)
    for (std::size_t q = p + 1; q < n; ++q) {
      const double scale = std::sqrt(std::abs(a[p * n + p] * a[q * n + q]));
      if (std::abs(a[p * n + q]) <= negligible * scale || a[p * n + q] == 0)
        continue;
      rotate(a, vectors, n, annihilating(a, n, p, q));
      rotated = true;
    }
  return rotated;
}

} // namespace

SymmetricEigen eigen_symmetric(std::vector<double> matrix, int order) {
  const auto n = static_cast<std::size_t>(order);
  std::vector<double> vectors(n * n, 0.0);
  for (std::size_t i = 0; i < n; ++i)
    vectors[i * n + i] = 1;
  for (int count = 0; count < most_sweeps && sweep(matrix, vectors, n);)
    ++count;
  std::vector<std::size_t> by_value(n);
  std::iota(by_value.begin(), by_value.end(), std::size_t{0});
  std::stable_sort(by_value.begin(), by_value.end(),
                   [&](std::size_t i, std::size_t j) { return matrix[i * n + i] > matrix[j * n + j]; });
  SymmetricEigen result;
  for (const std::size_t i : by_value) {
    result.values.push_back(matrix[i * n + i]);
    result.vectors.insert(result.vectors.end(), vectors.begin() + static_cast<std::ptrdiff_t>(i * n),
                          vectors.begin() + static_cast<std::ptrdiff_t>((i + 1) * n));
  }
  return result;
}

} // namespace soapstone::soap
