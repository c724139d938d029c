// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/regression/validation_method.hpp"

namespace soapstone::regression {

namespace {

// Shares of DGEMM, measured at n = 2 000 and 5 000 with 10 folds on two ranks (inverse 0.34 and 0.5,
// eigenvectors 0.46 and 0.5; on one rank at 3 000 0.67 and 0.76): the eigenvectors take as long as 7 to 9
// inverses.
constexpr double inverse_share = 0.42;   // pdpotrf and pdpotri, n^3 together
constexpr double eigen_share = 0.5;      // pdsyevd, counted as 9 n^3
constexpr double projection_share = 0.5; // Vᵀ T
constexpr double fold_share = 0.15;      // products of few rows and columns, with their copies

} // namespace

double validation_effort(ValidationMethod method, const ValidationSize& size) {
  const auto n = static_cast<double>(size.structures), k = static_cast<double>(size.folds);
  const auto lambdas = static_cast<double>(size.lambdas), targets = static_cast<double>(size.targets);
  const double right_hand_sides = 2 * n * n * k * targets;             // Vᵀ T once
  const double products = 2 * n * n * targets, blocks = n * n * n / k; // (G t)_f and G_ff of all folds
  const double solves = n * n * n / (3 * k * k);
  if (method == ValidationMethod::inverse)
    return lambdas * (n * n * n / inverse_share + (products + solves) / fold_share);
  return 9 * n * n * n / eigen_share + right_hand_sides / projection_share +
         lambdas * (products + blocks + solves) / fold_share;
}

ValidationMethod choose_validation(std::optional<ValidationMethod> wanted, const ValidationSize& size,
                                   bool eigen_fits) {
  if (wanted)
    return *wanted;
  const bool cheaper =
      validation_effort(ValidationMethod::eigen, size) < validation_effort(ValidationMethod::inverse, size);
  return cheaper && eigen_fits ? ValidationMethod::eigen : ValidationMethod::inverse;
}

std::string to_string(ValidationMethod method) {
  return method == ValidationMethod::eigen ? "eigen" : "inverse";
}

} // namespace soapstone::regression
