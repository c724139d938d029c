// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/soap/density_view.hpp"
#include "soapstone/soap/species_coupling.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace soapstone::soap {

/// Fewer density coefficients per l, rotation-equivariantly (Goscinski, Musil, Pozdnyakov, Nigam, Ceriotti,
/// J. Chem. Phys. 155, 104106 (2021), doi:10.1063/5.0057229): combinations q < Q_l of species channels and
/// radial functions, c_qlm = sum_an U^l_{an,q} c^a_nlm, the same for every m.
struct DensityContraction {
  int channels = 0;                          ///< S, of the calculator
  int n_max = 0;                             ///< radial functions of each
  std::vector<std::vector<double>> matrices; ///< U^l for l = 0 .. l_max: S n_max x Q_l, row-major
  double residual_variance = 0; ///< share of the sample's mean trace of the power spectrum that is left out

  int l_max() const { return static_cast<int>(matrices.size()) - 1; }
  int kept(int l) const; ///< Q_l, may be 0
};

/// Columns of the contracted power spectrum: sum over l of Q_l (Q_l + 1) / 2; of the radial spectrum
/// (body_order 2): Q_0.
std::int64_t contracted_width(const DensityContraction& contraction, int body_order);

/// Coupling and contraction of the coupled densities in one: matrices u^T U^l for the densities of the
/// elements, so that it costs no more with many channels J than without a coupling.
DensityContraction coupled(const DensityContraction& contraction, const SpeciesCoupling& coupling);

/// A DensityContraction for the channels that a structure has, laid out for whole vectors.
class PackedContraction {
public:
  /// `present`: channels of the calculator, in the order of the densities to be contracted.
  PackedContraction(const DensityContraction& contraction, std::span<const int> present);

  long stride() const { return stride_; } ///< of a row (l, m) of contracted coefficients
  std::size_t size() const;               ///< of all rows
  const std::vector<int>& kept() const { return kept_; }

  /// contracted[harmonic_index(l, m) * stride() + q], zero for Q_l <= q < stride().
  void apply(DensityView density, std::span<double> contracted) const;

  /// The way back of a gradient, dL/dc^a_nlm += sum_q U^l_{an,q} dL/dc_qlm: from rows laid out as those of
  /// apply(), with anything finite behind Q_l, to those of a density of this shape.
  void add_transposed(std::span<const double> contracted_gradient, DensityTarget density_gradient) const;

private:
  std::vector<int> kept_;
  long depth_; ///< present channels x n_max
  long stride_;
  std::vector<std::vector<double>> matrices_; ///< per l: depth x stride
};

} // namespace soapstone::soap
