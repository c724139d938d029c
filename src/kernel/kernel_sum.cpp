// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/kernel/kernel_sum.hpp"

#include "soapstone/base/check.hpp"
#include "soapstone/kernel/apply.hpp"

#include <utility>

namespace soapstone::kernel {

namespace {

/// The progress of part `i` of `count` as progress of the whole.
Progress part_progress(const Progress& progress, std::size_t i, std::size_t count) {
  if (!progress)
    return {};
  return [&progress, i, count](double share) {
    progress((static_cast<double>(i) + share) / static_cast<double>(count));
  };
}

} // namespace

KernelSum::KernelSum(const linalg::ProcessGrid& grid, const std::vector<KernelSpec>& kernels,
                     std::span<const structure::Structure> structures, std::int64_t block,
                     std::int64_t memory, const Progress& progress)
    : grid_(&grid), structures_(static_cast<std::int64_t>(structures.size())), block_(block) {
  parts_.reserve(kernels.size());
  for (const auto& spec : kernels) {
    auto features = make_features(spec);
    FeatureStore store(grid, structures, block, features, {spec.precision, memory},
                       part_progress(progress, parts_.size(), kernels.size()));
    memory -= store.kept_bytes();
    parts_.push_back({spec, std::move(features), std::move(store), pairwise_coupling(spec)});
  }
}

KernelSum::KernelSum(const KernelSum& other, std::int64_t n)
    : grid_(other.grid_), structures_(n), block_(other.block_) {
  for (const auto& part : other.parts_)
    parts_.push_back({part.spec, part.features, part.store.first(n), part.coupling});
}

KernelSum KernelSum::first(std::int64_t n) const {
  return KernelSum(*this, n);
}

std::int64_t KernelSum::environments() const {
  std::int64_t sum = 0;
  for (const auto& part : parts_)
    sum += part.store.environments();
  return sum;
}

linalg::DistributedMatrix KernelSum::assemble(std::int64_t row_memory, const Progress& progress) {
  linalg::DistributedMatrix matrix(*grid_, structures_, structures_, block_);
  flops_ = 0;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const auto& [spec, features, store, coupling] = parts_[i];
    flops_ += assemble_kernel(matrix, store, store,
                              {spec.zeta, spec.weight, Extent::lower, row_memory, coupling.get()},
                              part_progress(progress, i, parts_.size()));
  }
  return matrix;
}

linalg::DistributedMatrix KernelSum::assemble_against(const KernelSum& rows, std::int64_t row_memory,
                                                      const Progress& progress) {
  expects(rows.parts_.size() == parts_.size(), "the same kernels on both sides");
  linalg::DistributedMatrix matrix(*grid_, rows.structures_, structures_, block_);
  flops_ = 0;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const auto& [spec, features, store, coupling] = parts_[i];
    flops_ += assemble_kernel(matrix, rows.parts_[i].store, store,
                              {spec.zeta, spec.weight, Extent::full, row_memory, coupling.get()},
                              part_progress(progress, i, parts_.size()));
  }
  return matrix;
}

std::vector<double> KernelSum::apply(std::span<const structure::Structure> structures,
                                     const std::vector<double>& coefficients, std::int64_t k,
                                     const Progress& progress, RowsOf rows) const {
  std::vector<double> sum(static_cast<std::size_t>(count_rows(structures, rows) * k), 0.0);
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const auto& [spec, features, store, coupling] = parts_[i];
    const auto part = apply_kernel(
        store, structures, rows == RowsOf::structures ? features : make_features(spec, rows), coefficients,
        {spec.zeta, spec.weight, k, rows, coupling.get()}, part_progress(progress, i, parts_.size()));
    for (std::size_t j = 0; j < sum.size(); ++j)
      sum[j] += part[j];
  }
  return sum;
}

} // namespace soapstone::kernel
