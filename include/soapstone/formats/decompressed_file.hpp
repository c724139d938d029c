// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/formats/byte_stream.hpp"

#include <memory>
#include <string>

namespace soapstone::formats {

/// The content of the file at `path`, decompressed if it begins like gzip, bzip2, xz, lzip, zstd or lz4 data.
/// Checksums are verified: a truncated or damaged file ends in an IoError, never silently.
std::unique_ptr<PeekStream> open_decompressed(const std::string& path);

} // namespace soapstone::formats
