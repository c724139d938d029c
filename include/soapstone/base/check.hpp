// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/base/error.hpp"

#include <string>
#include <type_traits>
#include <utility>

namespace soapstone {

/// Throws InternalError with the caller's place unless `condition` holds. For preconditions, never for user
/// input. The caller's place by built-in functions: clang 14 has no std::source_location.
void expects(bool condition, const char* what, const char* function = __builtin_FUNCTION(),
             const char* file = __builtin_FILE(), int line = __builtin_LINE());

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
