// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

namespace soapstone::search {

/// Names what a gradient optimisation can change.
enum class Hyperparameter {
  coupling,       ///< "u": every element of the species coupling of eq. 17
  scale,          ///< r0 of eq. 21
  exponent,       ///< m
  rate,           ///< c
  central_weight, ///< u0
  width,          ///< "sigma" of the Gaussians
  weights,        ///< of the kernels
  regularization
};

/// Returns the one called "u", "scale", "exponent", "rate", "central-weight", "sigma", "weights" or
/// "regularization". Throws ConfigError (`parameters`) that names the nearest.
Hyperparameter hyperparameter_named(const std::string& name);
std::string to_string(Hyperparameter parameter); ///< as optimize.parameters spells it

} // namespace soapstone::search
