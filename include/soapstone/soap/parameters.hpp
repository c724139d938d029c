// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/soap/radial_basis.hpp"

#include <string_view>

namespace soapstone::soap {

/// Radial scaling u(r) of eq. 21 of Willatt, Musil, Ceriotti, PCCP 20, 29661 (2018), doi:10.1039/C8CP05921G:
/// rate c = 0: (r/scale)^-exponent; exponent m = 0: 1; else c / (c + (r/scale)^m).
struct RadialScaling {
  double scale = 2.0;    ///< r0, Å
  double exponent = 7.0; ///< m
  double rate = 1.0;     ///< c
  bool operator==(const RadialScaling&) const = default;
};

inline constexpr double steepest_exponent = 1000; ///< a step
/// The smallest ratio of sigma to the cutoff; the radial table grows with its inverse.
inline constexpr double finest_width_ratio = 0.002;
/// The largest ratio of sigma to the cutoff: flat, and quadrature ends in what can be told apart.
inline constexpr double coarsest_width_ratio = 100;

/// Everything that defines the environment features, apart from the species coupling. Lengths in Å.
struct SoapParameters {
  double cutoff = 5.0;         ///< r_c
  double cutoff_width = 0.5;   ///< Δ of the cosine cutoff
  double gaussian_width = 0.3; ///< σ
  int n_max = 12;              ///< number of radial functions
  int l_max = 9;               ///< largest angular channel
  double central_weight = 1.0; ///< u0
  int body_order = 3;          ///< 3: power spectrum (ν = 2), 2: radial spectrum (ν = 1)
  bool normalize = true;       ///< unit environment vectors
  RadialScaling scaling = {};
  RadialBasis radial_basis = RadialBasis::gto;

  bool operator==(const SoapParameters&) const = default;

  /// Throws ConfigError naming the first field (cutoff, ...) whose value makes no sense.
  void validate() const;

  /// Largest l of the density: the radial spectrum needs its spherical part only.
  int density_l_max() const { return body_order == 2 ? 0 : l_max; }
};

/// The stages from a structure to its features, each made from those before it.
enum class Stage {
  neighbours,
  integrals, ///< the table of radial integrals
  densities,
  features
};

/// Holds what there is to know of a field of SoapParameters beside its value.
struct Field {
  std::string_view name; ///< in messages and model files
  Stage stage;           ///< the first that the field changes; all that follow change with it
  int schema;            ///< version of the model files that have it; in older ones it has its default
};

/// Calls visit(field, value...) for every field, with its values in each of the parameters. This is the only
/// list of the fields: whatever parses, stores, prints or compares parameters goes through it.
template <typename Visit, typename... Parameters>
void for_each_field(Visit&& visit, Parameters&... of) {
  visit(Field{"cutoff", Stage::neighbours, 1}, of.cutoff...);
  visit(Field{"cutoff_width", Stage::densities, 1}, of.cutoff_width...);
  visit(Field{"gaussian_width", Stage::integrals, 1}, of.gaussian_width...);
  visit(Field{"n_max", Stage::integrals, 1}, of.n_max...);
  visit(Field{"l_max", Stage::integrals, 1}, of.l_max...);
  visit(Field{"radial_basis", Stage::integrals, 3}, of.radial_basis...);
  visit(Field{"central_weight", Stage::densities, 1}, of.central_weight...);
  visit(Field{"body_order", Stage::integrals, 1}, of.body_order...); // see density_l_max
  visit(Field{"normalize", Stage::features, 1}, of.normalize...);
  visit(Field{"radial_scale", Stage::densities, 1}, of.scaling.scale...);
  visit(Field{"radial_exponent", Stage::densities, 1}, of.scaling.exponent...);
  visit(Field{"radial_rate", Stage::densities, 1}, of.scaling.rate...);
}

/// The parameters with those fields at their defaults that change only later stages: equal for all
/// parameters with the same results of stage `last`.
SoapParameters up_to(Stage last, SoapParameters parameters);

} // namespace soapstone::soap
