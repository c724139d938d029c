// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/kernel/kernel_spec.hpp"
#include "soapstone/planning/machine.hpp"

#include <span>
#include <vector>

namespace soapstone::planning {

/// Holds what a rank of this machine does per second, measured in a second or two on a few structures of the
/// run.
struct Rates {
  std::int64_t structures = 0, environments = 0; ///< of the sample
  double setup_seconds = 0;                      ///< tables before the first feature, all kernels
  double environment_seconds = 0;                ///< features of one environment, all kernels
  double pair_seconds = 0;                       ///< kernel between two structures, all kernels
  double tile_gflops = 0;  ///< matrix products of those kernels, at the run's own widths
  double dgemm_gflops = 0; ///< a large matrix product
};

/// Collective. Every rank measures at the same time, as they would run; the slowest counts. The sample is
/// taken evenly out of `structures`.
Rates calibrate(const parallel::Communicator& comm, const Machine& machine,
                const std::vector<kernel::KernelSpec>& kernels,
                std::span<const structure::Structure> structures);

} // namespace soapstone::planning
