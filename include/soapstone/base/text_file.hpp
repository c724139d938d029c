// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <string_view>

namespace soapstone {

/// The whole file, which may be empty. Throws IoError "cannot read `what`".
std::string read_text_file(const std::string& path, const std::string& what);

/// Writes a file that appears whole or not at all (AtomicFile). Throws IoError.
void write_text_file(const std::string& path, std::string_view text);

} // namespace soapstone
