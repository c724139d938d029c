// SPDX-License-Identifier: BSD-3-Clause
// Matrices written on one grid and read on others; what is damaged or of another size.
#include "soapstone/regression/kernel_file.hpp"

#include "soapstone/base/random.hpp"
#include "soapstone/parallel/agree.hpp"
#include "soapstone/parallel/collectives.hpp"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <unistd.h>

namespace soapstone::regression {
namespace {

using linalg::GridShape;
using linalg::ProcessGrid;

/// A file name that all ranks know; rank 0 takes the file away.
class KernelFile : public ::testing::Test {
protected:
  KernelFile() : world_(parallel::Communicator::world()) {
    std::int64_t number = ::getpid();
    parallel::broadcast(world_, number);
    path_ = (std::filesystem::temp_directory_path() / ("soapstone-kernel-" + std::to_string(number) + ".h5"))
                .string();
  }
  ~KernelFile() override {
    parallel::all_reduce(world_, 0);
    if (world_.rank() == 0)
      std::filesystem::remove(path_);
  }
  void write(const ProcessGrid& grid, const std::vector<double>& values, std::int64_t n, std::int64_t block) {
    h5::ParallelWriter file(grid.all(), path_);
    write_lower_triangle(file, "/kernel", linalg::scatter(grid, values, n, n, block));
    file.commit();
  }
  const parallel::Communicator world_;
  std::string path_;
};

std::vector<double> random_matrix(std::int64_t n) {
  CounterRandom random(static_cast<std::uint64_t>(n));
  std::vector<double> values;
  for (std::int64_t i = 0; i < n * n; ++i)
    values.push_back(random.normal());
  return values;
}

void expect_same_triangle(const linalg::DistributedMatrix& found, const std::vector<double>& values) {
  const auto all = linalg::gather(found);
  const auto n = found.rows().size();
  for (std::int64_t col = 0; col < n; ++col)
    for (std::int64_t row = col; row < n; ++row)
      ASSERT_EQ(all[static_cast<std::size_t>(row + col * n)], values[static_cast<std::size_t>(row + col * n)])
          << row << ' ' << col;
}

TEST_F(KernelFile, ReadsOnAnyGridToTheBit) {
  for (const std::int64_t n : {1, 7, 53})
    for (const std::int64_t block : {1, 3, 16}) {
      const auto values = random_matrix(n);
      for (int rows = 1; rows <= world_.size(); ++rows) {
        const ProcessGrid grid(world_, GridShape{rows, world_.size() / rows});
        write(grid, values, n, block);
        for (int cols = 1; cols <= world_.size(); ++cols) {
          const ProcessGrid other(world_, GridShape{world_.size() / cols, cols});
          expect_same_triangle(read_lower_triangle(path_, "/kernel", other, n, 5), values);
        }
      }
    }
}

// Panels of several blocks, and more than one of them.
TEST_F(KernelFile, CutsLargeMatricesIntoPanels) {
  const std::int64_t n = 2300;
  const auto values = random_matrix(n);
  const ProcessGrid grid(world_, linalg::choose_grid(world_.size()));
  write(grid, values, n, 64);
  expect_same_triangle(read_lower_triangle(path_, "/kernel", grid, n, 50), values);
  if (world_.rank() == 0) {
    EXPECT_GT(h5::Reader(path_).children("/kernel").size(), 1U);
    const auto bytes = static_cast<double>(std::filesystem::file_size(path_));
    EXPECT_LT(bytes, 1.9 * lower_triangle_bytes(n)); // less than the whole square
  }
}

TEST_F(KernelFile, OfAnotherOrderOrDamagedIsRefused) {
  const ProcessGrid grid(world_, linalg::choose_grid(world_.size()));
  write(grid, random_matrix(200), 200, 16);
  EXPECT_THROW(read_lower_triangle(path_, "/kernel", grid, 201, 16), parallel::AgreedError);
  if (world_.rank() == 0) {
    std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
    const auto middle = static_cast<std::streamoff>(std::filesystem::file_size(path_) / 2);
    file.seekg(middle);
    const int byte = file.get();
    file.seekp(middle);
    file.put(static_cast<char>(byte ^ 4));
  }
  parallel::all_reduce(world_, 0);
  try {
    read_lower_triangle(path_, "/kernel", grid, 200, 16);
    FAIL() << "damage went unseen";
  } catch (const parallel::AgreedError& error) {
    EXPECT_EQ(error.code(), ExitCode::io);
  }
}

} // namespace
} // namespace soapstone::regression
