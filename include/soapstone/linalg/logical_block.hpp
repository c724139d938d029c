// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace soapstone::linalg {

/// PBLAS cuts its work into logical blocks whose size it asks of `pilaenv_`; ScaLAPACK's own answers 32,
/// which halves the speed of today's GEMMs. The program defines its own `pilaenv_`, which answers this.
inline constexpr int logical_block = 128;

/// Returns how often PBLAS has asked in this process: more than 0 after any product shows that our definition
/// is the one in effect.
std::int64_t logical_block_queries() noexcept;

/// Does nothing, but what calls it makes the linker take our `pilaenv_` out of the static library.
void link_logical_block() noexcept;

} // namespace soapstone::linalg
