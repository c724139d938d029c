// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

namespace soapstone {

/// The whole file, which may be empty. Throws IoError "cannot read `what`".
std::string read_text_file(const std::string& path, const std::string& what);

} // namespace soapstone
