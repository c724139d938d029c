// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/formats/byte_stream.hpp"

namespace soapstone::formats {

/// Decompresses bzip2, xz, lzip, zstd or lz4 data. Throws IoError for truncated or damaged data and for
/// anything after its end.
std::unique_ptr<ByteStream> open_compressed(std::unique_ptr<ByteStream> source, const std::string& path);

} // namespace soapstone::formats
