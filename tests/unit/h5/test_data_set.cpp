// SPDX-License-Identifier: BSD-3-Clause
#include "data_set.hpp"

#include "soapstone/base/error.hpp"

#include <gtest/gtest.h>

namespace soapstone::h5 {
namespace {

TEST(ChunkShape, whole_if_it_fits) {
  EXPECT_EQ(chunk_shape({10, 20}, 8, 1 << 20), (Shape{10, 20}));
}

TEST(ChunkShape, last_index_first) {
  EXPECT_EQ(chunk_shape({1000, 100}, 8, 8000), (Shape{10, 100}));
  EXPECT_EQ(chunk_shape({1000, 100, 7}, 8, 5600), (Shape{1, 100, 7}));
}

TEST(ChunkShape, cuts_rows_that_are_too_long) {
  EXPECT_EQ(chunk_shape({1000, 100}, 8, 80), (Shape{1, 10}));
}

TEST(ChunkShape, one_element_at_least) {
  EXPECT_EQ(chunk_shape({3, 3}, 1000, 10), (Shape{1, 1}));
  EXPECT_EQ(chunk_shape({0, 3}, 8, 1000), (Shape{1, 3}));
}

TEST(Elements, product_of_the_extents) {
  EXPECT_EQ(elements({3, 4, 5}), 60U);
  EXPECT_EQ(elements({}), 1U);
  EXPECT_EQ(elements({7, 0}), 0U);
}

TEST(Elements, more_than_64_bits_are_refused) {
  EXPECT_EQ(elements({std::uint64_t{1} << 40, std::uint64_t{1} << 23}), std::uint64_t{1} << 63);
  EXPECT_THROW(elements({std::uint64_t{1} << 40, std::uint64_t{1} << 24}), InternalError);
}

} // namespace
} // namespace soapstone::h5
