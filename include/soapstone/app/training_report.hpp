// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/app/model_stages.hpp"
#include "soapstone/app/report.hpp"

namespace soapstone::app {

/// Per kernel what its contraction does, or null: method, features before and after, residual_variance.
Json contraction_json(const std::vector<kernel::KernelSpec>& kernels);

/// Per kernel null, or elements, u (channels x elements), when environment vectors are normalised, and the
/// form.
Json coupling_json(const std::vector<kernel::KernelSpec>& kernels);

/// "solver": name, and what it has of unknowns, preconditioner_columns, backward_error, residual,
/// residual_before_refinement, and of each of `targets`: name, iterations, converged, residual, history.
Json solver_json(const SolverRecord& record);

/// "checkpoint": file, what the run went on from, what it wrote; null without a file.
Json checkpoint_json(const CheckpointRecord& record);

/// "float32_effect": mean_ev, max_ev (eV per structure), structures; or null.
Json rounding_json(const std::optional<RoundingEffect>& effect);

} // namespace soapstone::app
