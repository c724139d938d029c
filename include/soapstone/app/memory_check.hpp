// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/app/session.hpp"
#include "soapstone/kernel/kernel_spec.hpp"

#include <span>

namespace soapstone::app {

/// Bytes that a rank needs for a kernel matrix and the features behind it.
struct MemoryNeed {
  std::int64_t matrix = 0;   ///< largest local part of the kernel matrix
  std::int64_t features = 0; ///< features of the structures that a rank owns
  std::int64_t gathered =
      0; ///< features of other ranks' rows, if all were gathered at once; fewer cost more passes
  std::int64_t least() const { return matrix + features + (gathered > 0 ? gathered / 8 : 0); }
};

MemoryNeed kernel_memory(const Session& session, const std::vector<kernel::KernelSpec>& kernels,
                         std::span<const structure::Structure> rows,
                         std::span<const structure::Structure> cols, std::int64_t block);

/// Throws ResourceError with the remedy when `need.least()` exceeds what a rank has. Returns the bytes that
/// are left for gathering rows.
std::int64_t require_memory(Session& session, const MemoryNeed& need);

} // namespace soapstone::app
