// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/formats/byte_stream.hpp"

#include "soapstone/base/error.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

namespace soapstone::formats {

namespace {

struct CloseFile {
  void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};

class FileStream : public ByteStream {
public:
  explicit FileStream(const std::string& path) : path_(path), file_(std::fopen(path.c_str(), "rb")) {
    if (!file_)
      throw IoError(std::string("cannot be opened: ") + std::strerror(errno), path);
    std::setvbuf(file_.get(), nullptr, _IONBF, 0); // every reader above has a buffer of its own
    std::error_code none;
    const auto size = std::filesystem::file_size(path, none);
    size_ = none ? 0 : size;
  }

  std::size_t read(char* to, std::size_t capacity) override {
    const std::size_t count = std::fread(to, 1, capacity, file_.get());
    if (count < capacity && std::ferror(file_.get()))
      throw IoError(std::string("cannot be read: ") + std::strerror(errno), path_);
    consumed_ += count;
    return count;
  }

  double done() const override {
    return size_ == 0 ? 0.0 : std::min(1.0, static_cast<double>(consumed_) / static_cast<double>(size_));
  }

private:
  std::string path_;
  std::unique_ptr<std::FILE, CloseFile> file_;
  std::uintmax_t size_ = 0, consumed_ = 0;
};

} // namespace

std::string_view PeekStream::peek(std::size_t count) {
  while (ahead_.size() < count) {
    const std::size_t had = ahead_.size();
    ahead_.resize(count);
    const std::size_t got = source_->read(ahead_.data() + had, count - had);
    ahead_.resize(had + got);
    if (got == 0)
      break;
  }
  return std::string_view(ahead_).substr(0, count);
}

std::size_t PeekStream::read(char* to, std::size_t capacity) {
  if (ahead_.empty())
    return source_->read(to, capacity);
  const std::size_t count = std::min(capacity, ahead_.size());
  std::memcpy(to, ahead_.data(), count);
  ahead_.erase(0, count);
  return count;
}

std::unique_ptr<ByteStream> open_file(const std::string& path) {
  return std::make_unique<FileStream>(path);
}

} // namespace soapstone::formats
