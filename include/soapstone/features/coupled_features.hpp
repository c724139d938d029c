// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/features/density_cache.hpp"
#include "soapstone/features/density_gradient.hpp"

#include <memory>

namespace soapstone::features {

/// Rows of features: one per environment, or their mean over each structure.
enum class FeatureRows { environments, means };

/// Features of the structures of a DensityCache, and their derivatives in reverse mode: species coupling, a
/// contraction that is held fixed, invariants and normalisation from densities that need not be computed
/// again when the coupling alone changes. The features are those of SoapCalculator, but with a coupling all
/// channels count as occupied, so that a u that is zero has a derivative.
class CoupledFeatures {
public:
  /// `coupling` for the elements of the cache, or null; `contraction` of the channels of the coupling, or of
  /// the elements without one, or null.
  CoupledFeatures(std::shared_ptr<DensityCache> densities,
                  std::shared_ptr<const soap::SpeciesCoupling> coupling,
                  std::shared_ptr<const soap::DensityContraction> contraction, FeatureRows rows,
                  const WantedDerivatives& wanted);
  ~CoupledFeatures();

  const FeatureLayout& layout() const;

  /// Features of structures first .. first + count - 1.
  FeatureBlock compute(std::size_t first, std::size_t count) const;

  /// A block like the one that compute(first, count) returns, with zeros for values.
  FeatureBlock outline(std::size_t first, std::size_t count) const;

  /// Adds to `sum` the derivatives of a function with this gradient in those features: a block like the one
  /// that compute(first, ...) returns.
  void add_derivatives(std::size_t first, const FeatureBlock& gradient, SoapDerivatives& sum) const;

  /// No derivatives yet, with room for those of the coupling.
  SoapDerivatives zero() const;

private:
  class Implementation;
  std::unique_ptr<const Implementation> implementation_;
};

} // namespace soapstone::features
