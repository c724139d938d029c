// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/features/coupled_features.hpp"
#include "soapstone/kernel/kernel_spec.hpp"

#include <memory>
#include <span>

namespace soapstone::search {

/// The features that one kernel multiplies, those of kernel::make_features, and their derivatives in reverse
/// mode. A contraction is a constant on the way.
class KernelFeatures {
public:
  /// `densities` of the kernel's parameters and elements.
  KernelFeatures(const kernel::KernelSpec& spec, std::shared_ptr<features::DensityCache> densities,
                 const features::WantedDerivatives& wanted);

  features::FeatureLayout layout() const;

  /// Returns the features of a run of structures of the cache.
  features::FeatureBlock compute(std::size_t first, std::size_t count) const;

  /// Adds the derivatives of a function with this gradient in what compute(first, ...) returns.
  void add_derivatives(std::size_t first, const features::FeatureBlock& gradient,
                       features::SoapDerivatives& sum) const;

  /// No derivatives yet, with room for those of the coupling.
  features::SoapDerivatives zero() const { return full_.zero(); }

private:
  features::CoupledFeatures full_;
  std::shared_ptr<features::DensityCache> densities_;
  std::shared_ptr<const kernel::Projection> projection_; ///< of the rows, or null
};

} // namespace soapstone::search
