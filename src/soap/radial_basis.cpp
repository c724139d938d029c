// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/soap/radial_basis.hpp"

#include "soapstone/base/check.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/soap/gto_basis.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

namespace soapstone::soap {
namespace {

// With t = 2 x / r_c - 1: R_n = (8 / h_n r_c³)^1/2 (1 - t)³ P_n^(6,2)(t), because Jacobi polynomials are
// orthogonal under (1 - t)^6 (1 + t)² with the norms h_n = 2^9 (n + 1) (n + 2) / ((2 n + 9) (n + 7) (n + 8))
// (NIST DLMF 18.3; recurrence: 18.9.2).
std::vector<double> polynomial_basis(int n_max, double cutoff, std::span<const double> points) {
  std::vector<double> values;
  values.reserve(points.size() * static_cast<std::size_t>(n_max));
  for (const double x : points) {
    const double t = 2 * x / cutoff - 1, weight = x < cutoff ? (1 - t) * (1 - t) * (1 - t) : 0;
    double before = 0, polynomial = 1;
    for (int i = 0; i < n_max; ++i) {
      const double n = i;
      const double norm = 512 * (n + 1) * (n + 2) / ((2 * n + 9) * (n + 7) * (n + 8));
      values.push_back(weight * polynomial * std::sqrt(8 / (norm * cutoff * cutoff * cutoff)));
      const double next =
          ((2 * n + 9) * ((n + 5) * (n + 4) * t + 8) * polynomial - (n + 6) * (n + 2) * (n + 5) * before) /
          ((n + 1) * (n + 9) * (n + 4));
      before = std::exchange(polynomial, next);
    }
  }
  return values;
}

struct Basis {
  std::vector<double> (*functions)(int n_max, double cutoff, std::span<const double> points);
  bool ends_at_the_cutoff;
};

/// The bases in the order of RadialBasis.
constexpr std::array bases{Basis{gto_basis, false}, Basis{polynomial_basis, true}};

static_assert(bases.size() == 1 + std::count(radial_basis_names.begin(), radial_basis_names.end(), '|'),
              "every radial basis has a name and a function");

const Basis& definition(RadialBasis basis) {
  return bases.at(static_cast<std::size_t>(basis));
}

} // namespace

std::string to_string(RadialBasis basis) {
  return split(radial_basis_names, '|').at(static_cast<std::size_t>(basis));
}

RadialBasis radial_basis_named(std::string_view name) {
  const auto names = split(radial_basis_names, '|');
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end())
    throw ConfigError("`radial_basis` must be one of " + std::string(radial_basis_names) + ", not " +
                          std::string(name),
                      "radial_basis");
  return static_cast<RadialBasis>(found - names.begin());
}

std::vector<double> radial_functions(RadialBasis basis, int n_max, double cutoff,
                                     std::span<const double> points) {
  expects(n_max >= 1 && cutoff > 0, "a radial basis needs a function and a positive cutoff");
  return definition(basis).functions(n_max, cutoff, points);
}

double radial_extent(RadialBasis basis, double cutoff) {
  return definition(basis).ends_at_the_cutoff ? cutoff : std::numeric_limits<double>::infinity();
}

} // namespace soapstone::soap
