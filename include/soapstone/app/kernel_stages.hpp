// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/app/context.hpp"
#include "soapstone/kernel/kernel_sum.hpp"

#include <span>
#include <vector>

namespace soapstone::app {

/// Collective. The stage "features": those of all kernels, spread over the grid, of which a rank keeps
/// `memory` bytes.
kernel::KernelSum run_features(const Context& context, const std::vector<kernel::KernelSpec>& kernels,
                               std::span<const structure::Structure> structures, std::int64_t block,
                               std::int64_t memory);

/// Collective. The stage "kernel": the lower triangle of the kernel between the structures of `features`.
linalg::DistributedMatrix run_assembly(Stages& stages, kernel::KernelSum& features, std::int64_t row_memory);

} // namespace soapstone::app
