// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/base/error.hpp"

#include <source_location>
#include <string>
#include <type_traits>
#include <utility>

namespace soapstone {

/// Throws InternalError with the caller's place unless `condition` holds. For preconditions, never for user
/// input.
void expects(bool condition, const char* what, std::source_location place = std::source_location::current());

/// Integer conversion that throws ResourceError instead of wrapping around.
template <typename To, typename From>
To narrow(From value, const char* what = "an integer") {
  static_assert(std::is_integral_v<To> && std::is_integral_v<From>);
  if (!std::in_range<To>(value))
    throw ResourceError(std::string(what) + " = " + std::to_string(value) + " does not fit its " +
                        std::to_string(8 * sizeof(To)) + "-bit type");
  return static_cast<To>(value);
}

} // namespace soapstone
