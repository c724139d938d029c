// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/formats/gzip_stream.hpp"

#include "soapstone/base/error.hpp"

#include <algorithm>
#include <vector>
#include <zlib.h>

namespace soapstone::formats {

namespace {

constexpr int gzip_window =
    15 + 16; // largest window; + 16 asks zlib for gzip's header and trailer (zlib.h, inflateInit2)

class GzipStream : public ByteStream {
public:
  GzipStream(std::unique_ptr<ByteStream> source, std::string path)
      : source_(std::move(source)), path_(std::move(path)), input_(read_chunk) {
    if (inflateInit2(&state_, gzip_window) != Z_OK)
      throw ResourceError("zlib cannot be initialised to read " + path_);
  }
  ~GzipStream() override { inflateEnd(&state_); }
  GzipStream(const GzipStream&) = delete;
  GzipStream& operator=(const GzipStream&) = delete;

  std::size_t read(char* to, std::size_t capacity) override {
    const auto wanted = static_cast<uInt>(std::min(capacity, read_chunk));
    state_.next_out = reinterpret_cast<Bytef*>(to);
    state_.avail_out = wanted;
    while (state_.avail_out == wanted && !ended_)
      advance();
    return wanted - state_.avail_out;
  }

  double done() const override { return source_->done(); }

private:
  void advance() {
    if (between_members_ && !begin_member())
      return;
    if (state_.avail_in == 0 && !refill())
      throw IoError("truncated: the gzip data end too early", path_);
    const int status = inflate(&state_, Z_NO_FLUSH);
    if (status == Z_STREAM_END)
      between_members_ = true; // CRC and length of this member were right
    else if (status != Z_OK)
      throw IoError(std::string("damaged gzip data: ") + (state_.msg ? state_.msg : "no details"), path_);
  }

  // What follows a member: the end, zero padding up to the end, or another member. inflate checks its header.
  bool begin_member() {
    if (state_.avail_in == 0 && !refill()) {
      ended_ = true;
      return false;
    }
    if (*state_.next_in == 0) {
      skip_zeros();
      return false;
    }
    between_members_ = false;
    inflateReset(&state_);
    return true;
  }

  void skip_zeros() {
    do {
      if (std::any_of(state_.next_in, state_.next_in + state_.avail_in, [](Bytef b) { return b != 0; }))
        throw IoError("damaged: something other than gzip data follows the gzip data", path_);
    } while (refill());
    ended_ = true;
  }

  bool refill() {
    state_.next_in = input_.data();
    state_.avail_in = static_cast<uInt>(source_->read(reinterpret_cast<char*>(input_.data()), input_.size()));
    return state_.avail_in != 0;
  }

  std::unique_ptr<ByteStream> source_;
  std::string path_;
  std::vector<Bytef> input_;
  z_stream state_{};
  bool between_members_ = false, ended_ = false;
};

} // namespace

std::unique_ptr<ByteStream> open_gzip(std::unique_ptr<ByteStream> source, const std::string& path) {
  return std::make_unique<GzipStream>(std::move(source), path);
}

} // namespace soapstone::formats
