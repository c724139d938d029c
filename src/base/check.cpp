// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/base/check.hpp"

namespace soapstone {

void expects(bool condition, const char* what, std::source_location place) {
  if (!condition)
    throw InternalError(std::string("expected ") + what + " in " + place.function_name() + " (" +
                        place.file_name() + ":" + std::to_string(place.line()) + ")");
}

} // namespace soapstone
