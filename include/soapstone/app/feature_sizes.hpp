// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/kernel/kernel_spec.hpp"
#include "soapstone/linalg/process_grid.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace soapstone::app {

/// Bytes that the features of some structures take, without computing them.
class FeatureSizes {
public:
  FeatureSizes(const std::vector<kernel::KernelSpec>& kernels,
               std::span<const structure::Structure> structures);

  std::int64_t structures() const { return static_cast<std::int64_t>(sums_.size()) - 1; }
  std::int64_t total() const { return sums_.back(); }
  /// Of what the rank with most keeps in a kernel::FeatureStore of this block size on this grid.
  std::int64_t largest_share(std::int64_t block, linalg::GridShape grid) const;
  /// Of the largest run of `count` structures that starts at a multiple of `count`.
  std::int64_t largest_run(std::int64_t count) const;
  /// What is needed beside a run of `count` structures while its features are computed: those before a
  /// contraction or an average over each structure.
  std::int64_t work(std::int64_t count) const;

private:
  /// Running sums of the bytes of one kernel's features as the calculator makes them.
  struct Full {
    std::vector<std::int64_t> sums;
    bool contracted = false, averaged = false;
  };
  std::vector<std::int64_t> sums_; ///< of all kernels, of the rows that are kept
  std::vector<Full> full_;
};

} // namespace soapstone::app
