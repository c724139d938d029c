// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace soapstone::formats {

inline constexpr std::size_t read_chunk = std::size_t{1} << 18; ///< bytes that are read at once

/// Bytes one after the other, from a file or from another stream.
class ByteStream {
public:
  virtual ~ByteStream() = default;
  /// Fills `to` with up to `capacity` bytes and returns how many; 0 at the end. Throws IoError where the
  /// bytes cannot be had whole.
  virtual std::size_t read(char* to, std::size_t capacity) = 0;
  /// Share of the underlying file that has been consumed, in [0, 1]; 0 where its size is unknown.
  virtual double done() const = 0;
};

/// A stream of which the first bytes can be looked at before they are read.
class PeekStream : public ByteStream {
public:
  explicit PeekStream(std::unique_ptr<ByteStream> source) : source_(std::move(source)) {}
  /// The first `count` bytes not yet read, or all there are.
  std::string_view peek(std::size_t count);
  std::size_t read(char* to, std::size_t capacity) override;
  double done() const override { return source_->done(); }

private:
  std::unique_ptr<ByteStream> source_;
  std::string ahead_;
};

/// The bytes of the file at `path` as they are on disk. Throws IoError when it cannot be opened.
std::unique_ptr<ByteStream> open_file(const std::string& path);

} // namespace soapstone::formats
