// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/formats/frame.hpp"
#include "soapstone/formats/tar_reader.hpp"

namespace soapstone::formats {

/// Returns a reader of the frames of one text, in the format asked for or detected.
std::unique_ptr<FrameReader> read_text(std::unique_ptr<ByteStream> bytes, const std::string& name,
                                       Format format);

/// Returns whether a file of a directory or an archive is read: *.xyz or *.extxyz in any case (also with .gz,
/// .bz2, .xz or .zst in a directory), unless it is hidden.
bool is_frame_file(const std::string& name, bool may_be_compressed);

/// The contents of a directory: paths of the files that are read, sorted by name, and names of the folders
/// and the other files. Hidden ones do not count.
struct FolderContents {
  std::vector<std::string> files, folders, others;
};

/// Lists a directory. Throws IoError where it cannot be read.
FolderContents contents_of(const std::string& directory);

/// Returns the files of a directory (not of those within it) that are read, sorted by name. Throws
/// IoError where the directory cannot be read.
std::vector<std::string> frame_files_of(const std::string& directory);

/// The frames of many files, one file after the other. Throws DataError at once where there is no file to
/// read.
class ManyFilesReader : public FrameReader {
public:
  bool next(Frame& frame) override;

protected:
  /// Opens the next file, or returns nullptr after the last.
  virtual std::unique_ptr<FrameReader> next_file() = 0;

private:
  std::unique_ptr<FrameReader> current_;
};

/// The files of a directory, in the order of frame_files_of().
class DirectoryReader : public ManyFilesReader {
public:
  DirectoryReader(const std::string& path, Format format);
  double done() const override;
  std::string left_out() const override;

protected:
  std::unique_ptr<FrameReader> next_file() override;

private:
  FolderContents contents_;
  std::size_t opened_ = 0;
  Format format_;
};

/// The files of a tar archive, in its order.
class TarFrameReader : public ManyFilesReader {
public:
  TarFrameReader(std::unique_ptr<ByteStream> bytes, std::string path, Format format)
      : path_(std::move(path)), format_(format), archive_(std::move(bytes), path_) {}
  double done() const override { return archive_.done(); }

protected:
  std::unique_ptr<FrameReader> next_file() override;

private:
  std::string path_;
  Format format_;
  TarReader archive_;
  bool any_ = false;
};

} // namespace soapstone::formats
