// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/soap/gauss_legendre.hpp"
#include "soapstone/soap/parameters.hpp"

#include <span>
#include <vector>

namespace soapstone::soap {

/// Expansion coefficients of a Gaussian at distance r from the centre in the orthonormal radial basis (eqs.
/// 12, 13 of Willatt, Musil, Ceriotti, PCCP 20, 29661 (2018)): I_nl(r) = 4 pi int x² R_n(x) exp(-(x² + r²) /
/// 2 sigma²) i_l(x r / sigma²) dx, by quadrature. They depend on the basis, sigma and r only: weights
/// multiply whole Gaussians.
class RadialIntegrals {
public:
  /// Tabulates the integrals of the radial functions of these parameters, for l = 0 .. density_l_max().
  explicit RadialIntegrals(const SoapParameters& parameters);

  /// Entries of one table over (l, n), n fastest.
  int width() const { return (l_max_ + 1) * n_max_; }

  /// I_nl(r), its first and its second derivative in r, one table after the other: 3 x (l_max + 1) x n_max,
  /// for 0 <= r <= cutoff.
  std::vector<double> with_derivatives(double r) const;

  /// Returns the same tables of the derivative in sigma, dI_nl/dsigma. The quadrature stays that of this
  /// sigma.
  std::vector<double> width_derivatives(double r) const;

private:
  struct Point; // of the quadrature over x, with the angular functions there
  using AddPoint = void (RadialIntegrals::*)(std::size_t index, double r, Point& work,
                                             std::span<double> tables) const;
  std::vector<double> integrate(double r, AddPoint add) const;
  void add_point(std::size_t index, double r, Point& work, std::span<double> tables) const;
  void add_width_point(std::size_t index, double r, Point& work, std::span<double> tables) const;
  void add_basis(std::size_t index, std::size_t l, double value, double slope, double curvature,
                 std::span<double> tables) const;

  int n_max_;
  int l_max_;
  double gaussian_width_;
  QuadratureRule rule_;
  std::vector<double> basis_; ///< 4 pi weight x² R_n(x), rule points x n_max
};

} // namespace soapstone::soap
