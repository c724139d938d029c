// SPDX-License-Identifier: BSD-3-Clause
#include "subspace.hpp"

#include "soapstone/base/random.hpp"
#include "soapstone/linalg/blas.hpp"

#include <algorithm>
#include <cmath>

namespace soapstone::kernel {

using linalg::Op;
using linalg::Triangle;

namespace {

// Halko, Martinsson, Tropp recommend one or two power iterations for slowly decaying spectra; features decay
// so slowly at the tail that a third still gains a little variance.
constexpr int power_iterations = 3;
constexpr double rank_tolerance = 1e-15; // of Gram matrices with a unit diagonal

/// Columns beyond the wanted ones, so that these are accurate.
std::int64_t with_oversampling(std::int64_t wanted) {
  return wanted + std::max<std::int64_t>(20, wanted / 8);
}

std::vector<double> identity(std::int64_t n) {
  std::vector<double> values(static_cast<std::size_t>(n * n), 0.0);
  for (std::int64_t i = 0; i < n; ++i)
    values[static_cast<std::size_t>(i * (n + 1))] = 1.0;
  return values;
}

/// values (rows x old) times factor (old x count, leading dimension old).
Columns product(const Columns& columns, const double* factor, std::int64_t count) {
  Columns result{columns.rows, count, std::vector<double>(static_cast<std::size_t>(columns.rows * count))};
  linalg::gemm(Op::none, Op::none, 1.0, {columns.values.data(), columns.rows, columns.count},
               {factor, columns.count, count}, 0.0, {result.values.data(), columns.rows, count});
  return result;
}

std::vector<double> gram(const Columns& columns) {
  const auto n = columns.count;
  std::vector<double> matrix(static_cast<std::size_t>(n * n), 0.0);
  linalg::syrk(Triangle::lower, Op::transpose, 1.0, {columns.values.data(), columns.rows, n}, 0.0,
               {matrix.data(), n, n});
  return matrix;
}

/// Scales the Gram matrix (lower triangle) to a unit diagonal and returns the factors; 0 for zero columns.
std::vector<double> scale_to_unit_diagonal(std::vector<double>& matrix, std::int64_t n) {
  std::vector<double> scales(static_cast<std::size_t>(n));
  for (std::int64_t i = 0; i < n; ++i) {
    const double square = matrix[static_cast<std::size_t>(i * (n + 1))];
    scales[static_cast<std::size_t>(i)] = square == 0 ? 0.0 : 1 / std::sqrt(square); // NaN stays NaN
  }
  for (std::int64_t j = 0; j < n; ++j)
    for (std::int64_t i = j; i < n; ++i)
      matrix[static_cast<std::size_t>(i + j * n)] *=
          scales[static_cast<std::size_t>(i)] * scales[static_cast<std::size_t>(j)];
  return scales;
}

void orthonormalize_once(Columns& columns) {
  const auto n = columns.count;
  auto matrix = gram(columns);
  const auto scales = scale_to_unit_diagonal(matrix, n);
  const auto values = linalg::eigen_symmetric({matrix.data(), n, n, std::max<std::int64_t>(n, 1)});
  std::int64_t first = 0; // ascending: the null space comes first
  while (first < n &&
         !(values[static_cast<std::size_t>(first)] > rank_tolerance * static_cast<double>(n) * values.back()))
    ++first;
  for (auto j = first; j < n; ++j)
    for (std::int64_t i = 0; i < n; ++i)
      matrix[static_cast<std::size_t>(i + j * n)] *=
          scales[static_cast<std::size_t>(i)] / std::sqrt(values[static_cast<std::size_t>(j)]);
  columns = product(columns, matrix.data() + first * n, n - first);
}

Columns random_columns(std::int64_t rows, std::int64_t count, std::uint64_t seed) {
  Columns columns{rows, count, std::vector<double>(static_cast<std::size_t>(rows * count))};
  CounterRandom random(seed);
  for (auto& value : columns.values)
    value = random.normal();
  return columns;
}

/// An orthonormal basis that holds the leading directions: of the whole space, or of the span of the rows if
/// that is small, or of a random sketch of them, sharpened.
Columns range_basis(const SampleMatrix& sample, std::int64_t size, std::uint64_t seed) {
  const auto m = sample.rows(), d = sample.columns();
  if (size >= d && m >= d)
    return {d, d, identity(d)};
  if (size >= m) {
    Columns basis{d, m, sample.transposed_times(identity(m), m)};
    orthonormalize(basis, 2);
    return basis;
  }
  const auto random = random_columns(m, size, seed);
  Columns basis{d, size, sample.transposed_times(random.values, size)};
  for (int i = 0; i < power_iterations; ++i) {
    orthonormalize(basis, 1);
    Columns image{m, basis.count, sample.times(basis.values, basis.count)};
    orthonormalize(image, 1);
    basis = {d, image.count, sample.transposed_times(image.values, image.count)};
  }
  orthonormalize(basis, 2);
  return basis;
}

/// Columns in reverse order: eigenvalues come ascending.
std::vector<double> reversed(const std::vector<double>& matrix, std::int64_t n) {
  std::vector<double> result;
  result.reserve(matrix.size());
  for (auto j = n - 1; j >= 0; --j)
    result.insert(result.end(), matrix.begin() + j * n, matrix.begin() + (j + 1) * n);
  return result;
}

} // namespace

void orthonormalize(Columns& columns, int passes) {
  for (int pass = 0; pass < passes && columns.count > 0; ++pass)
    orthonormalize_once(columns);
}

PrincipalDirections principal_directions(const SampleMatrix& sample, std::int64_t wanted,
                                         std::uint64_t seed) {
  const auto basis = range_basis(sample, with_oversampling(wanted), seed);
  const auto n = basis.count;
  auto covariance = gram({sample.rows(), n, sample.times(basis.values, n)});
  auto variances = linalg::eigen_symmetric({covariance.data(), n, n, std::max<std::int64_t>(n, 1)});
  std::reverse(variances.begin(), variances.end());
  for (auto& variance : variances)
    variance = std::max(0.0, variance / static_cast<double>(sample.rows()));
  const auto order = reversed(covariance, n);
  return {product(basis, order.data(), n), std::move(variances)};
}

} // namespace soapstone::kernel
