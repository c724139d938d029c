// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/formats/text_source.hpp"

#include "soapstone/base/text.hpp"

#include <algorithm>
#include <cstring>

namespace soapstone::formats {

namespace {

constexpr std::size_t first_buffer = std::size_t{1} << 14; // small: there may be one source per molecule
constexpr std::size_t largest_step = std::size_t{1} << 18;
constexpr std::size_t longest_line = std::size_t{1} << 26;
constexpr std::size_t longest_mark = 4;

} // namespace

TextSource::TextSource(std::unique_ptr<ByteStream> bytes, std::string name)
    : bytes_(std::move(bytes)), name_(std::move(name)), buffer_(first_buffer) {
  while (available() < longest_mark && refill()) {
  }
  const std::string_view start(buffer_.data(), available());
  if (is_utf16(start))
    throw DataError("is UTF-16 text: save it as UTF-8", {name_, -1, 0});
  first_ = start.size() - without_byte_order_mark(start).size();
}

bool TextSource::next(std::string_view& line) {
  Span span{};
  if (!locate(0, span))
    return false;
  line = text(span);
  first_ += span.next;
  ++line_;
  return true;
}

bool TextSource::peek(std::string_view& line, int ahead) {
  Span span{};
  for (; ahead >= 0; --ahead)
    if (!locate(span.next, span))
      return false;
  line = text(span);
  return true;
}

bool TextSource::locate(std::size_t from, Span& span) {
  std::size_t searched = from;
  do {
    const char* start = buffer_.data() + first_;
    if (const void* end = std::memchr(start + searched, '\n', available() - searched)) {
      const auto at = static_cast<std::size_t>(static_cast<const char*>(end) - start);
      span = {from, at, at + 1};
      return true;
    }
    searched = available();
    if (searched - from > longest_line)
      throw DataError("expected text, found a line of more than 64 MiB", {name_, -1, line_ + 1});
  } while (refill());
  span = {from, available(), available()};
  return from < available();
}

std::string_view TextSource::text(const Span& span) const {
  std::string_view line(buffer_.data() + first_ + span.begin, span.end - span.begin);
  if (line.ends_with('\r'))
    line.remove_suffix(1);
  return line;
}

bool TextSource::refill() {
  if (first_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + first_, available());
    last_ -= first_;
    first_ = 0;
  }
  if (last_ == buffer_.size())
    buffer_.resize(buffer_.size() < largest_step ? largest_step : 2 * buffer_.size());
  const std::size_t count = bytes_->read(buffer_.data() + last_, buffer_.size() - last_);
  last_ += count;
  return count != 0;
}

} // namespace soapstone::formats
