// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/finding.hpp"

namespace soapstone::app {

std::string to_string(Severity severity) {
  return severity == Severity::fault ? "fault" : severity == Severity::look ? "warning" : "note";
}

} // namespace soapstone::app
