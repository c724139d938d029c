// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/linalg/distributed_matrix.hpp"
#include "soapstone/regression/name_structure.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace soapstone::regression {

/// Holds what a fit leaves behind. Arrays are training x k, column-major, the same on every rank.
struct Fit {
  std::vector<double>
      coefficients; ///< x of (K + lambda I) x = y, eq. 1 of Willatt, Musil, Ceriotti, PCCP 20, 29661 (2018)
  std::vector<double> fitted; ///< K x, the model's own values of the training targets
  double backward_error = 0;  ///< see linalg::Residual
};

/// Returns the bytes of vectors that KernelRidge::solve() takes on every rank, for so many structures and
/// targets: right-hand sides, solutions, residuals and their copies.
constexpr std::int64_t solve_memory(std::int64_t structures, std::int64_t targets) {
  constexpr std::int64_t vectors = 12;
  return static_cast<std::int64_t>(sizeof(double)) * vectors * structures * targets;
}

/// Largest backward error that a fit may have before its coefficients are refused.
inline constexpr double max_backward_error = 30.0;

/// Throws NumericalError with advice when a backward error exceeds max_backward_error or is not a number.
/// `matrix` names what was solved with, as "kernel matrix".
void require_accurate(double backward_error, const char* matrix);

/// An inverse and how well it solves.
struct Inverse {
  linalg::DistributedMatrix matrix; ///< both triangles
  double backward_error = 0;        ///< of a solve with it for a random right-hand side
};

/// Says what a regularisation is measured in: the mean diagonal of the kernel matrix, or as it stands.
enum class LambdaScale { relative, absolute };

/// Indices [begin, end).
struct IndexRange {
  std::int64_t begin = 0, end = 0;
  std::int64_t size() const { return end - begin; }
};

/// Kernel ridge regression by one distributed Cholesky factorisation.
class KernelRidge {
public:
  /// Collective. Takes a square kernel matrix of which the lower triangle (diagonal blocks in full) is
  /// filled; `regularization` is relative to the mean of its diagonal, or lambda itself. Throws
  /// NumericalError when the matrix is not finite.
  KernelRidge(linalg::DistributedMatrix kernel, double regularization, NameStructure name,
              LambdaScale scale = LambdaScale::relative);

  /// Collective. Factorises K + lambda I. When that is not positive definite: a NumericalError that names the
  /// structure at the failing pivot and the earlier one most similar to it, with likely causes and remedies.
  void factorize();

  /// Collective. Solves for `targets` (n x k, column-major). Throws NumericalError if the backward error
  /// exceeds max_backward_error.
  Fit solve(const std::vector<double>& targets, std::int64_t k) const;

  /// Collective. The same for the first n structures alone, by the leading block of the factor: lambda stays
  /// that of all. `targets` and the fit are n x k.
  Fit solve_leading(std::int64_t n, const std::vector<double>& targets, std::int64_t k) const;

  /// Collective, before or after factorize(). The same problem with some structures alone, those of `ranges`
  /// one behind the other (ascending and apart), lambda as it is here; to be factorised.
  KernelRidge restricted(const std::vector<IndexRange>& ranges) const;

  /// Collective, after factorize(). K x for replicated x (n x k, column-major).
  std::vector<double> multiply(const std::vector<double>& x, std::int64_t k) const;

  /// Collective, after factorize(). (K + lambda I)^-1 in place of the factor. Throws NumericalError if the
  /// backward error of a solve with it exceeds max_backward_error.
  Inverse inverse() &&;

  std::int64_t size() const noexcept { return factor_.rows().size(); }
  double lambda() const noexcept { return lambda_; } ///< absolute
  double mean_diagonal() const noexcept { return mean_diagonal_; }

private:
  KernelRidge(linalg::DistributedMatrix matrix, std::vector<double> diagonal, double mean_diagonal,
              double lambda, NameStructure name);
  [[noreturn]] void explain(std::int64_t pivot) const;

  linalg::DistributedMatrix factor_;
  std::vector<double> diagonal_; ///< of K + lambda I
  double mean_diagonal_ = 0, lambda_ = 0;
  NameStructure name_;
};

} // namespace soapstone::regression
