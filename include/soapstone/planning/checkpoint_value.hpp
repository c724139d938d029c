// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace soapstone::planning {

/// Says whether the kernel matrix of a training run is worth a checkpoint.
struct KernelCheckpointValue {
  double bytes = 0;             ///< of the file
  double seconds = 0;           ///< to write it and to read it again
  double recompute_seconds = 0; ///< what a run that goes on from it saves
  bool pays() const { return recompute_seconds > seconds; }
};

/// Returns it for n structures, at the rate of a slow file system.
KernelCheckpointValue kernel_checkpoint_value(std::int64_t n, double recompute_seconds);

} // namespace soapstone::planning
