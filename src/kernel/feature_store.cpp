// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/kernel/feature_store.hpp"

#include "soapstone/base/check.hpp"
#include "soapstone/kernel/message.hpp"
#include "soapstone/parallel/agree.hpp"
#include "soapstone/parallel/collectives.hpp"

#include <algorithm>

namespace soapstone::kernel {

FeatureStore::FeatureStore(const linalg::ProcessGrid& grid, std::span<const structure::Structure> structures,
                           std::int64_t block, const FeatureFunction& features, const Progress& progress)
    : grid_(&grid), structures_(static_cast<std::int64_t>(structures.size())), block_(block) {
  expects(block >= 1, "a positive block size");
  parallel::agree(grid.all(), [&] { compute_mine(structures, features, progress); });
  share_sizes();
}

std::int64_t FeatureStore::block_size(std::int64_t b) const {
  return std::min(block_, structures_ - b * block_);
}

int FeatureStore::owner(std::int64_t b) const {
  const auto shape = grid_->shape();
  return grid_->rank_of(static_cast<int>(b / shape.cols % shape.rows), static_cast<int>(b % shape.cols));
}

void FeatureStore::compute_mine(std::span<const structure::Structure> structures,
                                const FeatureFunction& features, const Progress& progress) {
  for (std::int64_t b = 0; b < blocks(); ++b) {
    if (!is_mine(b))
      continue;
    mine_.emplace(b, features(structures.subspan(static_cast<std::size_t>(b * block_),
                                                 static_cast<std::size_t>(block_size(b)))));
    if (progress)
      progress(static_cast<double>(b + 1) / static_cast<double>(blocks()));
  }
}

void FeatureStore::share_sizes() {
  message_sizes_.assign(static_cast<std::size_t>(blocks()) + 1, 0);
  for (const auto& [b, features] : mine_) {
    message_sizes_[static_cast<std::size_t>(b)] = kernel::message_size(features);
    for (const auto& group : features.groups)
      message_sizes_.back() += group.rows();
  }
  parallel::all_reduce(grid_->all(), std::span(message_sizes_));
  environments_ = message_sizes_.back();
}

} // namespace soapstone::kernel
