// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/parallel/communicator.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace soapstone::h5 {

/// Extent of a data set; the last index is contiguous.
using Shape = std::vector<std::uint64_t>;

/// A file being written by one process under a temporary name in the target's folder. commit() flushes,
/// syncs, renames it over the target and syncs the folder; without commit() the temporary file is removed and
/// an older target stays as it was; after a failed write there is no commit. Symbolic links are followed.
/// Every data set is chunked, carries Fletcher-32 checksums and, in the attribute "checksum", a 64-bit one of
/// ours; metadata carry HDF5's own (format version 1.10). No time stamps: equal contents make equal files.
/// Paths are like "/model/weights", groups on the way are made. All functions throw IoError naming file and
/// object. An empty shape means one dimension of the vector's length. Single values are data sets of shape
/// {1}, since only those can be chunked. Texts, without zero bytes, are fixed-length UTF-8, since HDF5 keeps
/// variable-length ones where nothing checks them: in h5py f["/texts"].asstr()[:], f["/text"].asstr()[0] and,
/// for attributes, .decode().
class Writer {
public:
  explicit Writer(const std::string& path);
  ~Writer();
  Writer(Writer&&) noexcept;
  Writer& operator=(Writer&&) = delete;

  void write(const std::string& name, const std::vector<double>& values, Shape shape = {});
  void write(const std::string& name, const std::vector<float>& values, Shape shape = {});
  void write(const std::string& name, const std::vector<std::int64_t>& values, Shape shape = {});
  void write(const std::string& name, const std::vector<std::int32_t>& values, Shape shape = {});
  void write(const std::string& name, const std::vector<std::uint8_t>& values, Shape shape = {});
  void write(const std::string& name, const std::vector<std::string>& values);
  void write(const std::string& name, const std::string& text);
  void write(const std::string& name, double value);
  void write(const std::string& name, std::int64_t value);
  /// At most 60 000 bytes; the object exists.
  void attribute(const std::string& object, const std::string& name, const std::string& text);
  void attribute(const std::string& object, const std::string& name, double value);
  void attribute(const std::string& object, const std::string& name, std::int64_t value);
  void commit();

private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

/// A file opened for reading. All functions throw IoError naming file and object when something is missing,
/// has another type or shape, or fails its checksum.
class Reader {
public:
  explicit Reader(const std::string& path);
  ~Reader();
  Reader(Reader&&) noexcept;
  Reader& operator=(Reader&&) = delete;

  const std::string& path() const;
  bool exists(const std::string& name) const;
  /// Returns whether it exists and is a group.
  bool is_group(const std::string& name) const;
  std::vector<std::string> children(const std::string& group) const; ///< sorted names
  Shape shape(const std::string& name) const;
  std::vector<double> read_doubles(const std::string& name) const;
  std::vector<float> read_floats(const std::string& name) const;
  std::vector<std::int64_t> read_integers(const std::string& name) const; ///< any integer type
  std::vector<std::uint8_t> read_bytes(const std::string& name) const;
  std::vector<std::string> read_strings(const std::string& name) const;
  std::string read_string(const std::string& name) const;
  double read_double(const std::string& name) const;
  std::int64_t read_integer(const std::string& name) const;
  bool has_attribute(const std::string& object, const std::string& name) const;
  std::string attribute_string(const std::string& object, const std::string& name) const;
  double attribute_double(const std::string& object, const std::string& name) const;
  std::int64_t attribute_integer(const std::string& object, const std::string& name) const;
  /// Reads every data set, so that every checksum is checked. Throws IoError at the first damage.
  void verify() const;

private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

/// Holds what one process owns of one dimension: `block` indices at `start`, and again every `stride`, up to
/// `extent` (block-cyclic), or, with block == stride == extent, everything. An empty part has start >=
/// extent.
struct Part {
  std::uint64_t start = 0, block = 0, stride = 0, extent = 0;
  std::uint64_t count() const; ///< indices owned
};

/// Returns the bytes that a ParallelWriter takes on rank 0 to write so many numbers: a window of at most 4 Mi
/// of them, twice, and what HDF5 takes.
std::int64_t parallel_write_memory(std::int64_t numbers);

/// A file written by all ranks of a communicator together, with the same promises as Writer. The ranks' parts
/// make up the whole; rank 0 collects and writes them in pieces of bounded size (it takes 64 MiB for that).
/// Every function is collective, and failures are agreed: AgreedError on all ranks.
class ParallelWriter {
public:
  ParallelWriter(const parallel::Communicator& comm, const std::string& path);
  ~ParallelWriter();
  /// Writes a two-dimensional data set of doubles, rows.extent x cols.extent; `values` are my part, row by
  /// row (rows.count() x cols.count()). Ranks that own nothing pass an empty vector. Written in pieces of
  /// bounded size.
  void write(const std::string& name, const Part& rows, const Part& cols, std::span<const double> values);
  /// One-dimensional, my consecutive part [start, start + size).
  void write(const std::string& name, std::uint64_t extent, std::uint64_t start,
             const std::vector<std::int64_t>& values);
  void attribute(const std::string& object, const std::string& name, const std::string& text);
  void commit();

private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

} // namespace soapstone::h5
