// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/kernel/assembly.hpp"
#include "soapstone/kernel/kernel_spec.hpp"

#include <limits>
#include <span>
#include <vector>

namespace soapstone::kernel {

/// The weighted sum of one or more kernels (eqs. 18, 19 of Willatt, Musil, Ceriotti, PCCP 20, 29661 (2018))
/// over a fixed set of structures, whose features it keeps spread over the ranks of a grid.
class KernelSum {
public:
  /// Collective over grid.all(). Computes the features of all kernels, of which a rank keeps `memory` bytes;
  /// the rest it computes anew whenever it is needed. The structures outlive the sum.
  KernelSum(const linalg::ProcessGrid& grid, const std::vector<KernelSpec>& kernels,
            std::span<const structure::Structure> structures, std::int64_t block,
            std::int64_t memory = std::numeric_limits<std::int64_t>::max(), const Progress& progress = {});

  KernelSum(const linalg::ProcessGrid&, const std::vector<KernelSpec>&, std::vector<structure::Structure>&&,
            std::int64_t, std::int64_t = 0, const Progress& = {}) = delete; // they would not outlive the sum

  /// Collective. The first n structures alone: features are shared with this sum.
  KernelSum first(std::int64_t n) const;

  /// Collective. The kernel between all structures, lower triangle (diagonal blocks in full). `row_memory`:
  /// see AssemblyOptions.
  linalg::DistributedMatrix assemble(std::int64_t row_memory, const Progress& progress = {});

  /// Collective. The kernel with the structures of another sum of the same kernels as rows, all of it: other
  /// x these.
  linalg::DistributedMatrix assemble_against(const KernelSum& rows, std::int64_t row_memory,
                                             const Progress& progress = {});

  /// Collective. K(new, these) x for coefficients x (these x k, column-major): new x k on every rank; or with
  /// RowsOf::environments what each environment of the new structures contributes: its mean over a structure
  /// is that.
  std::vector<double> apply(std::span<const structure::Structure> structures,
                            const std::vector<double>& coefficients, std::int64_t k,
                            const Progress& progress = {}, RowsOf rows = RowsOf::structures) const;

  std::int64_t block() const noexcept { return block_; } ///< structures per feature block
  std::size_t kernels() const { return parts_.size(); }
  const KernelSpec& spec(std::size_t i) const { return parts_.at(i).spec; }
  const FeatureStore& store(std::size_t i) const { return parts_.at(i).store; }
  std::int64_t structures() const { return structures_; }
  std::int64_t environments() const;      ///< over all ranks and kernels
  double flops() const { return flops_; } ///< of this rank's last assembly

private:
  KernelSum(const KernelSum& other, std::int64_t n);
  struct Part {
    KernelSpec spec;
    FeatureFunction features;
    FeatureStore store;
    std::shared_ptr<const PairwiseCoupling> coupling; ///< of these features, or null
  };
  const linalg::ProcessGrid* grid_;
  std::int64_t structures_, block_;
  std::vector<Part> parts_;
  double flops_ = 0;
};

} // namespace soapstone::kernel
