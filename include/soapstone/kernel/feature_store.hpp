// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/base/progress.hpp"
#include "soapstone/linalg/process_grid.hpp"
#include "soapstone/soap/feature_block.hpp"
#include "soapstone/structure/structure.hpp"

#include <functional>
#include <map>
#include <span>
#include <vector>

namespace soapstone::kernel {

/// Features of a run of structures; pure, called on any rank for any run.
using FeatureFunction = std::function<soap::FeatureBlock(std::span<const structure::Structure>)>;

/// Features of many structures, cut into blocks of consecutive structures, every block on one rank of a
/// process grid. Block b lives in grid column b mod Q, where a block-cyclic matrix needs it as columns, and
/// the blocks of one grid column go round its rows:
///
///     grid 2 x 3      block  0 1 2 3 4 5 6 7 8
///                     column 0 1 2 0 1 2 0 1 2
///                     row    0 0 0 1 1 1 0 0 0
class FeatureStore {
public:
  /// Collective over grid.all(). Computes the features of my blocks. Errors of any rank are agreed.
  FeatureStore(const linalg::ProcessGrid& grid, std::span<const structure::Structure> structures,
               std::int64_t block, const FeatureFunction& features, const Progress& progress = {});

  const linalg::ProcessGrid& grid() const noexcept { return *grid_; }
  std::int64_t structures() const noexcept { return structures_; }
  std::int64_t block() const noexcept { return block_; }
  std::int64_t blocks() const noexcept { return (structures_ + block_ - 1) / block_; }
  std::int64_t block_size(std::int64_t b) const;
  int owner(std::int64_t b) const; ///< rank in grid().all()
  bool is_mine(std::int64_t b) const { return owner(b) == grid_->all().rank(); }
  const soap::FeatureBlock& mine(std::int64_t b) const { return mine_.at(b); } ///< one of my own blocks
  const std::map<std::int64_t, soap::FeatureBlock>& all_mine() const noexcept { return mine_; }
  /// Doubles of block b as a message; known on every rank.
  std::int64_t message_size(std::int64_t b) const { return message_sizes_[static_cast<std::size_t>(b)]; }
  std::int64_t environments() const noexcept { return environments_; } ///< over all ranks

private:
  void compute_mine(std::span<const structure::Structure> structures, const FeatureFunction& features,
                    const Progress& progress);
  void share_sizes();

  const linalg::ProcessGrid* grid_;
  std::int64_t structures_, block_, environments_ = 0;
  std::map<std::int64_t, soap::FeatureBlock> mine_;
  std::vector<std::int64_t> message_sizes_;
};

} // namespace soapstone::kernel
