// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/linalg/matrix_view.hpp"

#include "soapstone/base/error.hpp"
#include "soapstone/linalg/blas.hpp"

#include <gtest/gtest.h>
#include <numeric>
#include <vector>

namespace soapstone::linalg {
namespace {

TEST(MatrixView, goes_column_after_column) {
  std::vector<double> numbers(20);
  std::iota(numbers.begin(), numbers.end(), 0.0);
  const MatrixView<double> view(numbers.data() + 1, 3, 4, 5);
  EXPECT_EQ(view(0, 0), 1);
  EXPECT_EQ(view(2, 3), 18);
  EXPECT_EQ(view.column(2).size(), 3U);
  EXPECT_EQ(view.column(2)[1], 12);
  const auto right = view.columns_from(2, 2);
  EXPECT_EQ(right.columns, 2);
  EXPECT_EQ(right(1, 0), view(1, 2));
  view(1, 1) = -1;
  const MatrixView<const double> same = view;
  EXPECT_EQ(same(1, 1), -1);
  EXPECT_EQ(numbers[7], -1);
}

TEST(MatrixView, shapes_that_do_not_go_together_are_refused) {
  std::vector<double> a(12), b(12), c(12);
  EXPECT_NO_THROW(gemm(Op::none, Op::none, 1, {a.data(), 2, 3}, {b.data(), 3, 4}, 0, {c.data(), 2, 4}));
  EXPECT_NO_THROW(gemm(Op::transpose, Op::none, 1, {a.data(), 3, 2}, {b.data(), 3, 4}, 0, {c.data(), 2, 4}));
  for (const auto op : {Op::none, Op::transpose})
    EXPECT_THROW(gemm(op, Op::none, 1, {a.data(), 2, 3}, {b.data(), 4, 3}, 0, {c.data(), 2, 4}),
                 InternalError);
  EXPECT_THROW(syrk(Triangle::lower, Op::none, 1, {a.data(), 2, 3}, 0, {c.data(), 3, 3}), InternalError);
  EXPECT_THROW(potrf_lower({a.data(), 2, 3}), InternalError);
  EXPECT_THROW(potrs_lower({a.data(), 2, 2}, {b.data(), 3, 1}), InternalError);
  EXPECT_THROW(trmm_lower(Op::none, {a.data(), 2, 2}, {b.data(), 3, 1}), InternalError);
}

} // namespace
} // namespace soapstone::linalg
