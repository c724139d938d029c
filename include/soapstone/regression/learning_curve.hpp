// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/kernel/kernel_sum.hpp"
#include "soapstone/regression/baseline.hpp"
#include "soapstone/regression/krr.hpp"

#include <span>
#include <vector>

namespace soapstone::regression {

/// Models of the leading n structures of one training set, for several n.
struct NestedFits {
  std::vector<std::int64_t> sizes; ///< n of each model
  /// largest training set x (sizes * targets), column-major, target t of size s in column s * targets + t;
  /// zero from row n of the size on.
  std::vector<double> coefficients;
  std::vector<std::vector<Baseline>> baselines; ///< [size][target]
  std::vector<double> backward_errors;          ///< of each size's solve
  std::size_t targets() const { return baselines.empty() ? 0 : baselines.front().size(); }
  std::int64_t columns() const { return static_cast<std::int64_t>(sizes.size() * targets()); }
};

/// Collective. A learning curve for one factorisation: the Cholesky factor of K[1:n, 1:n] + lambda I is the
/// leading block of that of the largest training set, so that every size costs one pair of triangular solves.
/// `ridge` is factorised; `structures` and `energies` ([target][structure], eV per structure) are its whole
/// training set; each size is at most its length. The baseline is fitted to the n structures alone. lambda is
/// that of `ridge` for every size. Throws NumericalError as KernelRidge::solve does.
NestedFits fit_nested(const KernelRidge& ridge, std::span<const structure::Structure> structures,
                      const std::vector<std::vector<double>>& energies,
                      const std::vector<std::int64_t>& sizes, const BaselineFit& baseline);

/// Collective. Energies (eV per structure) of `structures` by every model, [size][target][structure], in one
/// pass over the features of the largest training set.
std::vector<std::vector<std::vector<double>>> predict_nested(const NestedFits& fits,
                                                             const kernel::KernelSum& training,
                                                             std::span<const structure::Structure> structures,
                                                             const Progress& progress = {});

/// Collective. The same by the compact forms of all models, which `training` must have: cheaper where there
/// are more training environments than features.
std::vector<std::vector<std::vector<double>>>
predict_nested_compact(const parallel::Communicator& comm, const NestedFits& fits,
                       const kernel::KernelSum& training, std::span<const structure::Structure> structures,
                       const Progress& progress = {});

} // namespace soapstone::regression
