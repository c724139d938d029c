// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/kernel/feature_store.hpp"

#include "soapstone/base/check.hpp"
#include "soapstone/parallel/agree.hpp"
#include "soapstone/parallel/collectives.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace soapstone::kernel {

namespace {

std::size_t index(std::int64_t b) {
  return static_cast<std::size_t>(b);
}

/// Returns the blocks of the first n structures.
std::vector<FeatureRun> leading_runs(std::vector<FeatureRun> runs, std::int64_t n) {
  while (!runs.empty() && runs.back().first >= n)
    runs.pop_back();
  if (!runs.empty())
    runs.back().count = std::min(runs.back().count, n - runs.back().first);
  return runs;
}

} // namespace

FeatureStore::FeatureStore(const linalg::ProcessGrid& grid, std::span<const structure::Structure> structures,
                           std::int64_t block, FeatureFunction features, const StoreOptions& options,
                           const Progress& progress)
    : grid_(&grid), structures_(structures), block_(block), features_(std::move(features)),
      options_(options) {
  expects(block >= 1, "a positive block size");
  find_blocks(cut_runs(structures, {.structures = block, .part = options.part}));
  parallel::agree(grid.all(), [&] { compute_mine(progress); });
  share_sizes();
}

FeatureStore::FeatureStore(const FeatureStore& other, std::int64_t n)
    : grid_(other.grid_), structures_(other.structures_.first(static_cast<std::size_t>(n))),
      block_(other.block_), features_(other.features_), options_(other.options_) {
  find_blocks(leading_runs(other.runs_, n));
  parallel::agree(grid_->all(), [&] {
    for (const auto b : my_blocks_)
      take_over(other, b);
  });
  share_sizes();
}

void FeatureStore::take_over(const FeatureStore& other, std::int64_t b) {
  if (block_size(b) == other.block_size(b)) {
    if (other.keeps(b))
      kept_[b] = other.kept_.at(b);
    message_sizes_[index(b)] = other.message_sizes_[index(b)];
    rows_[index(b)] = other.rows_[index(b)];
    return;
  }
  features::FeatureBlock scratch;
  auto part = std::make_shared<const StoredBlock>(leading_structures(other.mine(b, scratch), block_size(b)),
                                                  options_.precision);
  note(b, *part);
  if (other.keeps(b))
    kept_[b] = std::move(part);
}

FeatureStore FeatureStore::first(std::int64_t n) const {
  expects(n >= 0 && n <= structures(), "no more structures than there are");
  return FeatureStore(*this, n);
}

int FeatureStore::owner(std::int64_t b) const {
  const auto [row, column] = place_of_block(b, grid_->shape());
  return grid_->rank_of(row, column);
}

void FeatureStore::find_blocks(std::vector<FeatureRun> runs) {
  runs_ = std::move(runs);
  for (std::int64_t b = 0; b < blocks(); ++b)
    is_cut_ = is_cut_ || first_structure(b) != b * block_ ||
              block_size(b) != std::min(block_, structures() - b * block_) || run(b).is_part();
  message_sizes_.assign(static_cast<std::size_t>(blocks()), 0);
  rows_ = message_sizes_;
  for (std::int64_t b = 0; b < blocks(); ++b)
    if (is_mine(b))
      my_blocks_.push_back(b);
}

features::FeatureBlock FeatureStore::compute(std::int64_t b) const {
  return features_(structures_, run(b));
}

void FeatureStore::compute_mine(const Progress& progress) {
  std::int64_t bytes = 0;
  for (const auto b : my_blocks_) {
    auto features = std::make_shared<const StoredBlock>(compute(b), options_.precision);
    note(b, *features);
    if (features->bytes() <= options_.memory - bytes) {
      bytes += features->bytes();
      kept_[b] = std::move(features);
    }
    if (progress)
      progress(static_cast<double>(b + 1) / static_cast<double>(blocks()));
  }
}

void FeatureStore::note(std::int64_t b, const StoredBlock& features) {
  message_sizes_[index(b)] = features.message_size();
  rows_[index(b)] = features.rows();
}

void FeatureStore::share_sizes() {
  const auto& comm = grid_->all();
  parallel::all_reduce(comm, std::span(message_sizes_));
  parallel::all_reduce(comm, std::span(rows_));
  environments_ = std::accumulate(rows_.begin(), rows_.end(), std::int64_t{0});
  keeps_all_ = parallel::all_reduce(comm, std::int32_t{kept_.size() == my_blocks_.size()}, MPI_MIN) != 0;
}

std::int64_t FeatureStore::kept_bytes() const {
  std::int64_t sum = 0;
  for (const auto& [b, features] : kept_)
    sum += features->bytes();
  return sum;
}

const features::FeatureBlock& FeatureStore::mine(std::int64_t b, features::FeatureBlock& scratch) const {
  if (const auto kept = kept_.find(b); kept != kept_.end())
    return kept->second->expand(scratch);
  return scratch = compute(b);
}

StoredBlock FeatureStore::stored(std::int64_t b) const {
  if (const auto kept = kept_.find(b); kept != kept_.end())
    return *kept->second;
  return {compute(b), options_.precision};
}

} // namespace soapstone::kernel
