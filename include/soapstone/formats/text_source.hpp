// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/base/error.hpp"
#include "soapstone/formats/byte_stream.hpp"

#include <string_view>
#include <vector>

namespace soapstone::formats {

/// Reads the lines of a text, without their ends (LF or CRLF) and UTF-8's byte order mark at its beginning.
/// Throws DataError for UTF-16. Takes the memory of the longest line, which must not be longer than 64 MiB.
class TextSource {
public:
  TextSource(std::unique_ptr<ByteStream> bytes, std::string name);
  /// The next line, valid until the next call of next or peek; false at the end. Throws IoError as the stream
  /// does and DataError for a line beyond the limit.
  bool next(std::string_view& line);
  /// The line that follows `ahead` others, without reading on; the same validity and errors.
  bool peek(std::string_view& line, int ahead = 0);
  /// Number of the line that next gave last, from 1.
  std::int64_t line_number() const noexcept { return line_; }
  const std::string& name() const noexcept { return name_; }
  double done() const { return bytes_->done(); }

private:
  struct Span {
    std::size_t begin, end, next; ///< from first_ on
  };
  bool locate(std::size_t from, Span& span);
  std::string_view text(const Span& span) const;
  std::size_t available() const noexcept { return last_ - first_; }
  bool refill();

  std::unique_ptr<ByteStream> bytes_;
  std::string name_;
  std::vector<char> buffer_;
  std::size_t first_ = 0, last_ = 0; ///< what of the buffer has not been read
  std::int64_t line_ = 0;
};

} // namespace soapstone::formats
