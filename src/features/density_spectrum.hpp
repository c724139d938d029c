// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "feature_groups.hpp"
#include "soapstone/soap/density_contraction.hpp"
#include "soapstone/soap/density_view.hpp"
#include "soapstone/soap/species_coupling.hpp"

#include <optional>
#include <vector>

namespace soapstone::features {

/// Scratch memory of DensitySpectrum, to be reused between calls of one thread.
struct SpectrumWorkspace {
  std::vector<double> coupled, contracted, symmetric;
  std::vector<double> contracted_gradient;
  std::vector<double> coupled_gradient; ///< dL/dc^J_nlm, see DensitySpectrum::differentiate
};

/// Computes what a density becomes before it is normalised, for structures with the same elements: coupling,
/// contraction and invariants forward, and the same way back in reverse mode. All shapes are those of the
/// densities of the elements.
class DensitySpectrum {
public:
  /// `present`: channels of the densities. `coupling` and `contraction` are packed for them, the latter for
  /// the channels of the coupling if there is one.
  DensitySpectrum(int body_order, std::vector<int> present, std::optional<soap::PackedCoupling> coupling,
                  std::optional<soap::PackedContraction> contraction);

  /// Channels whose invariants are formed: those of the coupling, or those present.
  const std::vector<int>& channels() const { return coupling_ ? coupling_->active() : present_; }
  const std::vector<int>& present() const { return present_; }
  soap::DensityShape coupled_shape(const soap::DensityShape& density) const {
    return coupling_ ? coupling_->shape(density) : density;
  }
  std::size_t width(const soap::DensityShape& density) const; ///< number of features

  /// An empty group with the segments of these features, of `total` channels.
  FeatureGroup group(int total, const FeatureLayout& layout) const;

  /// Returns what the invariants are formed of: the density itself, or what coupling and contraction make of
  /// it, in `work`.
  const double* contract(soap::DensityView density, SpectrumWorkspace& work) const;

  /// Writes width(shape) features, not normalised, of what contract() returned; returns their sum of squares.
  double compute(const soap::DensityShape& shape, const double* contracted, double* features) const;

  /// Reverse mode through compute() and the contraction: leaves dL/dc^J in work.coupled_gradient, from dL/dp
  /// and what contract() returned.
  void differentiate(const soap::DensityShape& shape, const double* contracted,
                     const double* feature_gradient, SpectrumWorkspace& work) const;

  /// Reverse mode through the coupling, of work.coupled_gradient: writes dL/dc^a of the elements.
  void differentiate_coupling(const soap::DensityShape& shape, const SpectrumWorkspace& work,
                              std::vector<double>& density_gradient) const;

  /// Adds dL/du_Ja = sum_nlm dL/dc^J_nlm c^a_nlm to u (channels x `elements`). There is a coupling.
  void add_coupling_derivatives(soap::DensityView density, const SpectrumWorkspace& work,
                                std::size_t elements, std::vector<double>& u) const;

private:
  soap::DensityShape radial_shape() const { return {1, contraction_->kept()[0], 0}; }

  bool radial_;
  std::vector<int> present_;
  std::optional<soap::PackedCoupling> coupling_;
  std::optional<soap::PackedContraction> contraction_;
};

} // namespace soapstone::features
