// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/formats/decompressed_file.hpp"

#include "soapstone/formats/compressed_stream.hpp"
#include "soapstone/formats/gzip_stream.hpp"

#include <algorithm>
#include <iterator>

namespace soapstone::formats {

namespace {

using namespace std::string_view_literals;

bool is_gzip(std::string_view start) {
  return start.starts_with("\x1f\x8b"sv);
}

bool is_compressed(std::string_view start) {
  constexpr std::string_view magics[] = {"BZh"sv,
                                         "\xfd"
                                         "7zXZ\0"sv,
                                         "LZIP"sv, "\x28\xb5\x2f\xfd"sv, "\x04\x22\x4d\x18"sv};
  return std::any_of(std::begin(magics), std::end(magics),
                     [&](std::string_view magic) { return start.starts_with(magic); });
}

} // namespace

std::unique_ptr<PeekStream> open_decompressed(const std::string& path) {
  auto stream = std::make_unique<PeekStream>(open_file(path));
  const std::string_view start = stream->peek(6);
  if (is_gzip(start))
    return std::make_unique<PeekStream>(open_gzip(std::move(stream), path));
  if (is_compressed(start))
    return std::make_unique<PeekStream>(open_compressed(std::move(stream), path));
  return stream;
}

} // namespace soapstone::formats
