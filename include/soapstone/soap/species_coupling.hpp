// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/soap/density_view.hpp"

#include <map>
#include <optional>
#include <span>
#include <vector>

namespace soapstone::soap {

/// Species coupling of eqs. 14-17 of Willatt, Musil, Ceriotti, PCCP 20, 29661 (2018),
/// doi:10.1039/C8CP05921G: densities of elements are combined to channels J before any product, c^J_nlm =
/// sum_alpha u_J,alpha c^alpha_nlm, which couples elements in the kernel by kappa = u^T u. The identity is
/// the uncoupled density.
struct SpeciesCoupling {
  std::vector<int> elements; ///< atomic numbers of the columns, ascending
  std::vector<double> u;     ///< d_J x elements, row-major
  /// The environment vector is divided by the norm that it has before the contraction, and not normalised
  /// after it. No matter where vectors are not normalised at all.
  bool normalize_before = false;

  int channels() const; ///< d_J
  double at(int channel, std::size_t element) const {
    return u[static_cast<std::size_t>(channel) * elements.size() + element];
  }
  /// Throws ConfigError (species.coupling) unless u is a finite matrix with at least one row and one column
  /// for each of the ascending elements.
  void validate() const;
};

/// Widths of the Gaussian coupling (eq. 20) and what is to be used in place of the tables, by atomic number.
struct GaussianCoupling {
  double sigma_electronegativity = 0.5;
  double sigma_radius = 0.5;                 ///< Å
  std::map<int, double> electronegativities; ///< where structure::pauling_electronegativity has none
  std::map<int, double> radii;               ///< where structure::van_der_waals_radius has none, Å
};

/// kappa of eq. 20: exp(-(e_a - e_b)² / 2 sigma_e² - (r_a - r_b)² / 2 sigma_r²) with Pauling's
/// electronegativities e and van der Waals radii r. elements², row-major. Throws ConfigError naming the
/// element that has no value and the way out.
std::vector<double> gaussian_kappa(std::span<const int> elements, const GaussianCoupling& options);

/// u = Lambda^1/2 V^T of a symmetric kappa (order², row-major), so that kappa = u^T u (eq. 15): rows by
/// descending eigenvalue, at most `channels` of them, and of eigenvalues that are zero to rounding none. Of
/// each row the first of its largest entries is positive. Throws NumericalError where kappa has a negative
/// eigenvalue, or is zero.
std::vector<double> factorize_coupling(std::vector<double> kappa, int order,
                                       std::optional<int> channels = std::nullopt);

/// The coupling by eq. 20, of full or lower rank.
SpeciesCoupling gaussian_coupling(std::vector<int> elements, const GaussianCoupling& options,
                                  std::optional<int> channels = std::nullopt);

/// Channels J to which at least one of the elements contributes (positions in coupling.elements), ascending:
/// all of them unless u has zeros.
std::vector<int> active_channels(const SpeciesCoupling& coupling, std::span<const int> present);

/// A SpeciesCoupling for the elements that a structure has.
class PackedCoupling {
public:
  /// `present`: positions in coupling.elements, in the order of the densities to be contracted.
  PackedCoupling(const SpeciesCoupling& coupling, std::span<const int> present);
  /// Makes one with the channels `active`, empty ones too if they are among them.
  PackedCoupling(const SpeciesCoupling& coupling, std::span<const int> present, std::vector<int> active);

  const std::vector<int>& active() const { return active_; } ///< channels that the result has
  DensityShape shape(const DensityShape& density) const {
    return {static_cast<int>(active_.size()), density.n_max, density.l_max};
  }

  /// c^J_nlm = sum_alpha u_J,alpha c^alpha_nlm (eq. 17): writes the active channels, in their shape().
  void apply(DensityView density, DensityTarget coupled) const;

  double at(int channel, int element) const { ///< of active channels and elements present
    return u_[static_cast<std::size_t>(channel * depth_ + element)];
  }

private:
  long depth_; ///< elements present
  std::vector<int> active_;
  std::vector<double> u_; ///< active x present
};

} // namespace soapstone::soap
