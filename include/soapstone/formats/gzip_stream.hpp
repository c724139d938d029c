// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/formats/byte_stream.hpp"

namespace soapstone::formats {

/// Decompresses gzip data of any number of members. By zlib itself because libarchive (3.6) checks neither
/// the CRC nor what follows the first member. Throws IoError for truncated or damaged data and for anything
/// but zeros after the last member.
std::unique_ptr<ByteStream> open_gzip(std::unique_ptr<ByteStream> source, const std::string& path);

} // namespace soapstone::formats
