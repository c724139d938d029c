// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

namespace soapstone::h5 {

/// The path that a target really has: symbolic links followed. Throws IoError if the target is something else
/// than a regular file (nothing may be renamed over /dev/null) or its folder does not exist.
std::string resolve_target(const std::string& target);

/// A name ".<name>.<pid>.tmp" in the target's folder that no file has yet; the end of a <name> near the limit
/// of the file system is left out, so that every target can be written.
std::string temporary_name(const std::string& target);

/// Brings a finished temporary file to the disk and renames it over the target, then brings the folder to the
/// disk. Throws IoError.
void publish(const std::string& temporary, const std::string& target);

} // namespace soapstone::h5
