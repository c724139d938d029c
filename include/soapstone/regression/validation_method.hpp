// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace soapstone::regression {

/// Says how (K + lambda I)^-1 is had: by a Cholesky factorisation for each lambda, or for all from the
/// eigenvectors of K.
enum class ValidationMethod { inverse, eigen };

/// Holds what the cost of a cross-validation depends on.
struct ValidationSize {
  std::int64_t structures = 0, folds = 0, lambdas = 1, targets = 1;
};

/// Floating-point operations that DGEMM would do in the time that the method takes: operations over the share
/// of DGEMM's rate that each part was measured to reach.
double validation_effort(ValidationMethod method, const ValidationSize& size);

/// Returns the method that is wanted; where none is, that of less effort, and the inverse where the
/// eigenvectors do not fit in memory.
ValidationMethod choose_validation(std::optional<ValidationMethod> wanted, const ValidationSize& size,
                                   bool eigen_fits);

std::string to_string(ValidationMethod method); ///< as validation.method spells it

} // namespace soapstone::regression
