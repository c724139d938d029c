// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/kernel/kernel_spec.hpp"
#include "soapstone/linalg/distributed_matrix.hpp"
#include "soapstone/workflow/context.hpp"

#include <span>
#include <string>
#include <vector>

namespace soapstone::workflow {

/// Collective. The kernel between structures (stages "features", "kernel"), both triangles. Throws
/// ResourceError where it does not fit.
linalg::DistributedMatrix kernel_among(const Context& context, const std::vector<kernel::KernelSpec>& kernels,
                                       std::span<const structure::Structure> structures);

/// Collective. The kernel of `rows` (they are its rows) with `cols`. Throws ResourceError where it does not
/// fit.
linalg::DistributedMatrix kernel_between(const Context& context,
                                         const std::vector<kernel::KernelSpec>& kernels,
                                         std::span<const structure::Structure> rows,
                                         std::span<const structure::Structure> cols);

/// Collective. Writes the transpose of the matrix as /kernel of an HDF5 file (stage "write"), whose local
/// parts are then row by row. rows, columns: what those of the file are.
void write_transposed(Stages& stages, const linalg::DistributedMatrix& matrix, const std::string& path,
                      const std::string& rows, const std::string& columns);

} // namespace soapstone::workflow
