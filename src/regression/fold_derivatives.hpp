// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "fold_batches.hpp"
#include "soapstone/regression/error_loss.hpp"

#include <vector>

namespace soapstone::regression {

/// Held-out errors and what the derivatives of their loss are made of. With G = (K + lambda I)^-1, beta_f the
/// errors of fold f, l' the loss's slope and v_f = (G_ff)^-1 l'(beta_f): a_f = G_:f v_f, and b_f the
/// coefficients of the model trained without f (zero on f);
/// d sum_f sum l(beta_f) = - sum_f a_fᵀ (dK + dlambda I) b_f, for l = beta²/2 with l' = beta.
struct FoldErrors {
  std::vector<double> errors; ///< structures x targets, column-major, eV per atom, on all ranks; 0: left out
  linalg::DistributedMatrix a, b; ///< structures x (folds x targets), column fold * targets + target
};

/// Collective. From G, both triangles.
FoldErrors differentiate_folds(const linalg::DistributedMatrix& inverse, const FoldTargets& targets,
                               const ErrorLoss& loss = {});

} // namespace soapstone::regression
