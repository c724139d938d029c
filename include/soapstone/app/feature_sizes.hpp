// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/kernel/kernel_spec.hpp"
#include "soapstone/linalg/process_grid.hpp"

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace soapstone::app {

/// Computes the bytes that the features of some structures take, without computing the features.
class FeatureSizes {
public:
  FeatureSizes(const std::vector<kernel::KernelSpec>& kernels,
               std::span<const structure::Structure> structures);

  /// Makes the following calls count as for a store that cuts no structure.
  void keep_whole() { part_ = std::numeric_limits<std::int64_t>::max(); }

  std::int64_t structures() const { return static_cast<std::int64_t>(atoms_.size()); }
  std::int64_t total() const { return kept_.of({0, structures()}, atoms_); }
  /// Returns the bytes on the rank that keeps most in a kernel::FeatureStore of this block size on this grid.
  std::int64_t largest_share(std::int64_t block, linalg::GridShape grid) const;
  /// Returns the bytes of the largest run into which the structures are cut.
  std::int64_t largest_run(const kernel::RunLimits& limits) const;
  /// Returns the bytes needed beside a run while its features are computed: the features before a contraction
  /// or before the average over each structure.
  std::int64_t work(const kernel::RunLimits& limits) const;
  /// Returns the limits of a store of this block size.
  kernel::RunLimits blocks_of(std::int64_t block) const { return {block, part_}; }
  std::int64_t runs(const kernel::RunLimits& limits) const; ///< number of runs
  bool is_cut(const kernel::RunLimits& limits) const;       ///< some runs are parts of structures
  std::int64_t largest_atoms(const kernel::RunLimits& limits) const;

private:
  /// Running sums over structures of the bytes of rows for atoms and of rows for structures.
  struct Sums {
    std::vector<std::int64_t> rows, means;
    void add(const kernel::KernelSpec& spec, std::span<const structure::Structure> structures);
    std::int64_t of(const kernel::FeatureRun& run, std::span<const std::int64_t> atoms) const;
  };
  /// The features of one kernel as the calculator makes them, before contraction and average.
  struct Full {
    Sums sums;
    bool contracted = false, averaged = false;
  };
  std::int64_t largest(const Sums& sums, const kernel::RunLimits& limits) const;

  std::vector<std::int64_t> atoms_;
  Sums kept_; ///< of all kernels
  std::vector<Full> full_;
  std::int64_t part_ = kernel::RunLimits{}.part;
};

} // namespace soapstone::app
