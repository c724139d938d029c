// SPDX-License-Identifier: BSD-3-Clause
#include "file_size_limit.hpp"
#include "scratch_folder.hpp"

#include "soapstone/base/error.hpp"
#include "soapstone/h5/file.hpp"
#include "soapstone/parallel/agree.hpp"
#include "soapstone/parallel/collectives.hpp"

#include <memory>
#include <optional>

#include <gtest/gtest.h>

namespace soapstone::h5 {
namespace {

using parallel::Communicator;

/// One folder for all ranks, made and removed by rank 0.
class ParallelWriterTest : public testing::Test {
protected:
  ParallelWriterTest() {
    if (world_.rank() == 0)
      folder_.emplace();
    path_ = folder_ ? folder_->file("a.h5") : std::string();
    parallel::broadcast(world_, path_);
  }
  ~ParallelWriterTest() override { world_.barrier(); }

  int ranks() const { return world_.size(); }

  Communicator world_ = Communicator::world();
  std::optional<ScratchFolder> folder_;
  std::string path_;
};

double value(std::uint64_t row, std::uint64_t col) {
  return static_cast<double>(row) + 1e-6 * static_cast<double>(col);
}

bool owns(const Part& part, std::uint64_t index) {
  return part.block > 0 && index >= part.start && (index - part.start) % part.stride < part.block;
}

/// My elements, found one by one.
std::vector<double> my_values(const Part& rows, const Part& cols) {
  std::vector<double> values;
  for (std::uint64_t i = 0; i < rows.extent; ++i)
    for (std::uint64_t j = 0; j < cols.extent; ++j)
      if (owns(rows, i) && owns(cols, j))
        values.push_back(value(i, j));
  return values;
}

void expect_whole_matrix(const std::string& path, const std::string& name, std::uint64_t rows,
                         std::uint64_t cols) {
  const Reader reader(path);
  EXPECT_EQ(reader.shape(name), (Shape{rows, cols}));
  const auto values = reader.read_doubles(name);
  ASSERT_EQ(values.size(), rows * cols);
  for (std::uint64_t i = 0; i < rows; ++i)
    for (std::uint64_t j = 0; j < cols; ++j)
      ASSERT_EQ(values[i * cols + j], value(i, j)) << i << ", " << j;
  reader.verify();
}

Part block_cyclic(std::uint64_t extent, std::uint64_t block, int index, int processes) {
  const auto p = static_cast<std::uint64_t>(processes);
  return {static_cast<std::uint64_t>(index) * block, block, p * block, extent};
}

TEST_F(ParallelWriterTest, block_cyclic_matrices_on_every_grid) {
  struct Case {
    std::uint64_t rows, cols, block;
  };
  int number = 0;
  for (int grid_rows = 1; grid_rows <= ranks(); ++grid_rows) {
    const int grid_cols = ranks() / grid_rows; // the ranks left over are idle
    const int row = world_.rank() / grid_cols, col = world_.rank() % grid_cols;
    for (const auto& [n_rows, n_cols, block] :
         {Case{37, 53, 4}, {64, 64, 32}, {100, 90, 33}, {1, 1, 8}, {300, 7, 64}}) {
      Part rows = block_cyclic(n_rows, block, row, grid_rows),
           cols = block_cyclic(n_cols, block, col, grid_cols);
      if (row >= grid_rows)
        rows = cols = Part{0, 0, 0, 0}, rows.extent = n_rows, cols.extent = n_cols;
      ParallelWriter writer(world_, path_);
      const auto values = my_values(rows, cols);
      ASSERT_EQ(values.size(), rows.count() * cols.count());
      writer.write("/kernel", rows, cols, values);
      writer.commit();
      if (world_.rank() == number++ % ranks())
        expect_whole_matrix(path_, "/kernel", n_rows, n_cols);
      world_.barrier();
    }
  }
}

TEST_F(ParallelWriterTest, consecutive_rows_and_all_columns) {
  const std::uint64_t n_rows = 101, n_cols = 40, n = static_cast<std::uint64_t>(ranks());
  const std::uint64_t each = (n_rows + n - 1) / n, start = each * static_cast<std::uint64_t>(world_.rank());
  const Part rows{start, each, n_rows, n_rows}, cols{0, n_cols, n_cols, n_cols};
  ParallelWriter writer(world_, path_);
  writer.write("/group/features", rows, cols, my_values(rows, cols));
  writer.attribute("/group", "unit", "none");
  writer.commit();
  expect_whole_matrix(path_, "/group/features", n_rows, n_cols);
  EXPECT_EQ(Reader(path_).attribute_string("/group", "unit"), "none");
}

// More than one piece per rank, in rows and in columns.
TEST_F(ParallelWriterTest, matrices_larger_than_one_piece) {
  const std::uint64_t n_rows = 700, n_cols = 9000 * static_cast<std::uint64_t>(ranks());
  const Part rows = block_cyclic(n_rows, 64, 0, 1), cols = block_cyclic(n_cols, 48, world_.rank(), ranks());
  ParallelWriter writer(world_, path_);
  writer.write("/kernel", rows, cols, my_values(rows, cols));
  writer.commit();
  if (world_.rank() == ranks() - 1)
    expect_whole_matrix(path_, "/kernel", n_rows, n_cols);
  world_.barrier();
}

TEST_F(ParallelWriterTest, lists_of_integers) {
  const auto rank = static_cast<std::uint64_t>(world_.rank());
  std::vector<std::int64_t> mine(rank % 2 == 1 ? 0 : 1000 * (rank + 1)); // odd ranks have none
  const auto sizes = parallel::all_gather(world_, static_cast<std::uint64_t>(mine.size()));
  std::uint64_t start = 0, total = 0;
  for (std::size_t r = 0; r < sizes.size(); ++r) {
    start += r < rank ? sizes[r] : 0;
    total += sizes[r];
  }
  for (std::size_t i = 0; i < mine.size(); ++i)
    mine[i] = -static_cast<std::int64_t>(start + i);
  ParallelWriter writer(world_, path_);
  writer.write("/index", total, start, mine);
  writer.commit();
  const auto values = Reader(path_).read_integers("/index");
  ASSERT_EQ(values.size(), total);
  for (std::size_t i = 0; i < values.size(); ++i)
    ASSERT_EQ(values[i], -static_cast<std::int64_t>(i));
}

TEST_F(ParallelWriterTest, empty_data_sets) {
  ParallelWriter writer(world_, path_);
  writer.write("/index", 0, 0, {});
  writer.write("/kernel", Part{0, 1, 1, 0}, Part{0, 5, 5, 5}, {});
  writer.commit();
  const Reader reader(path_);
  EXPECT_TRUE(reader.read_integers("/index").empty());
  EXPECT_EQ(reader.shape("/kernel"), (Shape{0, 5}));
}

TEST_F(ParallelWriterTest, nothing_is_left_without_a_commit) {
  {
    ParallelWriter writer(world_, path_);
    writer.write("/index", static_cast<std::uint64_t>(ranks()), static_cast<std::uint64_t>(world_.rank()),
                 {1});
  }
  world_.barrier();
  if (folder_) {
    EXPECT_TRUE(folder_->names().empty());
  }
}

TEST_F(ParallelWriterTest, a_missing_folder_is_agreed) {
  try {
    ParallelWriter writer(world_, path_ + "/missing/a.h5");
    FAIL() << "written into a missing folder";
  } catch (const parallel::AgreedError& error) {
    EXPECT_EQ(error.code(), ExitCode::io);
    EXPECT_EQ(error.rank(), 0);
  }
}

TEST_F(ParallelWriterTest, a_mistake_of_one_rank_fails_on_all) {
  const bool mine = world_.rank() == ranks() - 1;
  {
    ParallelWriter writer(world_, path_);
    EXPECT_THROW(writer.write("/index", 10, mine ? 11 : 0, {}), parallel::AgreedError);
    EXPECT_THROW(writer.commit(), parallel::AgreedError);
  }
  {
    ParallelWriter writer(world_, path_);
    const std::uint64_t extent = mine && ranks() > 1 ? 5 : 4;
    const Part rows{mine ? 0U : extent, extent, extent, extent}, cols{0, 1, 1, 1};
    const std::vector<double> values(5, 1.0);
    if (ranks() > 1) {
      EXPECT_THROW(writer.write("/kernel", rows, cols, values), parallel::AgreedError);
    }
  }
  world_.barrier();
  if (folder_) {
    EXPECT_TRUE(folder_->names().empty());
  }
}

// A disk that is full after any number of bytes. Some of the ranks may be told of it by HDF5 and others not.
TEST_F(ParallelWriterTest, a_full_disk_is_agreed_and_the_old_file_stays) {
  const std::uint64_t n = 300;
  const Part rows = block_cyclic(n, 32, 0, 1), cols = block_cyclic(n, 32, world_.rank(), ranks());
  const auto values = my_values(rows, cols);
  const auto write = [&] {
    ParallelWriter writer(world_, path_);
    writer.write("/kernel", rows, cols, values);
    writer.commit();
  };
  write();
  for (rlim_t limit = 0; limit < 8 * n * n; limit += n * n / 2) {
    const FileSizeLimit full(limit);
    EXPECT_THROW(write(), parallel::AgreedError) << limit;
    world_.barrier();
    if (folder_) {
      EXPECT_EQ(folder_->names(), std::vector<std::string>{"a.h5"}) << limit;
    }
  }
  expect_whole_matrix(path_, "/kernel", n, n);
  world_.barrier();
  write();
  expect_whole_matrix(path_, "/kernel", n, n);
}

TEST_F(ParallelWriterTest, a_second_data_set_of_one_name_is_agreed_and_the_old_file_stays) {
  {
    ParallelWriter writer(world_, path_);
    writer.write("/index", static_cast<std::uint64_t>(ranks()), static_cast<std::uint64_t>(world_.rank()),
                 {7});
    writer.commit();
  }
  {
    ParallelWriter writer(world_, path_);
    writer.write("/index", static_cast<std::uint64_t>(ranks()), static_cast<std::uint64_t>(world_.rank()),
                 {8});
    EXPECT_THROW(writer.write("/index", 0, 0, {}), parallel::AgreedError);
  }
  EXPECT_EQ(Reader(path_).read_integers("/index"),
            std::vector<std::int64_t>(static_cast<std::size_t>(ranks()), 7));
}

} // namespace
} // namespace soapstone::h5
