// SPDX-License-Identifier: BSD-3-Clause
// Writes files for check_with_h5py.py: write_h5_samples FOLDER, under mpiexec.
#include "sample.hpp"

#include "soapstone/parallel/communicator.hpp"

#include <string>
#include <vector>

using namespace soapstone;

namespace {

void write_serial(const std::string& path) {
  h5::Writer writer(path);
  h5::write_sample(writer, h5::make_sample(40));
  writer.write("/simple", std::vector<double>{0.1, -2.5, 1e300});
  writer.write("/matrix", std::vector<std::int32_t>{1, 2, 3, 4, 5, 6}, {2, 3});
  writer.write("/none", std::vector<double>{});
  writer.attribute("/", "schema", std::int64_t{1});
  writer.attribute("/", "lambda", 1e-7);
  writer.commit();
}

/// Element (i, j) = 1000 i + j, rows dealt out in blocks of 5.
void write_parallel(const parallel::Communicator& comm, const std::string& path) {
  const auto rank = static_cast<std::uint64_t>(comm.rank()), ranks = static_cast<std::uint64_t>(comm.size());
  const h5::Part rows{5 * rank, 5, 5 * ranks, 83}, cols{0, 61, 61, 61};
  std::vector<double> values;
  for (std::uint64_t i = 0; i < rows.extent; ++i)
    for (std::uint64_t j = 0; i / 5 % ranks == rank && j < cols.extent; ++j)
      values.push_back(static_cast<double>(1000 * i + j));
  h5::ParallelWriter writer(comm, path);
  writer.write("/kernel", rows, cols, values);
  writer.commit();
}

} // namespace

int main(int argc, char** argv) {
  const parallel::MpiEnvironment environment(argc, argv);
  const std::string folder = argv[1];
  const auto world = parallel::Communicator::world();
  if (world.rank() == 0)
    write_serial(folder + "/serial.h5");
  write_parallel(world, folder + "/parallel.h5");
  return 0;
}
