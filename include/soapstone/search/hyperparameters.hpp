// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/features/density_gradient.hpp"
#include "soapstone/kernel/kernel_spec.hpp"
#include "soapstone/search/hyperparameter.hpp"

#include <set>
#include <string>
#include <utility>
#include <vector>

namespace soapstone::search {

/// A model without its data.
struct Hyperparameters {
  std::vector<kernel::KernelSpec> kernels;
  double regularization = 0; ///< lambda over the mean diagonal of the kernel matrix
};

/// dL/d everything in a Hyperparameters.
struct HyperparameterDerivatives {
  std::vector<features::SoapDerivatives> soap; ///< of each kernel
  std::vector<double> weights;
  double regularization = 0;
};

/// The chosen hyperparameters as a vector of unconstrained variables: elements of u as they are, everything
/// positive by its logarithm, folded back at the limits of its range (see fold). Kernel after kernel u, r0,
/// m, c, u0, sigma; then all weights; then lambda.
class Variables {
public:
  /// Throws ConfigError with the key of what cannot be optimised: a positive parameter that starts at zero, u
  /// without a coupling, weights of a single kernel, or nothing at all. Contractions stay those of the start.
  Variables(const Hyperparameters& start, std::set<Hyperparameter> chosen);

  bool has(Hyperparameter parameter) const { return chosen_.contains(parameter); }
  features::WantedDerivatives wanted() const;
  /// The chosen numbers of the features of a kernel, by their keys.
  std::vector<std::pair<std::string, double>> numbers(kernel::KernelSpec spec) const;
  std::vector<double> pack(const Hyperparameters& values) const;
  Hyperparameters unpack(const std::vector<double>& x) const;
  /// The derivatives at x in the variables.
  std::vector<double> chain(const std::vector<double>& x, const HyperparameterDerivatives& derivatives) const;

private:
  Hyperparameters start_;
  std::set<Hyperparameter> chosen_;
};

} // namespace soapstone::search
