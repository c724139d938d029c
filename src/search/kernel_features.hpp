// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/kernel/kernel_spec.hpp"
#include "soapstone/soap/coupled_features.hpp"

#include <memory>
#include <span>

namespace soapstone::search {

/// The features that one kernel multiplies, those of kernel::make_features, and their derivatives in reverse
/// mode. A contraction is a constant on the way.
class KernelFeatures {
public:
  /// `densities` of the kernel's parameters and elements.
  KernelFeatures(const kernel::KernelSpec& spec, std::shared_ptr<soap::DensityCache> densities,
                 const soap::WantedDerivatives& wanted);

  soap::FeatureLayout layout() const;

  /// Returns the features of a run of structures of the cache.
  soap::FeatureBlock compute(std::size_t first, std::size_t count) const;

  /// Adds the derivatives of a function with this gradient in what compute(first, ...) returns.
  void add_derivatives(std::size_t first, const soap::FeatureBlock& gradient,
                       soap::SoapDerivatives& sum) const;

  /// No derivatives yet, with room for those of the coupling.
  soap::SoapDerivatives zero() const { return full_.zero(); }

private:
  soap::CoupledFeatures full_;
  std::shared_ptr<soap::DensityCache> densities_;
  std::shared_ptr<const kernel::Projection> projection_; ///< of the rows, or null
};

} // namespace soapstone::search
