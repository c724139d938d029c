// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/soap/density_contraction.hpp"
#include "soapstone/soap/density_expansion.hpp"

#include <optional>
#include <vector>

namespace soapstone::soap {

/// Scratch memory of DensitySpectrum, to be reused between calls of one thread.
struct SpectrumWorkspace {
  std::vector<double> contracted, contracted_gradient, symmetric;
};

/// The invariants of a density, or of what a contraction leaves of it, and the way back.
class DensitySpectrum {
public:
  /// `contraction`: packed for the channels of the densities, or none.
  DensitySpectrum(int body_order, std::optional<PackedContraction> contraction);

  /// Features of a density of this shape.
  std::size_t width(const DensityShape& shape) const;

  /// What the invariants are formed of: the density itself, or the contracted one in `work`.
  const double* contract(const DensityShape& shape, const double* density, SpectrumWorkspace& work) const;

  /// Writes width(shape) features, not normalised, of what contract() returned; returns their sum of squares.
  double compute(const DensityShape& shape, const double* contracted, double* features) const;

  /// Adds to dL/dc, laid out as the density, what comes from dL/dp in those features.
  void add_gradient(const DensityShape& shape, const double* contracted, const double* feature_gradient,
                    SpectrumWorkspace& work, double* density_gradient) const;

private:
  DensityShape radial_shape() const { return {1, contraction_->kept()[0], 0}; }

  bool radial_;
  std::optional<PackedContraction> contraction_;
};

} // namespace soapstone::soap
