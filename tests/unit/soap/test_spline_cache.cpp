// SPDX-License-Identifier: BSD-3-Clause
#include "spline_cache.hpp"

#include <gtest/gtest.h>

namespace soapstone::soap {
namespace {

TEST(SplineCache, equal_parameters_share_a_table_and_others_do_not) {
  const auto first = shared_spline(3, 2, 3.0, 0.4);
  EXPECT_EQ(shared_spline(3, 2, 3.0, 0.4), first);
  EXPECT_NE(shared_spline(4, 2, 3.0, 0.4), first);
  EXPECT_NE(shared_spline(3, 1, 3.0, 0.4), first);
  EXPECT_NE(shared_spline(3, 2, 3.5, 0.4), first);
  EXPECT_NE(shared_spline(3, 2, 3.0, 0.5), first);
  EXPECT_EQ(first->n_max(), 3);
  EXPECT_EQ(first->l_max(), 2);
}

TEST(SplineCache, keeps_the_last_few_only) {
  const std::weak_ptr<const RadialSpline> first = shared_spline(2, 1, 3.0, 0.4);
  for (int i = 1; i <= 30; ++i)
    shared_spline(2, 1, 3.0 + 0.01 * i, 0.4);
  EXPECT_TRUE(first.expired());
}

} // namespace
} // namespace soapstone::soap
