// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/workflow/finding.hpp"

namespace soapstone::workflow {

std::string to_string(Severity severity) {
  return severity == Severity::fault ? "fault" : severity == Severity::look ? "warning" : "note";
}

} // namespace soapstone::workflow
