// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/formats/compressed_stream.hpp"

#include "soapstone/base/error.hpp"
#include "soapstone/formats/archive_handle.hpp"

namespace soapstone::formats {

namespace {

class CompressedStream : public ByteStream {
public:
  CompressedStream(std::unique_ptr<ByteStream> source, const std::string& path)
      : archive_(std::move(source), path, ArchiveHandle::Content::compressed) {
    std::string name;
    bool is_file = false;
    ended_ = !archive_.next_entry(name, is_file);
  }

  std::size_t read(char* to, std::size_t capacity) override {
    const std::size_t count = ended_ ? 0 : archive_.read(to, capacity);
    if (count == 0 && capacity > 0 && !ended_) {
      ended_ = true;
      // A second bzip2 stream with a damaged header is no error to libarchive but the end of the data.
      if (const auto used = archive_.consumed(); used != archive_.drain())
        throw IoError("damaged: something other than compressed data follows the compressed data",
                      archive_.path());
    }
    return count;
  }

  double done() const override { return archive_.done(); }

private:
  ArchiveHandle archive_;
  bool ended_ = false;
};

} // namespace

std::unique_ptr<ByteStream> open_compressed(std::unique_ptr<ByteStream> source, const std::string& path) {
  return std::make_unique<CompressedStream>(std::move(source), path);
}

} // namespace soapstone::formats
