// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/planning/checkpoint_value.hpp"

#include "soapstone/regression/kernel_file.hpp"

namespace soapstone::planning {

namespace {

// Bytes per second through rank 0, checksums and fsync included: a local disk took 250 to 470 MB/s.
constexpr double file_rate = 200e6;

} // namespace

KernelCheckpointValue kernel_checkpoint_value(std::int64_t n, double recompute_seconds) {
  const double bytes = regression::lower_triangle_bytes(n);
  return {bytes, 2 * bytes / file_rate, recompute_seconds};
}

} // namespace soapstone::planning
