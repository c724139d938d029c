// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/soap/gto_basis.hpp"

#include "soapstone/base/error.hpp"

#include <algorithm>
#include <boost/multiprecision/cpp_bin_float.hpp>
#include <cmath>

namespace soapstone::soap {
namespace {

using Real =
    boost::multiprecision::number<boost::multiprecision::cpp_bin_float<50>, boost::multiprecision::et_off>;

// Lower-triangular matrices, row by row.
std::size_t packed(std::size_t i, std::size_t j) {
  return i * (i + 1) / 2 + j;
}

// 1 / 2 gto_width(n)², in units of the cutoff: the fit to the cutoff is a scaling of x.
Real gto_exponent(std::size_t n, int n_max) {
  return Real(n_max) * n_max / (2 * Real(std::max<std::size_t>(n, 1)));
}

// Gamma(k / 2) for k >= 1.
Real gamma_of_half(std::size_t k) {
  Real value = k % 2 == 0 ? Real(1) : sqrt(boost::math::constants::pi<Real>());
  for (std::size_t i = k % 2 == 0 ? 2 : 1; i < k; i += 2)
    value *= Real(i) / 2;
  return value;
}

// int_0^inf x² x^(n + m) exp(-a x²) dx = Gamma((n + m + 3) / 2) / (2 a^((n + m + 3) / 2)).
Real gto_overlap(std::size_t n, std::size_t m, int n_max) {
  const std::size_t twice_power = n + m + 3;
  const Real a = gto_exponent(n, n_max) + gto_exponent(m, n_max);
  Real power = twice_power % 2 == 0 ? Real(1) : Real(sqrt(a));
  for (std::size_t i = 0; i < twice_power / 2; ++i)
    power *= a;
  return gamma_of_half(twice_power) / (2 * power);
}

// Cholesky factor of the overlap matrix of the primitive functions.
std::vector<Real> overlap_factor(int n_max) {
  const auto size = static_cast<std::size_t>(n_max);
  std::vector<Real> factor(packed(size, 0));
  for (std::size_t i = 0; i < size; ++i)
    for (std::size_t j = 0; j <= i; ++j) {
      const Real overlap = gto_overlap(i, j, n_max);
      Real rest = overlap;
      for (std::size_t k = 0; k < j; ++k)
        rest -= factor[packed(i, k)] * factor[packed(j, k)];
      if (i == j && rest <= overlap * Real("1e-30"))
        throw NumericalError("the radial basis of n_max = " + std::to_string(n_max) +
                             " functions is linearly dependent; use fewer functions");
      factor[packed(i, j)] = i == j ? Real(sqrt(rest)) : Real(rest / factor[packed(j, j)]);
    }
  return factor;
}

// Primitive functions x^n exp(-x² / 2 width²) at x in units of the cutoff.
void primitives(const Real& x, int n_max, std::vector<Real>& values) {
  Real power = 1;
  for (std::size_t n = 0; n < values.size(); ++n) {
    values[n] = power * exp(-gto_exponent(n, n_max) * x * x);
    power *= x;
  }
}

} // namespace

double gto_width(int n, int n_max, double cutoff) {
  return cutoff * std::max(std::sqrt(static_cast<double>(n)), 1.0) / n_max;
}

std::vector<double> gto_basis(int n_max, double cutoff, std::span<const double> points) {
  const auto size = static_cast<std::size_t>(n_max);
  const std::vector<Real> factor = overlap_factor(n_max);
  const Real unit = 1 / (Real(cutoff) * sqrt(Real(cutoff)));
  std::vector<Real> work(size);
  std::vector<double> values;
  values.reserve(points.size() * size);
  for (const double x : points) {
    primitives(Real(x) / Real(cutoff), n_max, work);
    for (std::size_t i = 0; i < size; ++i) { // R = L^-1 primitives, by forward substitution
      for (std::size_t k = 0; k < i; ++k)
        work[i] -= factor[packed(i, k)] * work[k];
      work[i] /= factor[packed(i, i)];
      values.push_back(static_cast<double>(Real(work[i] * unit)));
    }
  }
  return values;
}

} // namespace soapstone::soap
