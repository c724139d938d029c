// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/base/text.hpp"
#include "soapstone/h5/file.hpp"
#include "soapstone/linalg/distributed_matrix.hpp"
#include "stages.hpp"

#include <filesystem>
#include <unistd.h>

namespace soapstone::benchmark {

namespace {

h5::Part part_of(const linalg::BlockCyclic& axis) {
  const auto block = static_cast<std::uint64_t>(axis.block());
  const auto me = static_cast<std::uint64_t>(std::max(axis.me(), 0));
  const auto extent = static_cast<std::uint64_t>(axis.size());
  return {axis.me() < 0 ? extent : me * block, block, block * static_cast<std::uint64_t>(axis.processes()),
          extent};
}

/// One name for all ranks, of this process group alone.
std::string scratch_file(const Settings& settings, const parallel::Communicator& comm) {
  auto path =
      (std::filesystem::path(settings.folder) / ("soapstone_benchmark_" + std::to_string(::getpid()) + ".h5"))
          .string();
  parallel::broadcast(comm, path);
  return path;
}

} // namespace

void bench_files(const Settings& settings, const linalg::ProcessGrid& grid, Sheet& sheet) {
  const auto& comm = sheet.comm();
  const auto n = settings.pick(300, 2000, 4000);
  linalg::DistributedMatrix matrix(grid, n, n, linalg::choose_block_size(n, grid.shape()));
  double value = 0; // not all alike, in case a file system compresses
  for (auto& element : matrix.local())
    element = (value += 0.37);
  const auto path = scratch_file(settings, comm);
  const double megabytes = 8e-6 * static_cast<double>(n) * static_cast<double>(n);
  const auto size = format("%.0f MB", megabytes);
  const double write = best_seconds(comm, settings.pick(1, 2, 3), [&] {
    h5::ParallelWriter file(comm, path);
    file.write("/matrix", part_of(matrix.cols()), part_of(matrix.rows()), matrix.local());
    file.commit();
  });
  sheet.add({"HDF5 write (checksums and sync)", size, write, megabytes / write, "MB/s"});
  const double read = best_seconds(comm, settings.pick(1, 2, 3), [&] {
    if (comm.rank() == 0)
      h5::Reader(path).read_doubles("/matrix");
  });
  sheet.add({"HDF5 read (checksums; one rank)", size, read, megabytes / read, "MB/s"});
  if (comm.rank() == 0)
    std::filesystem::remove(path);
}

} // namespace soapstone::benchmark
