// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <optional>
#include <string_view>

namespace soapstone::structure {

inline constexpr int max_atomic_number = 118; ///< Og

/// Chemical symbol of atomic number z in 1..118, e.g. "C".
std::string_view element_symbol(int z);

/// Atomic number of a symbol (exact case), or nothing.
std::optional<int> atomic_number(std::string_view symbol);

} // namespace soapstone::structure
