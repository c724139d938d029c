// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/h5/file.hpp"
#include "soapstone/linalg/distributed_matrix.hpp"

#include <string>

namespace soapstone::regression {

// A symmetric matrix on the disk, half of it: panels of consecutive columns, each a data set of its own that
// holds these columns from the panel's first row down, column by column. GROUP/000000000256 starts with
// column 256. Nothing in it depends on the process grid.

/// Collective over the communicator of `file`, which is grid.all(). Writes the lower triangle of a square
/// matrix. Throws AgreedError.
void write_lower_triangle(h5::ParallelWriter& file, const std::string& group,
                          const linalg::DistributedMatrix& matrix);

/// Collective over grid.all(). The same triangle to the bit, on any grid and in any blocks; what stands above
/// it is not specified. Rank 0 reads panel by panel. Throws AgreedError, also when the stored matrix is not
/// of order n.
linalg::DistributedMatrix read_lower_triangle(const std::string& path, const std::string& group,
                                              const linalg::ProcessGrid& grid, std::int64_t n,
                                              std::int64_t block);

/// Returns the bytes that writing or reading such a matrix takes on a rank: a panel, and the file's windows.
std::int64_t lower_triangle_memory(std::int64_t n, std::int64_t block);

/// Bytes that a matrix of order n takes so.
double lower_triangle_bytes(std::int64_t n);

} // namespace soapstone::regression
