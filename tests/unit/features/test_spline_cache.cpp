// SPDX-License-Identifier: BSD-3-Clause
#include "spline_cache.hpp"

#include "../soap/changed_fields.hpp"

#include <gtest/gtest.h>

namespace soapstone::features {
namespace {

using namespace soap;

constexpr SoapParameters small{.cutoff = 3.0, .gaussian_width = 0.4, .n_max = 3, .l_max = 2};

TEST(SplineCache, equal_tables_are_shared_and_others_are_not) {
  const auto first = shared_spline(small);
  EXPECT_EQ(shared_spline(small), first);
  for (const auto& [field, changed] : soap::testing::changed_fields(small))
    EXPECT_EQ(shared_spline(changed) == first, field.stage > Stage::integrals) << field.name;
  EXPECT_EQ(first->n_max(), 3);
  EXPECT_EQ(first->l_max(), 2);
}

TEST(SplineCache, keeps_the_last_few_only) {
  const std::weak_ptr<const RadialSpline> first = shared_spline(small);
  for (int i = 1; i <= 10; ++i) {
    auto other = small;
    other.cutoff += 0.01 * i;
    shared_spline(other);
  }
  EXPECT_TRUE(first.expired());
}

} // namespace
} // namespace soapstone::features
