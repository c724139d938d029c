// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/feature_sizes.hpp"

#include <algorithm>

namespace soapstone::app {

namespace {

constexpr std::int64_t contracted_batch = 64; // structures whose full features exist at once: make_features

std::vector<std::int64_t> running_sums(const kernel::KernelSpec& spec,
                                       std::span<const structure::Structure> structures) {
  std::vector<std::int64_t> sums{0};
  sums.reserve(structures.size() + 1);
  for (const auto& structure : structures)
    sums.push_back(sums.back() + kernel::feature_bytes(spec, structure));
  return sums;
}

std::int64_t largest(const std::vector<std::int64_t>& sums, std::int64_t count) {
  const auto n = static_cast<std::int64_t>(sums.size()) - 1;
  std::int64_t most = 0;
  for (std::int64_t first = 0; first < n; first += count)
    most = std::max(most, sums[static_cast<std::size_t>(std::min(n, first + count))] -
                              sums[static_cast<std::size_t>(first)]);
  return most;
}

} // namespace

FeatureSizes::FeatureSizes(const std::vector<kernel::KernelSpec>& kernels,
                           std::span<const structure::Structure> structures)
    : sums_(structures.size() + 1, 0) {
  for (const auto& spec : kernels) {
    const auto kept = running_sums(spec, structures);
    for (std::size_t s = 0; s < sums_.size(); ++s)
      sums_[s] += kept[s];
    auto full = spec; // one row per environment, all columns
    full.zeta = 2;
    full.reduction = nullptr;
    full_.push_back({running_sums(full, structures), spec.reduction != nullptr, spec.zeta == 1});
  }
}

std::int64_t FeatureSizes::largest_share(std::int64_t block, linalg::GridShape grid) const {
  std::vector<std::int64_t> shares(static_cast<std::size_t>(grid.rows) * static_cast<std::size_t>(grid.cols),
                                   0);
  for (std::int64_t b = 0; b * block < structures(); ++b) {
    const auto owner = b / grid.cols % grid.rows * grid.cols + b % grid.cols; // as FeatureStore::owner
    shares[static_cast<std::size_t>(owner)] +=
        sums_[static_cast<std::size_t>(std::min(structures(), (b + 1) * block))] -
        sums_[static_cast<std::size_t>(b * block)];
  }
  return *std::max_element(shares.begin(), shares.end());
}

std::int64_t FeatureSizes::largest_run(std::int64_t count) const {
  return largest(sums_, count);
}

std::int64_t FeatureSizes::work(std::int64_t count) const {
  std::int64_t most = 0;
  for (const auto& full : full_) {
    const auto batch = full.contracted ? std::min(count, contracted_batch) : count;
    // A contraction also holds its rows twice before they are appended to the block's.
    if (full.contracted || full.averaged)
      most = std::max(most, largest(full.sums, batch) + (full.contracted ? 2 * largest_run(batch) : 0));
  }
  return most;
}

} // namespace soapstone::app
