// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/linalg/products.hpp"

#include <gtest/gtest.h>

#include "support.hpp"

#include "soapstone/base/error.hpp"
#include "soapstone/linalg/logical_block.hpp"
#include "soapstone/parallel/collectives.hpp"

#include <array>
#include <dlfcn.h>

extern "C" int pilaenv_(int*, char*, std::size_t);

namespace soapstone::linalg {
namespace {

using test::at;
using test::naive_product;
using test::naive_transpose;
using test::on_all_grids;
using test::random_values;

void expect_near(const std::vector<double>& found, const std::vector<double>& expected, double tolerance) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i)
    ASSERT_NEAR(found[i], expected[i], tolerance) << "element " << i;
}

TEST(Products, multiply_is_the_sum_over_the_inner_index) {
  on_all_grids([](const ProcessGrid& grid) {
    const std::int64_t m = 13, n = 9, block = 4;
    for (const std::int64_t k : {0, 1, 21})
      for (const Op op_a : {Op::none, Op::transpose})
        for (const Op op_b : {Op::none, Op::transpose}) {
          const auto a = random_values(m * k, 1), b = random_values(k * n, 2), c0 = random_values(m * n, 3);
          const auto a_held = op_a == Op::none ? scatter(grid, a, m, k, block)
                                               : scatter(grid, naive_transpose(a, m, k), k, m, block);
          const auto b_held = op_b == Op::none ? scatter(grid, b, k, n, block)
                                               : scatter(grid, naive_transpose(b, k, n), n, k, block);
          auto c = scatter(grid, c0, m, n, block);
          multiply(op_a, op_b, 2.0, a_held, b_held, -1.0, c);
          auto expected = naive_product(a, b, m, n, k);
          for (std::size_t i = 0; i < expected.size(); ++i)
            expected[i] = 2 * expected[i] - c0[i];
          expect_near(gather(c), expected, 1e-13);
        }
  });
}

TEST(Products, a_part_is_transposed_from_any_place_to_any_other) {
  on_all_grids([](const ProcessGrid& grid) {
    const std::int64_t rows = 23, cols = 19, block = 4;
    const auto a = random_values(rows * cols, 5), b0 = random_values(cols * rows, 6);
    const auto held = scatter(grid, a, rows, cols, block);
    const std::vector<std::array<std::int64_t, 6>> cases{{0, 0, 23, 19, 0, 0},
                                                         {3, 5, 7, 9, 2, 11},
                                                         {8, 4, 12, 3, 13, 1},
                                                         {22, 18, 1, 1, 6, 7},
                                                         {5, 5, 0, 3, 1, 1}};
    for (const auto& [row, col, m, n, to_row, to_col] : cases) {
      auto b = scatter(grid, b0, cols, rows, block);
      transpose_part(held, row, col, m, n, b, to_row, to_col);
      auto expected = b0;
      for (std::int64_t i = 0; i < m; ++i)
        for (std::int64_t j = 0; j < n; ++j)
          expected[at(to_row + j, to_col + i, cols)] = a[at(row + i, col + j, rows)];
      expect_near(gather(b), expected, 0);
    }
  });
}

TEST(Products, symmetric_rank_k_fills_one_triangle) {
  on_all_grids([](const ProcessGrid& grid) {
    const std::int64_t n = 17, k = 10, block = 3;
    const auto a = random_values(n * k, 4);
    const auto full = naive_product(a, naive_transpose(a, n, k), n, n, k);
    for (const Triangle triangle : {Triangle::lower, Triangle::upper})
      for (const Op op : {Op::none, Op::transpose}) {
        const auto held = op == Op::none ? scatter(grid, a, n, k, block)
                                         : scatter(grid, naive_transpose(a, n, k), k, n, block);
        auto c = scatter(grid, std::vector<double>(static_cast<std::size_t>(n * n), 5.0), n, n, block);
        symmetric_rank_k(triangle, op, 1.0, held, 2.0, c);
        auto expected = full;
        for (std::int64_t col = 0; col < n; ++col)
          for (std::int64_t row = 0; row < n; ++row) {
            const bool inside = triangle == Triangle::lower ? row >= col : row <= col;
            expected[at(row, col, n)] = inside ? full[at(row, col, n)] + 10 : 5;
          }
        expect_near(gather(c), expected, 1e-13);
      }
  });
}

TEST(Products, symmetric_multiply_reads_one_triangle) {
  on_all_grids([](const ProcessGrid& grid) {
    const std::int64_t m = 11, n = 6, block = 2;
    const auto a = test::dominant_matrix(m, 5), b = random_values(m * n, 6);
    const auto expected = naive_product(a, b, m, n, m);
    for (const Triangle triangle : {Triangle::lower, Triangle::upper}) {
      auto one_triangle = a;
      for (std::int64_t col = 0; col < m; ++col)
        for (std::int64_t row = 0; row < m; ++row)
          if (triangle == Triangle::lower ? row < col : row > col)
            one_triangle[at(row, col, m)] = 1e30;
      auto c = DistributedMatrix(grid, m, n, block);
      symmetric_multiply(triangle, 1.0, scatter(grid, one_triangle, m, m, block),
                         scatter(grid, b, m, n, block), 0.0, c);
      expect_near(gather(c), expected, 1e-12);
    }
  });
}

// Unit vectors aside, exact: L of small integers with 1 on the diagonal, X integer, B = L X.
TEST(Products, triangular_solve_undoes_a_triangular_product) {
  on_all_grids([](const ProcessGrid& grid) {
    const std::int64_t n = 14, k = 5, block = 3;
    std::vector<double> lower(static_cast<std::size_t>(n * n)), x(static_cast<std::size_t>(n * k));
    for (std::int64_t row = 0; row < n; ++row)
      for (std::int64_t col = std::max<std::int64_t>(0, row - 2); col <= row; ++col)
        lower[at(row, col, n)] = row == col ? 1 : static_cast<double>((row + col) % 3) - 1;
    for (std::size_t i = 0; i < x.size(); ++i)
      x[i] = static_cast<double>(i % 7) - 3;
    const auto upper = naive_transpose(lower, n, n);
    const auto l = scatter(grid, lower, n, n, block);
    auto b = scatter(grid, naive_product(lower, x, n, k, n), n, k, block);
    triangular_solve(scalapack::Side::left, Triangle::lower, Op::none, 1.0, l, b);
    EXPECT_EQ(gather(b), x);
    b = scatter(grid, naive_product(upper, x, n, k, n), n, k, block);
    triangular_solve(scalapack::Side::left, Triangle::lower, Op::transpose, 1.0, l, b);
    EXPECT_EQ(gather(b), x);
    const auto xt = naive_transpose(x, n, k);
    auto right = scatter(grid, naive_product(xt, lower, k, n, n), k, n, block);
    triangular_solve(scalapack::Side::right, Triangle::lower, Op::none, 1.0, l, right);
    EXPECT_EQ(gather(right), xt);
  });
}

TEST(Products, transpose_swaps_rows_and_columns) {
  on_all_grids([](const ProcessGrid& grid) {
    const auto a = random_values(12 * 31, 7);
    DistributedMatrix b(grid, 31, 12, 5);
    transpose(scatter(grid, a, 12, 31, 5), b);
    EXPECT_EQ(gather(b), naive_transpose(a, 12, 31));
  });
}

// Places that are no multiples of the block, on either side.
TEST(Products, parts_start_anywhere) {
  on_all_grids([](const ProcessGrid& grid) {
    const std::int64_t m = 17, n = 23, block = 4;
    const auto values = random_values(m * n, 9), right = random_values(n * 3, 10);
    const auto a = scatter(grid, values, m, n, block), b = scatter(grid, right, n, 3, block);
    const auto product = naive_product(values, right, m, 3, n);
    for (const auto& [row, col, rows, cols] :
         {std::array{0, 0, 17, 23}, {3, 5, 6, 9}, {16, 22, 1, 1}, {1, 2, 13, 21}, {8, 4, 9, 1}}) {
      DistributedMatrix part(grid, rows, cols, block), partial(grid, rows, 3, block);
      copy_part(a, row, col, part);
      multiply_rows(2.0, a, row, b, partial);
      const auto copied = gather(part), multiplied = gather(partial);
      for (std::int64_t i = 0; i < rows; ++i) {
        for (std::int64_t j = 0; j < cols; ++j)
          ASSERT_EQ(copied[at(i, j, rows)], values[at(row + i, col + j, m)]);
        for (std::int64_t j = 0; j < 3; ++j)
          ASSERT_NEAR(multiplied[at(i, j, rows)], 2 * product[at(row + i, j, m)], 1e-13);
      }
    }
    DistributedMatrix too_large(grid, 5, 5, block);
    EXPECT_THROW(copy_part(a, 13, 0, too_large), InternalError);
    EXPECT_THROW(multiply_rows(1.0, a, -1, b, too_large), InternalError);
  });
}

TEST(Products, shapes_that_do_not_conform_are_refused) {
  const auto world = parallel::Communicator::world();
  const ProcessGrid grid(world, choose_grid(world.size())), other(world, {1, 1});
  const DistributedMatrix a(grid, 4, 5, 2), b(grid, 4, 5, 2), small_blocks(grid, 5, 4, 1),
      elsewhere(other, 5, 4, 2);
  DistributedMatrix c(grid, 4, 4, 2);
  EXPECT_THROW(multiply(Op::none, Op::none, 1, a, b, 0, c), InternalError);
  EXPECT_THROW(multiply(Op::none, Op::none, 1, a, small_blocks, 0, c), InternalError);
  EXPECT_THROW(multiply(Op::none, Op::none, 1, a, elsewhere, 0, c), InternalError);
  EXPECT_THROW(symmetric_rank_k(Triangle::lower, Op::transpose, 1, a, 0, c), InternalError);
  EXPECT_THROW(transpose(a, c), InternalError);
}

TEST(Products, pblas_asks_our_function_for_its_logical_block) {
  const auto world = parallel::Communicator::world();
  const ProcessGrid grid(world, choose_grid(world.size()));
  const auto before = logical_block_queries();
  const auto a = scatter(grid, random_values(64 * 64, 8), 64, 64, 8);
  DistributedMatrix c(grid, 64, 64, 8);
  multiply(Op::none, Op::none, 1, a, a, 0, c);
  EXPECT_GT(parallel::all_reduce(world, logical_block_queries() - before), 0);
  int context = 0;
  char precision = 'D';
  EXPECT_EQ(pilaenv_(&context, &precision, 1), logical_block);
  if (void* dynamic = dlsym(RTLD_DEFAULT, "pilaenv_")) { // what a shared ScaLAPACK is bound to
    EXPECT_EQ(dynamic, reinterpret_cast<void*>(&pilaenv_));
  }
}

} // namespace
} // namespace soapstone::linalg
