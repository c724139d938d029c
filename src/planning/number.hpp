// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace soapstone::planning {

inline constexpr std::int64_t number = sizeof(double); ///< bytes of a number of an array

} // namespace soapstone::planning
