// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/formats/archive_handle.hpp"

#include "soapstone/base/error.hpp"

#include <algorithm>
#include <archive.h>
#include <archive_entry.h>

namespace soapstone::formats {

namespace {

// Only decoders that run inside this process: libarchive would start external programs for some others.
void accept_filters(struct archive* handle) {
  archive_read_support_filter_bzip2(handle);
  archive_read_support_filter_xz(handle);
  archive_read_support_filter_lzip(handle);
  archive_read_support_filter_zstd(handle);
  archive_read_support_filter_lz4(handle);
}

std::size_t count_trailing_zeros(const std::vector<char>& bytes, std::size_t size) {
  const auto last = bytes.begin() + static_cast<std::ptrdiff_t>(size);
  const auto found =
      std::find_if(std::make_reverse_iterator(last), bytes.rend(), [](char c) { return c != 0; });
  return static_cast<std::size_t>(last - found.base());
}

} // namespace

ArchiveHandle::ArchiveHandle(std::unique_ptr<ByteStream> source, std::string path, Content content)
    : source_(std::move(source)), path_(std::move(path)), buffer_(read_chunk), handle_(archive_read_new()) {
  if (!handle_)
    throw ResourceError("libarchive cannot be initialised to read " + path_);
  try {
    if (content == Content::compressed) {
      accept_filters(handle_);
      archive_read_support_format_raw(handle_);
    } else {
      archive_read_support_format_tar(handle_);
    }
    archive_read_support_format_empty(handle_);
    checked(archive_read_open(handle_, this, nullptr, &ArchiveHandle::supply, nullptr));
  } catch (...) {
    archive_read_free(handle_); // no destructor runs for a constructor that throws
    throw;
  }
}

ArchiveHandle::~ArchiveHandle() {
  archive_read_free(handle_);
}

bool ArchiveHandle::next_entry(std::string& name, bool& is_file) {
  archive_entry* entry = nullptr;
  if (checked(archive_read_next_header(handle_, &entry)) == ARCHIVE_EOF)
    return false;
  const char* path = archive_entry_pathname(entry);
  name = path ? path : "";
  is_file = archive_entry_filetype(entry) == AE_IFREG;
  return true;
}

std::size_t ArchiveHandle::read(char* to, std::size_t capacity) {
  const auto count = archive_read_data(handle_, to, capacity);
  if (count < 0)
    fail();
  return static_cast<std::size_t>(count);
}

std::size_t ArchiveHandle::consumed() const {
  return static_cast<std::size_t>(archive_filter_bytes(handle_, -1));
}

std::size_t ArchiveHandle::drain() {
  while (refill() != 0) {
  }
  return supplied_;
}

std::size_t ArchiveHandle::refill() {
  const std::size_t count = source_->read(buffer_.data(), buffer_.size());
  const std::size_t zeros = count_trailing_zeros(buffer_, count);
  trailing_zeros_ = zeros == count ? trailing_zeros_ + count : zeros;
  supplied_ += count;
  return count;
}

std::ptrdiff_t ArchiveHandle::supply(struct archive* handle, void* self, const void** data) {
  auto& mine = *static_cast<ArchiveHandle*>(self);
  try { // an exception must not pass through C code
    *data = mine.buffer_.data();
    return static_cast<std::ptrdiff_t>(mine.refill());
  } catch (const std::exception& error) {
    mine.failure_ = std::current_exception();
    archive_set_error(handle, -1, "%s", error.what());
    return ARCHIVE_FATAL;
  }
}

int ArchiveHandle::checked(int status) {
  if (status != ARCHIVE_OK && status != ARCHIVE_EOF && status != ARCHIVE_WARN)
    fail();
  return status;
}

void ArchiveHandle::fail() {
  if (failure_)
    std::rethrow_exception(failure_);
  const char* reason = archive_error_string(handle_);
  throw IoError(std::string("truncated or damaged: ") + (reason ? reason : "the data end too early"), path_);
}

} // namespace soapstone::formats
