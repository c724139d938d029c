// SPDX-License-Identifier: BSD-3-Clause
// Files that a test writes, and what it expects of those who read them.
#pragma once

#include "soapstone/formats/text_source.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sstream>
#include <zlib.h>

namespace soapstone::formats {

/// A directory of this test's own that goes with it.
class Scratch {
public:
  Scratch() {
    std::string pattern = (std::filesystem::temp_directory_path() / "soapstone-XXXXXX").string();
    if (!mkdtemp(pattern.data()))
      throw std::runtime_error("no temporary directory");
    folder_ = pattern;
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  std::string file(const std::string& name, const std::string& content) const {
    std::ofstream(path(name), std::ios::binary) << content;
    return path(name);
  }
  std::string folder() const { return folder_.string(); }

private:
  std::filesystem::path folder_;
};

/// Bytes in memory as a stream that hands them out `step` at a time.
class MemoryStream : public ByteStream {
public:
  explicit MemoryStream(std::string bytes, std::size_t step = 7) : bytes_(std::move(bytes)), step_(step) {}
  std::size_t read(char* to, std::size_t capacity) override {
    const std::size_t count = std::min({capacity, step_, bytes_.size() - at_});
    std::copy_n(bytes_.data() + at_, count, to);
    at_ += count;
    return count;
  }
  double done() const override {
    return bytes_.empty() ? 0 : static_cast<double>(at_) / static_cast<double>(bytes_.size());
  }

private:
  std::string bytes_;
  std::size_t step_, at_ = 0;
};

inline std::unique_ptr<TextSource> text_of(const std::string& content, const std::string& name = "test.xyz") {
  return std::make_unique<TextSource>(std::make_unique<MemoryStream>(content), name);
}

inline std::string slurp(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream all;
  all << in.rdbuf();
  return all.str();
}

inline std::string drain(ByteStream& stream) {
  std::string all(1000, '\0'), result;
  while (const std::size_t count = stream.read(all.data(), all.size()))
    result.append(all, 0, count);
  return result;
}

inline std::string gzip(const std::string& content) {
  const Scratch scratch;
  const std::string path = scratch.path("x.gz");
  const gzFile file = gzopen(path.c_str(), "wb");
  gzwrite(file, content.data(), static_cast<unsigned>(content.size()));
  gzclose(file);
  return slurp(path);
}

/// A tar archive of the named contents; or, with one content and `raw`, the content itself. Filter: "none",
/// "gzip", "bzip2", "xz", "zstd".
inline std::string pack(const std::vector<std::pair<std::string, std::string>>& files,
                        const std::string& filter, bool raw = false) {
  const Scratch scratch;
  const std::string path = scratch.path("x");
  struct archive* out = archive_write_new();
  if (filter != "none")
    archive_write_add_filter_by_name(out, filter.c_str());
  raw ? archive_write_set_format_raw(out) : archive_write_set_format_ustar(out);
  archive_write_open_filename(out, path.c_str());
  for (const auto& [name, content] : files) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, name.c_str());
    archive_entry_set_size(entry, static_cast<la_int64_t>(content.size()));
    archive_entry_set_filetype(entry, name.ends_with('/') ? AE_IFDIR : AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_write_header(out, entry);
    archive_write_data(out, content.data(), content.size());
    archive_entry_free(entry);
  }
  archive_write_free(out);
  return slurp(path);
}

/// Text that does not compress to nothing: distinct numbers.
inline std::string varied_text(std::int64_t lines) {
  std::string text;
  for (std::int64_t i = 0; i < lines; ++i)
    text += std::to_string(i * 2654435761 % 1000003) + " " + std::to_string(i * i % 7919) + "\n";
  return text;
}

/// `action` throws a DataError about that frame and line whose message contains all of `parts`.
template <typename Action>
void expect_data_error(Action&& action, std::int64_t frame, std::int64_t line,
                       const std::vector<std::string>& parts) {
  try {
    action();
    ADD_FAILURE() << "no DataError; expected one with " << testing::PrintToString(parts);
  } catch (const DataError& error) {
    EXPECT_EQ(error.location().frame, frame) << error.what();
    EXPECT_EQ(error.location().line, line) << error.what();
    for (const auto& part : parts)
      EXPECT_THAT(error.what(), testing::HasSubstr(part));
  }
}

} // namespace soapstone::formats
