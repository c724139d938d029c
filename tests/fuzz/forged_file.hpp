// SPDX-License-Identifier: BSD-3-Clause
// Changes to an HDF5 file by the library itself, so that all checks of the format hold for what is wrong.
#pragma once

#include "soapstone/base/text.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <hdf5.h>
#include <unistd.h>

namespace soapstone::fuzz {

/// A file of its own, in memory where the system has such; removed at the end.
class ScratchFile {
public:
  ScratchFile() {
    std::error_code none;
    const char* where = std::filesystem::is_directory("/dev/shm", none) ? "/dev/shm" : "/tmp";
    path_ = std::string(where) + "/soapstone-fuzz-XXXXXX";
    const int descriptor = mkstemp(path_.data());
    if (descriptor < 0)
      throw std::runtime_error("no scratch file " + path_);
    close(descriptor);
  }
  ~ScratchFile() { unlink(path_.c_str()); }
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;

  const std::string& path() const { return path_; }
  void fill(const std::string& bytes) const {
    std::ofstream(path_, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  }
  std::string content() const {
    std::ifstream file(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

private:
  std::string path_;
};

/// Closed without complaint where an operation failed: a recipe may say what cannot be done.
class ForgedFile {
public:
  explicit ForgedFile(const std::string& path) {
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
    file_ = H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
  }
  ~ForgedFile() { H5Fclose(file_); }
  ForgedFile(const ForgedFile&) = delete;
  ForgedFile& operator=(const ForgedFile&) = delete;

  void attribute(const std::string& object, const std::string& name, std::string_view kind,
                 std::string_view value) {
    const hid_t on = H5Oopen(file_, object.c_str(), H5P_DEFAULT);
    if (on < 0)
      return;
    H5Adelete(on, name.c_str());
    const hid_t type = type_of(kind, value.size()), space = H5Screate(H5S_SCALAR);
    const hid_t made = H5Acreate2(on, name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT);
    if (made >= 0)
      H5Awrite(made, type, bytes_of(kind, {value}).data());
    H5Aclose(made);
    H5Sclose(space);
    H5Tclose(type);
    H5Oclose(on);
  }

  /// In the shape that was there if it has as many elements, else one-dimensional. Without a checksum of
  /// ours.
  void values(const std::string& name, std::string_view kind, const std::vector<std::string_view>& all) {
    std::vector<hsize_t> shape = shape_of(name, all.size());
    std::size_t longest = 1;
    for (const auto word : all)
      longest = std::max(longest, word.size());
    remove(name);
    const hid_t type = type_of(kind, longest);
    const hid_t space = H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr);
    const hid_t made = H5Dcreate2(file_, name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    if (made >= 0 && !all.empty())
      H5Dwrite(made, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes_of(kind, all, longest).data());
    H5Dclose(made);
    H5Sclose(space);
    H5Tclose(type);
  }

  void huge(const std::string& name, std::int64_t extent) {
    const auto size = static_cast<hsize_t>(extent);
    const hsize_t chunk = 1024;
    remove(name);
    const hid_t space = H5Screate_simple(1, &size, nullptr), creation = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_chunk(creation, 1, &chunk);
    H5Pset_deflate(creation, 9);
    H5Dclose(H5Dcreate2(file_, name.c_str(), H5T_NATIVE_DOUBLE, space, H5P_DEFAULT, creation, H5P_DEFAULT));
    H5Pclose(creation);
    H5Sclose(space);
  }

  void remove(const std::string& name) { H5Ldelete(file_, name.c_str(), H5P_DEFAULT); }

private:
  static hid_t type_of(std::string_view kind, std::size_t length) {
    if (kind != "text")
      return H5Tcopy(kind == "number" ? H5T_NATIVE_DOUBLE
                     : kind == "byte" ? H5T_NATIVE_UINT8
                                      : H5T_NATIVE_INT64);
    const hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, length);
    H5Tset_cset(type, H5T_CSET_UTF8);
    return type;
  }

  template <typename T>
  static void append(std::string& bytes, T value) {
    bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
  }

  static std::string bytes_of(std::string_view kind, const std::vector<std::string_view>& all,
                              std::size_t length = 0) {
    std::string bytes;
    for (const auto word : all) {
      if (kind == "number")
        append(bytes, parse_double(word).value_or(0));
      else if (kind == "byte")
        append(bytes, static_cast<std::uint8_t>(parse_integer(word).value_or(0)));
      else if (kind == "text")
        bytes += std::string(word) + std::string(length > word.size() ? length - word.size() : 0, '\0');
      else
        append(bytes, parse_integer(word).value_or(0));
    }
    return bytes;
  }

  std::vector<hsize_t> shape_of(const std::string& name, std::size_t count) const {
    const std::vector<hsize_t> flat{count};
    const hid_t set = H5Dopen2(file_, name.c_str(), H5P_DEFAULT);
    if (set < 0)
      return flat;
    const hid_t space = H5Dget_space(set);
    std::vector<hsize_t> shape(static_cast<std::size_t>(H5Sget_simple_extent_ndims(space)));
    H5Sget_simple_extent_dims(space, shape.data(), nullptr);
    const auto points = H5Sget_simple_extent_npoints(space);
    H5Sclose(space);
    H5Dclose(set);
    return points == static_cast<hssize_t>(count) ? shape : flat;
  }

  hid_t file_ = -1;
};

/// Changes a file, checksums and all, as someone would who forges it. Lines of a recipe:
///   attribute OBJECT NAME integer|number|text VALUE     values NAME integer|number|byte|text V V V...
///   huge NAME EXTENT    (compressed, nothing of it stored)           remove NAME
inline void forge(const std::string& path, const std::string& recipe) {
  ForgedFile file(path);
  for (const auto& line : split(recipe, '\n')) {
    const auto words = split_whitespace(line);
    if (words.size() >= 5 && words[0] == "attribute")
      file.attribute(std::string(words[1]), std::string(words[2]), words[3], words[4]);
    else if (words.size() >= 3 && words[0] == "values")
      file.values(std::string(words[1]), words[2], {words.begin() + 3, words.end()});
    else if (words.size() == 3 && words[0] == "huge")
      file.huge(std::string(words[1]), parse_integer(words[2]).value_or(1));
    else if (words.size() == 2 && words[0] == "remove")
      file.remove(std::string(words[1]));
  }
}

} // namespace soapstone::fuzz
