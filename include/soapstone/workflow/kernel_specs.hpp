// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/kernel/kernel_spec.hpp"
#include "soapstone/options/options.hpp"
#include "soapstone/workflow/context.hpp"

#include <span>
#include <vector>

namespace soapstone::workflow {

/// Collective. The kernels of the configuration, for their species.elements or else these, with their species
/// coupling, their contractions fitted on a sample of `structures` (stage "contraction").
std::vector<kernel::KernelSpec> kernel_specs(const Context& context,
                                             const options::Configuration& configuration,
                                             const std::vector<int>& elements,
                                             std::span<const structure::Structure> structures);

/// Collective. The first of these kernels alone, with features of every environment whatever its exponent.
kernel::KernelSpec environment_spec(const Context& context, const options::Configuration& configuration,
                                    std::span<const structure::Structure> structures);

} // namespace soapstone::workflow
