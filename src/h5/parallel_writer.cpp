// SPDX-License-Identifier: BSD-3-Clause
// The ranks send what they own to rank 0, window by window, which alone writes. HDF5's own parallel writing
// was tried first: it was slower here, and when the disk is full, which only some ranks learn, the others
// wait inside HDF5 for ever.
#include "data_set.hpp"
#include "new_file.hpp"
#include "window.hpp"

#include "soapstone/base/check.hpp"
#include "soapstone/h5/file.hpp"
#include "soapstone/parallel/agree.hpp"
#include "soapstone/parallel/collectives.hpp"
#include "soapstone/parallel/under_way.hpp"

#include <algorithm>
#include <exception>
#include <optional>

#include <unistd.h>

namespace soapstone::h5 {

namespace {

constexpr std::uint64_t window_elements = std::uint64_t{4} << 20; // what rank 0 holds twice of
constexpr int root = 0;

std::vector<Tile> all_tiles(const parallel::Communicator& comm, const Tile& mine) {
  const auto& [r, c] = mine;
  const auto numbers =
      parallel::all_gather(comm, std::vector<std::uint64_t>{r.start, r.block, r.stride, r.extent, c.start,
                                                            c.block, c.stride, c.extent});
  std::vector<Tile> tiles;
  for (std::size_t i = 0; i < numbers.size(); i += 8)
    tiles.push_back({{numbers[i], numbers[i + 1], numbers[i + 2], numbers[i + 3]},
                     {numbers[i + 4], numbers[i + 5], numbers[i + 6], numbers[i + 7]}});
  return tiles;
}

void expect_a_partition(const std::vector<Tile>& tiles) {
  const Tile& first = tiles.front();
  std::uint64_t total = 0;
  for (const auto& tile : tiles) {
    expects(tile.rows.extent == first.rows.extent && tile.cols.extent == first.cols.extent,
            "the same extents on all ranks");
    total += tile.count();
  }
  expects(total == first.rows.extent * first.cols.extent, "parts that make up the whole");
}

/// Brings the elements of a window together in `whole` on the root. Buffers have the window's size there, and
/// elsewhere `packed` has that of the rank's own share.
template <typename T>
void gather(const parallel::Communicator& comm, const std::vector<Tile>& tiles, const Window& window,
            const T* local, std::vector<T>& packed, std::vector<T>& whole) {
  const Tile& mine = tiles[static_cast<std::size_t>(comm.rank())];
  const auto count = [&](std::size_t rank) { return static_cast<int>(count_in(tiles[rank], window)); };
  std::vector<MPI_Request> requests(tiles.size(), MPI_REQUEST_NULL);
  const parallel::KeptMemory at_the_end(requests, packed);
  if (comm.rank() != root) {
    const int n = count(static_cast<std::size_t>(comm.rank()));
    pack(mine, window, local, packed.data());
    if (n > 0)
      parallel::check_mpi(
          MPI_Isend(packed.data(), n, parallel::mpi_type<T>(), root, 0, comm.get(), &requests[root]),
          "MPI_Isend");
    parallel::wait_all(comm.get(), requests);
    return;
  }
  T* at = packed.data();
  for (std::size_t rank = 0; rank < tiles.size(); at += count(rank), ++rank)
    if (rank != root && count(rank) > 0)
      parallel::check_mpi(MPI_Irecv(at, count(rank), parallel::mpi_type<T>(), static_cast<int>(rank), 0,
                                    comm.get(), &requests[rank]),
                          "MPI_Irecv");
  pack(mine, window, local, packed.data());
  parallel::wait_all(comm.get(), requests);
  at = packed.data();
  for (std::size_t rank = 0; rank < tiles.size(); at += count(rank), ++rank)
    unpack(tiles[rank], window, at, whole.data());
}

void write_window(hid_t set, const Place& place, std::size_t dimensions, const Window& window, hid_t type,
                  const void* values) {
  std::vector<hsize_t> start{window.row, window.col},
      count{window.row_end - window.row, window.col_end - window.col};
  start.erase(start.begin(), start.end() - static_cast<std::ptrdiff_t>(dimensions));
  count.erase(count.begin(), count.end() - static_cast<std::ptrdiff_t>(dimensions));
  const Handle there = owned(H5Dget_space(set), H5Sclose, place, "no data space");
  check(H5Sselect_hyperslab(there.get(), H5S_SELECT_SET, start.data(), nullptr, count.data(), nullptr), place,
        "no selection");
  const Handle here = owned(H5Screate_simple(static_cast<int>(dimensions), count.data(), nullptr), H5Sclose,
                            place, "no data space");
  check(H5Dwrite(set, type, here.get(), there.get(), H5P_DEFAULT, values), place, "cannot be written");
}

} // namespace

struct ParallelWriter::Implementation {
  parallel::Communicator comm;
  std::string path;
  std::optional<NewFile> file; // of rank 0
  std::string temporary;       // its name, known to all
  bool failed = false;

  Implementation(const parallel::Communicator& of, const std::string& wanted)
      : comm(of.duplicate()), path(wanted) {
    attempt([&] {
      if (comm.rank() == root)
        temporary = file.emplace(path).temporary();
    });
    parallel::broadcast(comm, temporary, root);
  }

  /// A rank that fails removes what rank 0, which may wait for it in vain, has begun.
  ~Implementation() {
    if (std::uncaught_exceptions() > 0 && !temporary.empty())
      unlink(temporary.c_str());
  }

  /// Runs a step of every rank; if it fails on any, all learn of it and there is no commit.
  template <typename Step>
  void attempt(Step&& step) {
    try {
      parallel::agree(comm, [&] {
        expects(!failed, "no failed write before");
        step();
      });
    } catch (const parallel::AgreedError&) {
      failed = true;
      comm = parallel::Communicator::self(); // frees the duplicate here, where all ranks are; unwinding would
                                             // not
      throw;
    } catch (...) {
      failed = true;
      throw;
    }
  }

  /// Does the same for an operation of rank 0 on the file.
  template <typename Operation>
  void attempt_on_root(Operation&& operation) {
    attempt([&] {
      if (comm.rank() == root)
        file->attempt(operation);
    });
  }

  template <typename T>
  void write(const std::string& name, const Shape& shape, const Tile& mine, const T* values) {
    attempt([&] { expects(mine.count() == 0 || values != nullptr, "values of what this rank owns"); });
    const auto tiles = all_tiles(comm, mine);
    attempt([&] { expect_a_partition(tiles); });
    const auto sum = parallel::all_reduce(comm, checksum_of(mine, values));

    const Place place{path, name};
    const Shape chunk = chunk_shape(shape, sizeof(T), chunk_bytes);
    Handle set;
    attempt_on_root([&] { set = create_data_set(file->get(), place, file_type<T>(), shape, chunk); });
    const std::uint64_t chunk_rows = shape.size() == 1 ? 1 : chunk.front();
    const auto cover = windows(mine.rows.extent, mine.cols.extent, chunk_rows, chunk.back(), window_elements);
    std::vector<T> packed, whole;
    attempt([&] { // in advance, so that no rank runs out of memory while others send
      std::uint64_t most = 0;
      for (const auto& window : cover)
        most = std::max(most, comm.rank() == root ? window.count() : count_in(mine, window));
      packed.resize(most);
      whole.resize(comm.rank() == root ? most : 0);
    });
    for (const auto& window : cover) {
      gather(comm, tiles, window, values, packed, whole);
      attempt_on_root(
          [&] { write_window(set.get(), place, shape.size(), window, memory_type<T>(), whole.data()); });
    }
    attempt_on_root([&] {
      write_checksum(set.get(), place, sum);
      if (!set.close())
        fail(place, "cannot be written");
    });
  }
};

ParallelWriter::ParallelWriter(const parallel::Communicator& comm, const std::string& path)
    : implementation_(std::make_unique<Implementation>(comm, path)) {}
ParallelWriter::~ParallelWriter() = default;

void ParallelWriter::write(const std::string& name, const Part& rows, const Part& cols,
                           std::span<const double> values) {
  implementation_->attempt(
      [&] { expects(values.size() >= rows.count() * cols.count(), "as many numbers as the part has"); });
  implementation_->write(name, {rows.extent, cols.extent}, {rows, cols}, values.data());
}

void ParallelWriter::write(const std::string& name, std::uint64_t extent, std::uint64_t start,
                           const std::vector<std::int64_t>& values) {
  implementation_->attempt(
      [&] { expects(start <= extent && values.size() <= extent - start, "a part within the data set"); });
  const Part part{values.empty() ? extent : start, values.size(), std::max<std::uint64_t>(extent, 1), extent};
  implementation_->write(name, {extent}, {{0, 1, 1, 1}, part}, values.data());
}

void ParallelWriter::attribute(const std::string& object, const std::string& name, const std::string& text) {
  implementation_->attempt_on_root([&] {
    const Place place{implementation_->path, object};
    const Handle opened = owned(H5Oopen(implementation_->file->get(), object.c_str(), H5P_DEFAULT), H5Oclose,
                                place, "does not exist");
    write_text_attribute(opened.get(), place, name, text);
  });
}

void ParallelWriter::commit() {
  implementation_->attempt([&] {
    if (implementation_->comm.rank() == root)
      implementation_->file->commit();
  });
}

std::int64_t parallel_write_memory(std::int64_t numbers) {
  constexpr std::int64_t library = std::int64_t{4} << 20; // HDF5's cache of chunks and its buffers
  return 2 * static_cast<std::int64_t>(sizeof(double)) *
             std::min(numbers, static_cast<std::int64_t>(window_elements)) +
         library;
}

} // namespace soapstone::h5
