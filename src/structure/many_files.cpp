// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/structure/many_files.hpp"

#include <algorithm>
#include <filesystem>

namespace soapstone::structure {

namespace {

[[noreturn]] void refuse_empty(const std::string& path) {
  throw DataError("expected files named *.xyz or *.extxyz, found none", {path, -1, 0});
}

} // namespace

bool is_frame_file(const std::string& name, bool may_be_compressed) {
  const std::filesystem::path path(name);
  auto base = path.filename().string();
  if (base.starts_with('.'))
    return false;
  if (may_be_compressed)
    for (const char* extension : {".gz", ".bz2", ".xz", ".zst"})
      if (base.ends_with(extension))
        base = std::filesystem::path(base).stem().string();
  return base.ends_with(".xyz") || base.ends_with(".extxyz");
}

bool ManyFilesReader::next(Frame& frame) {
  for (;;) {
    if (!current_ && !(current_ = next_file()))
      return false;
    if (current_->next(frame))
      return true;
    current_.reset();
  }
}

std::vector<std::string> frame_files_of(const std::string& directory) {
  std::vector<std::string> paths;
  std::error_code failure;
  std::filesystem::directory_iterator entry(directory, failure);
  for (; !failure && entry != std::filesystem::directory_iterator(); entry.increment(failure))
    // Of a link that leads nowhere the reader tells.
    if (std::error_code unknown; is_frame_file(entry->path().string(), true) && !entry->is_directory(unknown))
      paths.push_back(entry->path().string());
  if (failure)
    throw IoError("the directory cannot be read: " + failure.message(), directory);
  std::sort(paths.begin(), paths.end());
  return paths;
}

DirectoryReader::DirectoryReader(const std::string& path, Format format)
    : paths_(frame_files_of(path)), format_(format) {
  if (paths_.empty())
    refuse_empty(path);
}

double DirectoryReader::done() const {
  return static_cast<double>(opened_) / static_cast<double>(paths_.size());
}

std::unique_ptr<FrameReader> DirectoryReader::next_file() {
  if (opened_ == paths_.size())
    return nullptr;
  const std::string& path = paths_[opened_++];
  return read_text(open_decompressed(path), path, format_);
}

std::unique_ptr<FrameReader> TarFrameReader::next_file() {
  std::string name;
  while (auto entry = archive_.next(name)) {
    if (!is_frame_file(name, false))
      continue;
    any_ = true;
    return read_text(std::move(entry), path_ + ":" + name, format_);
  }
  if (!any_)
    refuse_empty(path_);
  return nullptr;
}

} // namespace soapstone::structure
