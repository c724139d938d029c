// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/base/text.hpp"
#include "soapstone/formats/decompressed_file.hpp"
#include "soapstone/formats/extxyz_reader.hpp"
#include "soapstone/formats/many_files.hpp"
#include "soapstone/formats/qm9_reader.hpp"
#include "soapstone/formats/tokens.hpp"

#include <filesystem>

namespace soapstone::formats {

namespace {

constexpr std::size_t tar_block = 512;
constexpr int most_blank_lines = 64; // before the first frame; a reader skips any number

// QM9 is known by its second line; everything else is extended XYZ, whose reader says what is wrong with it.
Format detect(TextSource& text) {
  std::string_view line;
  int first = 0;
  while (first < most_blank_lines && text.peek(line, first) && is_blank(line))
    ++first;
  return text.peek(line, first + 1) && is_qm9_property_line(line) ? Format::qm9 : Format::extxyz;
}

} // namespace

std::unique_ptr<FrameReader> read_text(std::unique_ptr<ByteStream> bytes, const std::string& name,
                                       Format format) {
  auto text = std::make_unique<TextSource>(std::move(bytes), name);
  if (format == Format::automatic)
    format = detect(*text);
  if (format == Format::qm9)
    return std::make_unique<Qm9Reader>(std::move(text));
  return std::make_unique<ExtxyzReader>(std::move(text));
}

std::unique_ptr<FrameReader> open_frames(const std::string& path, Format format) {
  std::error_code unknown; // open_decompressed says what is wrong with the path
  if (std::filesystem::is_directory(path, unknown))
    return std::make_unique<DirectoryReader>(path, format);
  auto bytes = open_decompressed(path);
  if (looks_like_tar(bytes->peek(tar_block)))
    return std::make_unique<TarFrameReader>(std::move(bytes), path, format);
  return read_text(std::move(bytes), path, format);
}

} // namespace soapstone::formats
