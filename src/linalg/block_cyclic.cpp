// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/linalg/block_cyclic.hpp"

#include "soapstone/base/check.hpp"

#include <algorithm>

namespace soapstone::linalg {

BlockCyclic::BlockCyclic(std::int64_t size, std::int64_t block, int processes, int me)
    : size_(size), block_(block), processes_(processes), me_(me) {
  expects(size >= 0 && block >= 1, "a block-cyclic dimension has size >= 0 and block >= 1");
  expects(processes >= 1 && me >= -1 && me < processes,
          "a block-cyclic process is -1 or one of the processes");
}

std::int64_t BlockCyclic::blocks() const noexcept {
  return size_ / block_ + (size_ % block_ != 0); // not (size + block - 1) / block, which could overflow
}

std::int64_t BlockCyclic::block_size(std::int64_t block_index) const {
  expects(block_index >= 0 && block_index < blocks(), "block index within the dimension");
  return std::min(block_, size_ - block_index * block_);
}

int BlockCyclic::owner_of_block(std::int64_t block_index) const noexcept {
  return static_cast<int>(block_index % processes_);
}

int BlockCyclic::owner(std::int64_t global) const noexcept {
  return owner_of_block(global / block_);
}

std::int64_t BlockCyclic::local_size_of(int process) const noexcept {
  return count_below(size_, process);
}

std::int64_t BlockCyclic::mine_below(std::int64_t global) const noexcept {
  return count_below(std::clamp<std::int64_t>(global, 0, size_), me_);
}

// Counts, of the indices 0 .. end-1, whole rounds of blocks, then what the unfinished round gives the
// process.
std::int64_t BlockCyclic::count_below(std::int64_t end, int process) const noexcept {
  if (process < 0)
    return 0;
  const std::int64_t whole = end / block_;
  const std::int64_t rounds = whole / processes_;
  const std::int64_t extra = whole % processes_;
  if (process < extra)
    return (rounds + 1) * block_;
  return rounds * block_ + (process == extra ? end % block_ : 0);
}

std::int64_t BlockCyclic::to_local(std::int64_t global) const noexcept {
  return global / block_ / processes_ * block_ + global % block_;
}

std::int64_t BlockCyclic::to_global(std::int64_t local) const noexcept {
  return (local / block_ * processes_ + me_) * block_ + local % block_;
}

} // namespace soapstone::linalg
