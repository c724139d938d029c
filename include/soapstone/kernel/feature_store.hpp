// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/base/progress.hpp"
#include "soapstone/features/feature_block.hpp"
#include "soapstone/kernel/feature_function.hpp"
#include "soapstone/kernel/stored_block.hpp"
#include "soapstone/linalg/process_grid.hpp"
#include "soapstone/structure/structure.hpp"

#include <limits>
#include <map>
#include <memory>
#include <span>
#include <vector>

namespace soapstone::kernel {

/// Says in what precision features are kept, and how many.
struct StoreOptions {
  /// The precision in which features are kept. float32 loses nothing of a function that rounds to it
  /// (KernelSpec::precision).
  Precision precision = Precision::float64;
  /// Bytes of features that a rank keeps. Blocks beyond are computed anew whenever they are needed.
  std::int64_t memory = std::numeric_limits<std::int64_t>::max();
  std::int64_t part = RunLimits{}.part; ///< atoms beyond which structures are cut
};

/// Returns the bytes that computing a block anew takes, whose features take `run` bytes, and `work` while
/// they are computed: the block as it is computed and as it is stored.
constexpr std::int64_t block_again_memory(std::int64_t run, std::int64_t work) {
  return 2 * run + work;
}

/// Returns the place on a grid of the rank that has block b of a FeatureStore: {row, column}.
constexpr std::pair<int, int> place_of_block(std::int64_t b, linalg::GridShape shape) {
  return {static_cast<int>(b / shape.cols % shape.rows), static_cast<int>(b % shape.cols)};
}

/// Features of many structures, cut into blocks of consecutive structures, every block on one rank of a
/// process grid. Block b lives in grid column b mod Q, where a block-cyclic matrix needs it as columns, and
/// the blocks of one grid column go round its rows:
///
///     grid 2 x 3      block  0 1 2 3 4 5 6 7 8
///                     column 0 1 2 0 1 2 0 1 2
///                     row    0 0 0 1 1 1 0 0 0
///
/// Where a structure is large the blocks are cut by atoms (see cut_runs) and do not fit the matrix: their
/// products are added up by structures afterwards.
class FeatureStore {
public:
  /// Collective over grid.all(). Computes the features of my blocks and keeps what fits. Errors of any rank
  /// are agreed. The structures outlive the store.
  FeatureStore(const linalg::ProcessGrid& grid, std::span<const structure::Structure> structures,
               std::int64_t block, FeatureFunction features, const StoreOptions& options = {},
               const Progress& progress = {});

  FeatureStore(const linalg::ProcessGrid&, std::vector<structure::Structure>&&, std::int64_t, FeatureFunction,
               const StoreOptions& = {}, const Progress& = {}) = delete; // they would not outlive the store

  /// Collective. The first n structures alone: kept features are shared with this store.
  FeatureStore first(std::int64_t n) const;

  const linalg::ProcessGrid& grid() const noexcept { return *grid_; }
  std::int64_t structures() const noexcept { return static_cast<std::int64_t>(structures_.size()); }
  std::int64_t block() const noexcept { return block_; } ///< structures of a block, unless it is cut
  std::int64_t blocks() const noexcept { return static_cast<std::int64_t>(runs_.size()); }
  const FeatureRun& run(std::int64_t b) const { return runs_[static_cast<std::size_t>(b)]; }
  std::int64_t first_structure(std::int64_t b) const { return run(b).first; } ///< of block b
  std::int64_t block_size(std::int64_t b) const { return run(b).count; } ///< structures with a row in block b
  bool is_cut() const noexcept { return is_cut_; } ///< blocks are not of block() structures each
  int owner(std::int64_t b) const;                 ///< rank in grid().all()
  bool is_mine(std::int64_t b) const { return owner(b) == grid_->all().rank(); }
  const std::vector<std::int64_t>& my_blocks() const noexcept { return my_blocks_; } ///< ascending

  bool keeps(std::int64_t b) const { return kept_.count(b) != 0; } ///< one of my own blocks
  bool keeps_all() const noexcept { return keeps_all_; }           ///< every rank all of its blocks
  std::int64_t kept_bytes() const;                                 ///< on this rank
  std::int64_t memory() const noexcept { return options_.memory; } ///< that kept_bytes() may reach

  /// Features of one of my own blocks in float64: those kept, or what is computed or expanded into `scratch`.
  const features::FeatureBlock& mine(std::int64_t b, features::FeatureBlock& scratch) const;
  /// Returns the same in the precision of the store.
  StoredBlock stored(std::int64_t b) const;
  /// Calls visit(b, features) for all my blocks, in order.
  template <typename Visit>
  void for_each_mine(Visit&& visit) const {
    features::FeatureBlock scratch;
    for (const auto b : my_blocks_)
      visit(b, mine(b, scratch));
  }

  /// Length of block b as a message (StoredBlock::message); known on every rank.
  std::int64_t message_size(std::int64_t b) const { return message_sizes_[static_cast<std::size_t>(b)]; }
  std::int64_t environments() const noexcept { return environments_; } ///< over all ranks

private:
  FeatureStore(const FeatureStore& other, std::int64_t n);
  void find_blocks(std::vector<FeatureRun> runs);
  void compute_mine(const Progress& progress);
  void take_over(const FeatureStore& other, std::int64_t b);
  void note(std::int64_t b, const StoredBlock& features);
  void share_sizes();
  features::FeatureBlock compute(std::int64_t b) const;

  const linalg::ProcessGrid* grid_;
  std::span<const structure::Structure> structures_;
  std::int64_t block_;
  FeatureFunction features_;
  StoreOptions options_;
  std::vector<FeatureRun> runs_; ///< of every block
  bool is_cut_ = false;
  std::vector<std::int64_t> my_blocks_;
  std::map<std::int64_t, std::shared_ptr<const StoredBlock>> kept_;
  std::vector<std::int64_t> message_sizes_, rows_; ///< of every block
  std::int64_t environments_ = 0;
  bool keeps_all_ = true;
};

} // namespace soapstone::kernel
