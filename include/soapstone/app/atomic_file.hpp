// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/base/vanishing_file.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace soapstone::app {

/// A text file that appears whole or not at all: written under a temporary name beside its place, flushed to
/// the disk and renamed by commit(); dropped without commit(). What stands at the path already and is no
/// regular file (/dev/stdout, a pipe) is written directly.
class AtomicFile {
public:
  explicit AtomicFile(const std::string& path); ///< throws IoError if it cannot be made
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void write(std::string_view text); ///< throws IoError
  void commit();                     ///< throws IoError; call once, last

private:
  void close_file();
  std::string path_, temporary_;           ///< temporary_ is empty when the path is written directly
  std::optional<VanishingFile> vanishing_; ///< the temporary one
  int file_ = -1;
};

/// Throws IoError unless a file could be written at `path`: for a check before long work. Leaves nothing
/// behind; an empty path passes.
void require_writable(const std::string& path);

} // namespace soapstone::app
