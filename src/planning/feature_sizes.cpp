// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/planning/feature_sizes.hpp"

#include "soapstone/kernel/feature_store.hpp"

#include <algorithm>
#include <numeric>

namespace soapstone::planning {

using kernel::FeatureRun;
using kernel::RunLimits;

void FeatureSizes::Sums::add(const kernel::KernelSpec& spec,
                             std::span<const structure::Structure> structures) {
  rows.resize(structures.size() + 1, 0);
  means.resize(structures.size() + 1, 0);
  std::int64_t sum = 0;
  for (std::size_t s = 0; s < structures.size(); ++s) {
    sum += kernel::feature_bytes(spec, structures[s]);
    (spec.zeta == 1 ? means : rows)[s + 1] += sum;
  }
}

std::int64_t FeatureSizes::Sums::of(const FeatureRun& run, std::span<const std::int64_t> atoms) const {
  if (rows.empty())
    return 0;
  const auto first = static_cast<std::size_t>(run.first),
             last = static_cast<std::size_t>(run.first + run.count);
  const auto all = rows[last] - rows[first];
  return means[last] - means[first] +
         (run.is_part()
              ? all / std::max<std::int64_t>(1, atoms[first]) * static_cast<std::int64_t>(run.atoms.count)
              : all);
}

FeatureSizes::FeatureSizes(const std::vector<kernel::KernelSpec>& kernels,
                           std::span<const structure::Structure> structures) {
  for (const auto& structure : structures)
    atoms_.push_back(static_cast<std::int64_t>(structure.size()));
  for (const auto& spec : kernels) {
    kept_.add(spec, structures);
    auto full = spec; // one row per environment, all columns
    full.zeta = 2;
    full.projection = nullptr;
    full_.push_back({{}, spec.projection != nullptr, spec.zeta == 1});
    full_.back().sums.add(full, structures);
  }
}

std::int64_t FeatureSizes::largest_share(std::int64_t block, linalg::GridShape grid) const {
  std::vector<std::int64_t> shares(static_cast<std::size_t>(grid.rows) * static_cast<std::size_t>(grid.cols),
                                   0);
  std::int64_t b = 0;
  for (const auto& run : kernel::cut_runs(atoms_, blocks_of(block))) {
    const auto [row, column] = kernel::place_of_block(b++, grid);
    const std::int64_t rank = std::int64_t{row} * grid.cols + column;
    shares[static_cast<std::size_t>(rank)] += kept_.of(run, atoms_);
  }
  return *std::max_element(shares.begin(), shares.end());
}

std::int64_t FeatureSizes::largest(const Sums& sums, const RunLimits& limits) const {
  std::int64_t most = 0;
  for (const auto& run : kernel::cut_runs(atoms_, limits))
    most = std::max(most, sums.of(run, atoms_));
  return most;
}

std::int64_t FeatureSizes::largest_run(const RunLimits& limits) const {
  return largest(kept_, limits);
}

std::int64_t FeatureSizes::runs(const RunLimits& limits) const {
  return static_cast<std::int64_t>(kernel::cut_runs(atoms_, limits).size());
}

bool FeatureSizes::is_cut(const RunLimits& limits) const {
  return std::any_of(atoms_.begin(), atoms_.end(), [&](auto atoms) { return atoms > limits.part; });
}

std::int64_t FeatureSizes::largest_atoms(const RunLimits& limits) const {
  std::int64_t most = 0;
  for (const auto& run : kernel::cut_runs(atoms_, limits)) {
    const auto first = atoms_.begin() + run.first;
    most = std::max(most, run.is_part() ? static_cast<std::int64_t>(run.atoms.count)
                                        : std::accumulate(first, first + run.count, std::int64_t{0}));
  }
  return most;
}

std::int64_t FeatureSizes::work(const RunLimits& limits) const {
  std::int64_t most = 0;
  for (const auto& full : full_) {
    auto batch = limits;
    if (full.contracted) {
      batch = is_cut(limits) ? limits : kernel::contracted_limits;
      batch.structures = std::min(limits.structures, kernel::contracted_limits.structures);
    }
    const auto rows = largest(full.sums, batch);
    if (full.contracted)
      most = std::max(most, kernel::projection_memory(rows, largest_run(batch)));
    else if (full.averaged)
      most = std::max(most, rows);
  }
  return most;
}

} // namespace soapstone::planning
