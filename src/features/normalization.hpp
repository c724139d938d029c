// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/soap/density_view.hpp"
#include "soapstone/soap/parameters.hpp"
#include "soapstone/soap/species_coupling.hpp"

#include <span>

namespace soapstone::features {

/// The stage that takes the invariants of an environment to unit length, in both directions. By the
/// parameters the features p become p, p / |p|, or (with a coupling that asks for it) p / N, where N is the
/// norm that the invariants had without the coupling.
class Normalization {
public:
  Normalization(const soap::SoapParameters& parameters, const soap::SpeciesCoupling* coupling);

  bool before() const { return kind_ == Kind::before; } ///< by N

  /// Returns the square of the norm of the invariants of a density.
  double norm_squared(soap::DensityView density) const;
  /// Returns what invariants are multiplied by, from |p|² or N². An environment without any density (an
  /// isolated atom with central weight 0) has no direction and stays zero.
  double factor(double squares) const;

  /// Takes the gradient `row` in normalised features, times `weight`, to that in the invariants p, in
  /// `gradient`: (g - (g.p) p / |p|²) / |p|, or g / N. `squares` is |p|², `inverse` 1 / N. Returns dL/d(N²) =
  /// -(g.p) / 2 N³, which is 0 where N plays no part.
  double differentiate(std::span<const double> p, double squares, double inverse, const double* row,
                       double weight, std::span<double> gradient) const;

  bool needs_features() const { return kind_ != Kind::none; } ///< differentiate() reads p and its square

private:
  enum class Kind { none, after, before };
  Kind kind_;
  int body_order_;
};

} // namespace soapstone::features
