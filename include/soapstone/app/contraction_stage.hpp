// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/app/options.hpp"
#include "soapstone/app/stages.hpp"
#include "soapstone/kernel/kernel_spec.hpp"

#include <span>
#include <vector>

namespace soapstone::app {

/// Collective. Fits the contraction that the options of each kernel ask for on a sample of `structures`
/// (stage "contraction"; none if no kernel has one), and tells what they keep.
void run_contraction(Stages& stages, const std::vector<KernelOptions>& options,
                     std::span<const structure::Structure> structures,
                     std::vector<kernel::KernelSpec>& kernels);

} // namespace soapstone::app
