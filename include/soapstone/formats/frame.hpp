// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/base/error.hpp"
#include "soapstone/structure/structure.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace soapstone::formats {

/// key=value of a comment line, the value as written (quotes removed).
struct InfoEntry {
  std::string key, value;
  bool quoted = false;
  bool bare = false;   ///< a key alone: the value T was not written
  bool nested = false; ///< lists within a list, or braces: the value with all of its brackets
};

/// Tells of something in a frame that its author may have meant differently than it is read.
struct Remark {
  std::string kind; ///< the same for all frames that have it
  std::string text;
};

/// A per-atom column group of extended XYZ other than species and pos: `type` is S, R, I or L, values row by
/// row as written.
struct AtomArray {
  std::string name;
  char type = 'R';
  int columns = 1;
  std::vector<std::string> values; ///< atoms x columns
};

/// One frame of an input file: the structure and everything else that was said about it.
struct Frame {
  structure::Structure structure;
  std::vector<InfoEntry> info;
  std::vector<AtomArray> arrays;
  DataLocation location;
  std::vector<Remark> remarks;
  /// Returns the value of `key` (the last one where it is given twice), or nullptr.
  const std::string* find(std::string_view key) const;
};

/// The values of data.format.
enum class Format { automatic, extxyz, qm9 };

/// Reads frames one after the other.
class FrameReader {
public:
  virtual ~FrameReader() = default;
  /// Fills `frame` and returns true, or returns false at the end. Throws DataError (file, frame, line, what
  /// was expected) on wrong input and IoError when the file cannot be read whole (missing, truncated or
  /// damaged compression).
  virtual bool next(Frame& frame) = 0;
  /// Returns the share of the input that has been read, in [0, 1]; 0 where its size is unknown.
  virtual double done() const = 0;
  /// Describes what was left out of the input; empty if nothing was.
  virtual std::string left_out() const { return {}; }
};

/// Opens extended or plain XYZ (plain, .gz, .xz, .bz2) or raw QM9 files (one dsgdb9nsd_*.xyz, a directory of
/// them, or a .tar[.gz|.bz2|.xz] of them). `automatic` looks at the name and the content.
std::unique_ptr<FrameReader> open_frames(const std::string& path, Format format = Format::automatic);

} // namespace soapstone::formats
