// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/app/context.hpp"
#include "soapstone/kernel/kernel_sum.hpp"

#include <functional>
#include <optional>
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

/// Features that are computed when they are first asked for: a run that goes on from a kernel matrix may do
/// without.
class LazyFeatures {
public:
  explicit LazyFeatures(std::function<kernel::KernelSum()> compute) : compute_(std::move(compute)) {}
  explicit LazyFeatures(kernel::KernelSum features) : features_(std::move(features)) {}

  /// Collective where they are not there yet. Valid until release().
  kernel::KernelSum& get() {
    if (!features_)
      features_.emplace(compute_());
    return *features_;
  }
  void release() { features_.reset(); } ///< their memory

private:
  std::function<kernel::KernelSum()> compute_;
  std::optional<kernel::KernelSum> features_;
};

} // namespace soapstone::app
