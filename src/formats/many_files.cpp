// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/formats/many_files.hpp"

#include "soapstone/base/text.hpp"
#include "soapstone/formats/decompressed_file.hpp"

#include <algorithm>
#include <filesystem>

namespace soapstone::formats {

namespace {

[[noreturn]] void refuse_empty(const std::string& path, const std::string& instead) {
  throw DataError("expected files named *.xyz or *.extxyz, found none" +
                      (instead.empty() ? "" : "; " + instead),
                  {path, -1, 0});
}

// Returns "2 sub-folders (a, b)", or nothing if there are none.
std::string counted(std::vector<std::string> names, const char* noun) {
  constexpr std::size_t most_names = 3;
  if (names.empty())
    return {};
  std::sort(names.begin(), names.end());
  std::string text = format_count(static_cast<std::int64_t>(names.size()), noun) + " (";
  for (std::size_t i = 0; i < std::min(names.size(), most_names); ++i)
    text += (i == 0 ? "" : ", ") + names[i];
  return text + (names.size() > most_names ? ", ...)" : ")");
}

} // namespace

bool is_frame_file(const std::string& name, bool may_be_compressed) {
  auto base = to_lower(std::filesystem::path(name).filename().string());
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

FolderContents contents_of(const std::string& directory) {
  FolderContents contents;
  std::error_code failure;
  std::filesystem::directory_iterator entry(directory, failure);
  for (; !failure && entry != std::filesystem::directory_iterator(); entry.increment(failure)) {
    std::error_code unknown; // The reader reports links that lead nowhere.
    const auto name = entry->path().filename().string();
    if (name.starts_with('.'))
      continue;
    if (entry->is_directory(unknown))
      contents.folders.push_back(name);
    else if (is_frame_file(name, true))
      contents.files.push_back(entry->path().string());
    else
      contents.others.push_back(name);
  }
  if (failure)
    throw IoError("the directory cannot be read: " + failure.message(), directory);
  std::sort(contents.files.begin(), contents.files.end());
  return contents;
}

std::vector<std::string> frame_files_of(const std::string& directory) {
  return contents_of(directory).files;
}

DirectoryReader::DirectoryReader(const std::string& path, Format format)
    : contents_(contents_of(path)), format_(format) {
  if (contents_.files.empty())
    refuse_empty(path, left_out());
}

std::string DirectoryReader::left_out() const {
  const auto folders = counted(contents_.folders, "sub-folder"),
             others = counted(contents_.others, "other file");
  if (folders.empty() && others.empty())
    return {};
  return "left out " + folders + (folders.empty() || others.empty() ? "" : " and ") + others +
         ": of a folder, files named *.xyz or *.extxyz (also .gz, .bz2, .xz, .zst) are read, and no "
         "sub-folders";
}

double DirectoryReader::done() const {
  return static_cast<double>(opened_) / static_cast<double>(contents_.files.size());
}

std::unique_ptr<FrameReader> DirectoryReader::next_file() {
  if (opened_ == contents_.files.size())
    return nullptr;
  const std::string& path = contents_.files[opened_++];
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
    refuse_empty(path_, {});
  return nullptr;
}

} // namespace soapstone::formats
