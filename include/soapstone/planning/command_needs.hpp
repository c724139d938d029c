// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/planning/memory_check.hpp"
#include "soapstone/regression/model.hpp"

#include <span>
#include <vector>

namespace soapstone::planning {

// The needs of commands that train no model, on any machine.

/// `kernel`: between the structures of data.structures and those of --against (none: the same).
NeedOn kernel_command_need(const std::vector<kernel::KernelSpec>& kernels,
                           std::span<const structure::Structure> structures,
                           std::span<const structure::Structure> against);

/// Returns what `predict` needs with the model's compact forms if it has any, else with the features of its
/// training set.
NeedOn predict_command_need(const regression::Model& model, std::span<const structure::Structure> structures);

/// Returns what `features` needs: dense rows of a share of the environments, and the features of some of them
/// as they are made.
NeedOn features_command_need(const kernel::KernelSpec& spec,
                             std::span<const structure::Structure> structures);

} // namespace soapstone::planning
