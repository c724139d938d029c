// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/kernel/feature_sample.hpp"
#include "soapstone/kernel/kernel_spec.hpp"
#include "soapstone/parallel/communicator.hpp"

#include <span>

namespace soapstone::kernel {

/// Says what is contracted.
enum class ContractionMethod {
  pca,    ///< principal components of the feature rows: see Projection
  density ///< of the density coefficients, per l: see soap::DensityContraction
};

/// Says how a contraction is made, and on how many structures it is fitted.
struct ContractionOptions {
  ContractionMethod method = ContractionMethod::pca;
  ContractionGoal goal;
  SampleSize sample;
  std::uint64_t seed = 1;
};

/// Collective. Fits a contraction for the rows of `spec` on a sample of `structures` and stores it in `spec`:
/// the same bits on all ranks and on any number of them (rank 0 fits). Throws ConfigError (soap.contraction)
/// when more features are wanted than there are.
void fit_contraction(const parallel::Communicator& comm, KernelSpec& spec,
                     std::span<const structure::Structure> structures, const ContractionOptions& options);

/// Returns what a fitted contraction does: "800 of 5740 features (pca), residual variance 1.2e-06"; empty
/// without one.
std::string describe_contraction(const KernelSpec& spec);

} // namespace soapstone::kernel
