// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/base/check.hpp"

namespace soapstone {

void expects(bool condition, const char* what, const char* function, const char* file, int line) {
  if (!condition)
    throw InternalError(std::string("expected ") + what + " in " + function + " (" + file + ":" +
                        std::to_string(line) + ")");
}

} // namespace soapstone
