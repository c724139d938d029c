// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace soapstone::linalg {

/// Block-cyclic distribution of one dimension of `size` indices over `processes` processes in blocks of
/// `block`; the first block is on process 0. All block-cyclic index arithmetic of the program is here.
///
///     global  0 1 | 2 3 | 4 5 | 6 7 | 8        size 9, block 2, 2 processes
///     process   0 |   1 |   0 |   1 | 0
///     local   0 1 | 0 1 | 2 3 | 2 3 | 4
class BlockCyclic {
public:
  /// Throws InternalError unless size >= 0, block >= 1 and 0 <= me < processes (me = -1: a process that owns
  /// nothing).
  BlockCyclic(std::int64_t size, std::int64_t block, int processes, int me);

  std::int64_t size() const noexcept { return size_; }
  std::int64_t block() const noexcept { return block_; }
  int processes() const noexcept { return processes_; }
  int me() const noexcept { return me_; }
  std::int64_t blocks() const noexcept;                    ///< number of blocks of the whole dimension
  std::int64_t block_size(std::int64_t block_index) const; ///< the last block may be short
  int owner_of_block(std::int64_t block_index) const noexcept;
  int owner(std::int64_t global) const noexcept;
  bool is_mine(std::int64_t global) const noexcept { return owner(global) == me_; }
  std::int64_t local_size() const noexcept { return local_size_of(me_); } ///< indices that I own
  std::int64_t local_size_of(int process) const noexcept;                 ///< NUMROC
  std::int64_t mine_below(std::int64_t global) const noexcept; ///< how many of my indices are < global
  std::int64_t to_local(std::int64_t global) const noexcept;   ///< local index on its owner
  std::int64_t to_global(std::int64_t local) const noexcept;   ///< of one of my local indices

private:
  std::int64_t count_below(std::int64_t end, int process) const noexcept;
  std::int64_t size_, block_;
  int processes_, me_;
};

} // namespace soapstone::linalg
