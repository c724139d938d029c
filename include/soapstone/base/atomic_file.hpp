// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/base/vanishing_file.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace soapstone {

/// Returns whether something stands at the path that is no regular file (/dev/stdout, a pipe). It is never
/// replaced: text is written into it directly.
bool is_special_file(const std::string& path);

/// A file that appears whole or not at all: written under a temporary name beside its place, flushed to the
/// disk and renamed by commit(), removed without commit() or when a signal ends the process. A symbolic link
/// stays one: what it leads to is replaced. Errors are IoErrors that name the path as it was given.
class AtomicFile {
public:
  explicit AtomicFile(const std::string& path); ///< throws IoError if it cannot be made
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  const std::string& path() const { return path_; }
  /// ".<name>.<process>-<number>.tmp" beside the file's place, which exists and may be written by a library;
  /// empty if the file is special.
  const std::string& temporary() const { return temporary_; }

  void write(std::string_view text); ///< throws IoError
  void commit();                     ///< throws IoError; call once, last

private:
  void open_beside_place();
  void close_file();
  [[noreturn]] void fail(const std::string& what) const; ///< for the reason that errno states

  std::string path_, place_, temporary_;
  std::optional<VanishingFile> vanishing_; ///< the temporary one
  int file_ = -1;
};

/// Throws IoError unless a file could be written at `path`: for a check before long work. Leaves nothing
/// behind; an empty path passes.
void require_writable(const std::string& path);

} // namespace soapstone
