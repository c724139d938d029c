// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/base/progress.hpp"
#include "soapstone/kernel/kernel_spec.hpp"
#include "soapstone/linalg/matrix_view.hpp"
#include "soapstone/parallel/communicator.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace soapstone::regression {

/// Bytes of features that a batch has at most, unless a single structure or a part of it has more.
inline constexpr std::int64_t most_batch_bytes = std::int64_t{1} << 29;

/// Uses the features of a batch of structures, or of a part of one, in kernel `kernel`: adds to (or otherwise
/// updates) out (batch.structures x columns), which starts with zeros.
using BatchWork = std::function<void(std::size_t kernel, const features::FeatureBlock& batch,
                                     linalg::MatrixView<double> out)>;

/// The meaning of the rows and columns of the result.
struct BatchResult {
  kernel::RowsOf rows = kernel::RowsOf::structures;
  /// Columns at the end that are maxima over the environments of a structure; others are sums over its parts.
  std::int64_t maxima = 0;
};

/// Returns the limits of the batches. They are the same on any number of ranks, so that products round alike.
kernel::RunLimits batch_limits(std::vector<kernel::KernelSpec> kernels,
                               std::span<const structure::Structure> structures);

/// Collective over `comm`. Returns, on every rank, structures x columns (column-major). The features of
/// batches of structures are computed on the ranks in turn, passed to `work` one kernel after the other, and
/// discarded; large structures are cut into parts. The result has the same bits on any number of ranks. With
/// RowsOf::environments it has rows of environments instead of structures.
std::vector<double> for_batches(const parallel::Communicator& comm,
                                const std::vector<kernel::KernelSpec>& kernels,
                                std::span<const structure::Structure> structures, std::int64_t columns,
                                const BatchWork& work, const Progress& progress = {},
                                const BatchResult& result = {});

} // namespace soapstone::regression
