// SPDX-License-Identifier: BSD-3-Clause
#include "checksum.hpp"
#include "data_set.hpp"
#include "part.hpp"
#include "temporary_file.hpp"

#include "soapstone/base/check.hpp"
#include "soapstone/h5/file.hpp"
#include "soapstone/parallel/agree.hpp"
#include "soapstone/parallel/collectives.hpp"

#include <algorithm>
#include <exception>

#include <unistd.h>

namespace soapstone::h5 {

namespace {

constexpr std::uint64_t piece_elements = std::uint64_t{4} << 20; // of each rank in one collective write
constexpr std::uint64_t chunk_elements = std::uint64_t{1} << 17;

/// One chunk per block of the distribution, so that a chunk has one writer; a usual size where blocks are
/// tiny or everything.
std::uint64_t chunk_extent(const parallel::Communicator& comm, const Part& part) {
  const auto block =
      parallel::all_reduce(comm, part.start < part.extent ? part.block : std::uint64_t{0}, MPI_MAX);
  const std::uint64_t wanted = block >= 32 && block <= 512 ? block : 256;
  return std::clamp<std::uint64_t>(wanted, 1, std::max<std::uint64_t>(part.extent, 1));
}

/// Selects the product of the dimensions' slabs; the order of selection does not matter to HDF5.
void select(hid_t space, const std::vector<std::vector<Slab>>& dimensions, const Place& place) {
  check(H5Sselect_none(space), place, "no selection");
  std::vector<std::size_t> at(dimensions.size(), 0);
  const std::size_t n = dimensions.size();
  std::vector<hsize_t> start(n), stride(n), count(n), block(n);
  for (std::size_t turned = n; turned != 0;) {
    for (std::size_t d = 0; d < n; ++d) {
      const Slab& slab = dimensions[d][at[d]];
      start[d] = slab.start, stride[d] = slab.stride, count[d] = slab.count, block[d] = slab.block;
    }
    check(H5Sselect_hyperslab(space, H5S_SELECT_OR, start.data(), stride.data(), count.data(), block.data()),
          place, "no selection");
    for (turned = n; turned > 0 && ++at[turned - 1] == dimensions[turned - 1].size(); --turned)
      at[turned - 1] = 0;
  }
}

/// Consecutive indices of one dimension that are written together.
struct Window {
  std::uint64_t from = 0, to = 0;
};

} // namespace

struct ParallelWriter::Implementation {
  parallel::Communicator comm;
  std::string path, target, temporary;
  Handle file;
  const int exceptions_at_start = std::uncaught_exceptions();
  bool failed = false;

  Implementation(const parallel::Communicator& of, const std::string& wanted)
      : comm(of.duplicate()), path(wanted) {
    silence_library();
    parallel::agree(comm, [&] {
      if (comm.rank() == 0) {
        target = resolve_target(path);
        temporary = temporary_name(target);
      }
    });
    parallel::broadcast(comm, temporary);
    attempt([&] {
      const Place place{path, ""};
      const Handle access = file_access(place);
      check(H5Pset_fapl_mpio(access.get(), comm.get(), MPI_INFO_NULL), place, "MPI-IO is not available");
      check(H5Pset_coll_metadata_write(access.get(), true), place, "no collective metadata");
      file = create_file(temporary, access.get(), place);
    });
  }

  ~Implementation() {
    // Closing is collective. After a failure, or while an exception passes that perhaps only this rank has,
    // it could wait for ever; the file is to be thrown away in any case.
    if (failed || std::uncaught_exceptions() > exceptions_at_start)
      file.forget();
    file.close();
    remove_temporary();
  }

  Implementation(const Implementation&) = delete;
  Implementation& operator=(const Implementation&) = delete;

  void remove_temporary() const {
    if (comm.rank() == 0 && !temporary.empty())
      unlink(temporary.c_str());
  }

  /// Runs a step of all ranks; if it fails on any, all learn of it and the file can no longer be committed.
  template <typename Step>
  void attempt(Step&& step) {
    try {
      parallel::agree(comm, step);
    } catch (...) {
      failed = true;
      remove_temporary();
      throw;
    }
  }

  void expect_open() const { expects(file.valid() && !failed, "an open file without a failed write"); }

  void check_parts(const std::vector<Part>& parts, bool has_values) {
    attempt([&] {
      expect_open();
      std::uint64_t mine = 1;
      for (const auto& part : parts)
        mine *= part.count();
      expects(mine == 0 || has_values, "values of what this rank owns");
    });
    for (const auto& part : parts) {
      const auto least = parallel::all_reduce(comm, part.extent, MPI_MIN);
      attempt([&] { expects(part.extent == least, "the same extents on all ranks"); });
    }
  }

  /// Sum over all ranks of the checksums of their elements, which is the data set's.
  std::uint64_t checksum_of(const std::vector<Part>& parts, const void* values, std::size_t size) const {
    const Part one_row{0, 1, 1, 1};
    const Part& rows = parts.size() == 2 ? parts.front() : one_row;
    const Part& cols = parts.back();
    const auto* at = static_cast<const char*>(values);
    const auto col_slabs = slabs(cols, 0, cols.extent);
    std::uint64_t total = 0;
    for (const auto& band : slabs(rows, 0, rows.extent))
      for (std::uint64_t i = 0; i < band.count * band.block; ++i) {
        const std::uint64_t row = band.start + i / band.block * band.stride + i % band.block;
        for (const auto& slab : col_slabs)
          for (std::uint64_t k = 0; k < slab.count; ++k, at += slab.block * size)
            total += checksum(at, size, slab.block, row * cols.extent + slab.start + k * slab.stride);
      }
    return parallel::all_reduce(comm, total);
  }

  /// My share of a window, from the place that it has in my local array.
  void write_window(const Handle& set, const Place& place, const std::vector<Part>& parts,
                    const std::vector<Window>& windows, hid_t type, const void* values) {
    attempt([&] {
      std::vector<std::vector<Slab>> there;
      std::vector<hsize_t> extents, start, count;
      bool empty = false;
      for (std::size_t d = 0; d < parts.size(); ++d) {
        there.push_back(slabs(parts[d], windows[d].from, windows[d].to));
        extents.push_back(std::max<hsize_t>(parts[d].count(), 1));
        start.push_back(owned_below(parts[d], windows[d].from));
        count.push_back(owned_below(parts[d], windows[d].to) - start.back());
        empty = empty || count.back() == 0;
      }
      const Handle in_file = owned(H5Dget_space(set.get()), H5Sclose, place, "no data space");
      const Handle in_memory =
          owned(H5Screate_simple(static_cast<int>(extents.size()), extents.data(), nullptr), H5Sclose, place,
                "no data space");
      const Handle transfer = owned(H5Pcreate(H5P_DATASET_XFER), H5Pclose, place, "no transfer list");
      check(H5Pset_dxpl_mpio(transfer.get(), H5FD_MPIO_COLLECTIVE), place, "no collective writing");
      if (empty) { // takes part without data
        check(H5Sselect_none(in_file.get()), place, "no selection");
        check(H5Sselect_none(in_memory.get()), place, "no selection");
      } else {
        select(in_file.get(), there, place);
        check(H5Sselect_hyperslab(in_memory.get(), H5S_SELECT_SET, start.data(), nullptr, count.data(),
                                  nullptr),
              place, "no selection");
      }
      check(H5Dwrite(set.get(), type, in_memory.get(), in_file.get(), transfer.get(), values), place,
            "cannot be written");
    });
  }

  /// Window sizes: whole chunks, about piece_elements per rank, all columns if they fit.
  std::vector<std::uint64_t> window_sizes(const Shape& shape, const Shape& chunk) const {
    std::vector<std::uint64_t> sizes(shape.size());
    std::uint64_t room = piece_elements * static_cast<std::uint64_t>(comm.size());
    for (std::size_t d = shape.size(); d-- > 0;) {
      std::uint64_t others = 1; // one chunk's extent in the dimensions before
      for (std::size_t e = 0; e < d; ++e)
        others *= chunk[e];
      const std::uint64_t chunks = std::max<std::uint64_t>(room / (others * chunk[d]), 1);
      sizes[d] = std::min(chunks * chunk[d], std::max<std::uint64_t>(shape[d], 1));
      room = std::max<std::uint64_t>(room / sizes[d], 1);
    }
    return sizes;
  }

  template <typename T>
  void write(const std::string& name, const std::vector<Part>& parts, const Shape& chunk, const T* values) {
    check_parts(parts, values != nullptr);
    const Place place{path, name};
    Shape shape;
    for (const auto& part : parts)
      shape.push_back(part.extent);
    const auto sum = checksum_of(parts, values, sizeof(T));
    Handle set;
    attempt([&] { set = create_data_set(file.get(), place, file_type<T>(), shape, chunk); });
    const auto sizes = window_sizes(shape, chunk);
    const std::uint64_t rows = shape.size() == 2 ? shape[0] : 1, cols = shape.back();
    for (std::uint64_t row = 0; row < rows; row += sizes.front())
      for (std::uint64_t col = 0; col < cols; col += sizes.back()) {
        std::vector<Window> windows{{col, std::min(col + sizes.back(), cols)}};
        if (shape.size() == 2)
          windows.insert(windows.begin(), Window{row, std::min(row + sizes.front(), rows)});
        write_window(set, place, parts, windows, memory_type<T>(), values);
      }
    attempt([&] {
      write_checksum(set.get(), place, sum);
      if (!set.close())
        fail(place, "cannot be written");
    });
  }

  void attribute(const std::string& object, const std::string& name, const std::string& text) {
    attempt([&] {
      expect_open();
      const Place place{path, object};
      const Handle opened =
          owned(H5Oopen(file.get(), object.c_str(), H5P_DEFAULT), H5Oclose, place, "does not exist");
      write_text_attribute(opened.get(), place, name, text);
    });
  }

  void commit() {
    attempt([&] {
      expect_open();
      check(H5Fflush(file.get(), H5F_SCOPE_GLOBAL), {path, ""}, "cannot be written");
    });
    attempt([&] {
      if (!file.close())
        fail({path, ""}, "cannot be closed");
    });
    attempt([&] {
      if (comm.rank() == 0)
        publish(temporary, target);
    });
    temporary.clear();
  }
};

ParallelWriter::ParallelWriter(const parallel::Communicator& comm, const std::string& path)
    : implementation_(std::make_unique<Implementation>(comm, path)) {}
ParallelWriter::~ParallelWriter() = default;

void ParallelWriter::write(const std::string& name, const Part& rows, const Part& cols,
                           const double* values) {
  const auto& comm = implementation_->comm;
  implementation_->write(name, {rows, cols}, {chunk_extent(comm, rows), chunk_extent(comm, cols)}, values);
}

void ParallelWriter::write(const std::string& name, std::uint64_t extent, std::uint64_t start,
                           const std::vector<std::int64_t>& values) {
  implementation_->attempt(
      [&] { expects(start <= extent && values.size() <= extent - start, "a part within the data set"); });
  const Part part{values.empty() ? extent : start, values.size(), std::max<std::uint64_t>(extent, 1), extent};
  const Shape chunk{std::clamp<std::uint64_t>(extent, 1, chunk_elements)};
  implementation_->write(name, {part}, chunk, values.data());
}

void ParallelWriter::attribute(const std::string& object, const std::string& name, const std::string& text) {
  implementation_->attribute(object, name, text);
}

void ParallelWriter::commit() {
  implementation_->commit();
}

} // namespace soapstone::h5
