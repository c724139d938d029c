// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/structure/structure.hpp"

#include <span>
#include <string>
#include <vector>

namespace soapstone::structure {

/// Origins of many structures, for messages.
struct FlatOrigins {
  std::string files;                ///< names one after the other, each ended by a zero byte
  std::vector<std::int64_t> places; ///< structures x 3: number of the file (-1: none), frame, line
};

/// Origins of structures; files whose structures follow each other are named once.
FlatOrigins flatten_origins(std::span<const Structure> structures);

/// The inverse: sets the origins of as many structures. Throws InternalError when they are not as many.
void set_origins(std::span<Structure> structures, const FlatOrigins& flat);

} // namespace soapstone::structure
