// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/linalg/process_grid.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support.hpp"

#include "soapstone/base/error.hpp"
#include "soapstone/linalg/logical_block.hpp"
#include "soapstone/parallel/collectives.hpp"

#include <utility>

#include <dlfcn.h>

extern "C" void Cblacs_gridinfo(int context, int* rows, int* cols, int* row, int* col);

namespace soapstone::linalg {
namespace {

TEST(ProcessGrid, the_most_square_shape_is_chosen) {
  for (const auto& [ranks, shape] : {std::pair{1, GridShape{1, 1}},
                                     {2, {1, 2}},
                                     {3, {1, 3}},
                                     {4, {2, 2}},
                                     {6, {2, 3}},
                                     {7, {1, 7}},
                                     {8, {2, 4}},
                                     {12, {3, 4}},
                                     {36, {6, 6}},
                                     {4096, {64, 64}},
                                     {4097, {17, 241}}})
    EXPECT_EQ(choose_grid(ranks), shape) << ranks;
  EXPECT_THROW(choose_grid(0), InternalError);
}

TEST(ProcessGrid, shapes_are_read_from_text) {
  EXPECT_EQ(parse_grid("2x3", 6), (GridShape{2, 3}));
  EXPECT_EQ(parse_grid("1x1", 6), (GridShape{1, 1}));
  for (const char* text : {"", "2", "x", "2x", "x2", "2x3x1", "0x2", "-1x-2", "2*3", "axb", "2x4", "7x1",
                           "4294967297x1", "3037000500x3037000500"})
    try {
      parse_grid(text, 6);
      ADD_FAILURE() << text;
    } catch (const ConfigError& error) {
      EXPECT_EQ(error.parameter(), "grid");
    }
}

TEST(ProcessGrid, every_active_rank_stands_where_blacs_says) {
  test::on_all_grids([](const ProcessGrid& grid) {
    const int me = parallel::Communicator::world().rank();
    const auto shape = grid.shape();
    ASSERT_EQ(grid.active(), me < shape.rows * shape.cols);
    ASSERT_EQ(grid.all().size(), parallel::Communicator::world().size());
    if (!grid.active()) {
      EXPECT_EQ(grid.context(), -1);
      EXPECT_EQ(grid.col(), -1);
      EXPECT_TRUE(grid.row_ranks().is_null());
      EXPECT_TRUE(grid.col_ranks().is_null());
      return;
    }
    int rows = 0, cols = 0, row = -1, col = -1;
    Cblacs_gridinfo(grid.context(), &rows, &cols, &row, &col);
    EXPECT_EQ((GridShape{rows, cols}), shape);
    EXPECT_EQ(std::pair(row, col), std::pair(grid.row(), grid.col()));
    EXPECT_EQ(grid.rank_of(row, col), me);
    EXPECT_EQ(std::pair(grid.row_ranks().size(), grid.row_ranks().rank()), std::pair(cols, col));
    EXPECT_EQ(std::pair(grid.col_ranks().size(), grid.col_ranks().rank()), std::pair(rows, row));
    // The members of a row communicator are those of my row.
    for (const int member : parallel::all_gather(grid.row_ranks(), me))
      EXPECT_EQ(member / cols, row);
    for (const int member : parallel::all_gather(grid.col_ranks(), me))
      EXPECT_EQ(member % cols, col);
  });
}

TEST(ProcessGrid, refuses_more_ranks_than_there_are) {
  const auto world = parallel::Communicator::world();
  EXPECT_THROW(ProcessGrid(world, {world.size(), 2}), ConfigError);
  EXPECT_THROW(ProcessGrid(world, {65536, 65536}), ConfigError);
  EXPECT_THROW(ProcessGrid(world, {0, 1}), InternalError);
}

TEST(ProcessGrid, moves_and_works_on_a_part_of_the_world) {
  const auto world = parallel::Communicator::world();
  const auto half = world.split(world.rank() % 2, world.rank());
  ProcessGrid first(half, choose_grid(half.size()));
  const int context = first.context();
  const ProcessGrid second(std::move(first));
  EXPECT_EQ(second.context(), context);
  // The moved-from state is what is tested:
  // NOLINTNEXTLINE(bugprone-use-after-move,clang-analyzer-cplusplus.Move)
  EXPECT_FALSE(first.active());
  EXPECT_EQ(parallel::all_reduce(second.row_ranks(), 1), second.shape().cols);
}

TEST(ProcessGrid, many_can_come_and_go) {
  const auto world = parallel::Communicator::world();
  int highest_context = 0;
  for (int i = 0; i < 300; ++i) {
    const ProcessGrid grid(world, choose_grid(world.size()));
    highest_context = std::max(highest_context, grid.context());
  }
  EXPECT_LT(highest_context, 50); // contexts are given back
}

// Nothing in this file names our pilaenv_: a process grid alone must bring it into the program. PBLAS of a
// shared ScaLAPACK calls what the dynamic linker finds first.
TEST(ProcessGrid, brings_our_logical_block_into_the_program) {
  auto* pilaenv = reinterpret_cast<int (*)(int*, char*, std::size_t)>(dlsym(RTLD_DEFAULT, "pilaenv_"));
  if (pilaenv == nullptr)
    GTEST_SKIP() << "ScaLAPACK is linked statically";
  int context = 0;
  char precision = 'D';
  EXPECT_EQ(pilaenv(&context, &precision, 1), logical_block);
}

} // namespace
} // namespace soapstone::linalg
