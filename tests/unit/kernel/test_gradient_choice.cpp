// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/kernel/gradient_choice.hpp"

#include <gtest/gtest.h>
#include <limits>

namespace soapstone::kernel {
namespace {

constexpr auto everything = std::numeric_limits<std::int64_t>::max();

/// Two folds of molecules with 18 atoms of `width` features: a is full, b half.
GradientSize two_folds(double molecules, std::int64_t width) {
  return {2, molecules, 18 * molecules, 18 * molecules * static_cast<double>(width), width, 2, 3};
}

TEST(GradientChoice, CountsOperations) {
  const auto size = two_folds(2000, 3696);
  EXPECT_DOUBLE_EQ(tiled_operations(size), 4.0 * 36000 * 36000 * 3696);
  EXPECT_DOUBLE_EQ(low_rank_operations(size), 9.0 * 36000 * 3696 * 3696 + 4.0 * 36000 * 18 * 3696);
}

TEST(GradientChoice, TakesFormsWhereTheyTakeFewerOperations) {
  EXPECT_EQ(forms_at_once(two_folds(2000, 3696), everything), 4);
  EXPECT_EQ(forms_at_once(two_folds(5000, 400), everything), 4);
  EXPECT_EQ(forms_at_once(two_folds(300, 3696), everything), 0); // 5400 environments: few, with many features
  EXPECT_EQ(forms_at_once({}, everything), 0);
}

/// Half of the segments: pairs of environments share a quarter, and a form is as large as ever.
TEST(GradientChoice, CountsOnlyFeaturesThatAreThere) {
  auto size = two_folds(2000, 3696);
  size.numbers /= 2;
  EXPECT_DOUBLE_EQ(tiled_operations(size), 36000.0 * 36000 * 3696);
  EXPECT_DOUBLE_EQ(low_rank_operations(size), 9.0 * 36000 * 1848 * 1848 + 4.0 * 36000 * 18 * 1848);
}

TEST(GradientChoice, TakesTilesForManyColumnsAndOtherExponents) {
  auto size = two_folds(2000, 3696);
  size.columns = 2000;
  size.vectors = 3999;
  EXPECT_EQ(forms_at_once(size, everything), 0);
  size = two_folds(2000, 3696);
  size.zeta = 3;
  EXPECT_EQ(forms_at_once(size, everything), 0);
}

TEST(GradientChoice, HoldsTheFormsForWhichThereIsMemory) {
  const auto size = two_folds(2000, 1000);
  EXPECT_EQ(form_bytes(size), 8'000'000);
  EXPECT_EQ(forms_at_once(size, 7'999'999), 0);
  EXPECT_EQ(forms_at_once(size, 8'000'000), 1);
  EXPECT_EQ(forms_at_once(size, 31'999'999), 3);
  EXPECT_EQ(forms_at_once(size, 33'000'000), 4);
}

} // namespace
} // namespace soapstone::kernel
