// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/linalg/logical_block.hpp"

#include <atomic>
#include <cstddef>

namespace {
std::atomic<std::int64_t> queries{0};
}

/// Called by PBLAS instead of ScaLAPACK's function of that name (PBLAS/SRC/pilaenv.f): arguments are context
/// and precision.
extern "C" int pilaenv_(int*, char*, std::size_t);
extern "C" int pilaenv_(int*, char*, std::size_t) {
  queries.fetch_add(1, std::memory_order_relaxed);
  return soapstone::linalg::logical_block;
}

namespace soapstone::linalg {

std::int64_t logical_block_queries() noexcept {
  return queries.load(std::memory_order_relaxed);
}

void link_logical_block() noexcept {}

} // namespace soapstone::linalg
