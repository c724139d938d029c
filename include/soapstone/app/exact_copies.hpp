// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/structure/structure.hpp"

#include <cstddef>
#include <span>

namespace soapstone::app {

/// Tells how many structures have the species, positions and cell of another one, to the last bit.
struct ExactCopies {
  std::size_t count = 0;           ///< structures that are copies
  std::size_t copy = 0, other = 0; ///< the first copy, and the structure that it copies
};

/// Finds those of `structures` that are among `others`.
ExactCopies copies_of(std::span<const structure::Structure> structures,
                      std::span<const structure::Structure> others);
/// Finds those of `structures` that equal an earlier one.
ExactCopies copies_within(std::span<const structure::Structure> structures);

} // namespace soapstone::app
