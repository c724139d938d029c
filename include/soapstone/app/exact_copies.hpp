// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/structure/structure.hpp"

#include <cstddef>
#include <span>

namespace soapstone::app {

/// Structures with the species, positions and cell of another, to the last bit.
struct ExactCopies {
  std::size_t count = 0;           ///< of the structures that were looked at
  std::size_t copy = 0, other = 0; ///< the first, and what it is a copy of
};

/// Those of `structures` that are among `others`.
ExactCopies copies_of(std::span<const structure::Structure> structures,
                      std::span<const structure::Structure> others);
/// Those of `structures` that are like an earlier one.
ExactCopies copies_within(std::span<const structure::Structure> structures);

} // namespace soapstone::app
