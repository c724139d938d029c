// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <limits>

namespace soapstone::survey {

inline constexpr std::size_t most_listed = 10;    ///< entries of a list of what was found
inline constexpr std::size_t histogram_bins = 60; ///< of a histogram
/// The number that stands in place of a number that a frame does not have.
inline constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

} // namespace soapstone::survey
