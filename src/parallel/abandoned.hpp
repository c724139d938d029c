// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <span>

#include <mpi.h>

namespace soapstone::parallel {

/// Abandons what an exception leaves under way: neither to be finished nor to be freed, since that takes
/// ranks that may not come. Kept within reach until the process ends, so that it does not count as lost.
void abandon(MPI_Comm comm) noexcept;
void abandon(std::span<const MPI_Request> requests) noexcept;

} // namespace soapstone::parallel
