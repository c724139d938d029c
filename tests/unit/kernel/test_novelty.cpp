// SPDX-License-Identifier: BSD-3-Clause
// Distances from a span against least squares, and the choice of its rows.
#include "soapstone/kernel/novelty.hpp"

#include "fake_features.hpp"
#include "soapstone/base/error.hpp"
#include "soapstone/linalg/blas.hpp"

#include <algorithm>
#include <gtest/gtest.h>

namespace soapstone::kernel {
namespace {

using namespace testing;

const soap::FeatureLayout layout{{segment_widths.begin(), segment_widths.end()}};
constexpr std::int64_t width = 17;

std::vector<double> row_of(const structure::Structure& structure, std::int64_t atom) {
  std::vector<double> row;
  for (int segment = 0; segment < segment_count; ++segment)
    for (int c = 0; c < segment_widths[static_cast<std::size_t>(segment)]; ++c)
      row.push_back((structure.species.front() >> segment & 1) != 0
                        ? fake_feature(structure, static_cast<std::size_t>(atom), segment, c)
                        : 0.0);
  return row;
}

/// min over a of |row - sum_i a_i basis_i|^2 by singular values.
double squared_residual(const std::vector<double>& row, const std::vector<double>& basis,
                        std::int64_t count) {
  const auto a = linalg::least_squares(width, count, basis, row, 1e-12);
  auto left = row;
  linalg::gemv(linalg::Op::none, width, count, -1.0, basis.data(), width, a.data(), 1.0, left.data());
  double sum = 0;
  for (const double value : left)
    sum += value * value;
  return sum;
}

double squared_length(const std::vector<double>& row) {
  double sum = 0;
  for (const double value : row)
    sum += value * value;
  return sum;
}

std::vector<double> expected_distances(const std::vector<structure::Structure>& structures,
                                       const std::vector<double>& basis, std::int64_t count, bool unit) {
  std::vector<double> expected;
  for (const auto& structure : structures) {
    double most = 0;
    for (std::size_t atom = 0; atom < structure.size(); ++atom) {
      const auto row = row_of(structure, static_cast<std::int64_t>(atom));
      const double missing = unit ? std::max(0.0, 1 - squared_length(row)) : 0.0;
      most = std::max(most, std::sqrt(squared_residual(row, basis, count) + missing));
    }
    expected.push_back(most);
  }
  return expected;
}

TEST(RowSpan, DistancesAreTheResidualsOfLeastSquares) {
  const auto structures = fake_structures(30, 1), fresh = fake_structures(40, 2);
  const std::vector<RowPlace> places{{3, 0}, {7, 0}, {7, 0}, {12, 0}, {29, 0}}; // one of them twice
  std::vector<double> basis;
  for (const auto& place : places) {
    const auto row = row_of(structures[static_cast<std::size_t>(place.structure)], place.row);
    basis.insert(basis.end(), row.begin(), row.end());
  }
  for (const bool unit : {false, true}) {
    const RowSpan span(fake_features, layout, structures, places, unit);
    EXPECT_EQ(span.size(), 4);
    const auto distances = span.distances(fake_features(fresh));
    const auto expected = expected_distances(fresh, basis, 5, unit);
    for (std::size_t s = 0; s < fresh.size(); ++s)
      EXPECT_NEAR(distances[s], expected[s], 1e-12);
  }
}

TEST(RowSpan, NothingIsFarFromAllOfSpace) {
  const auto structures = fake_structures(60, 1), fresh = fake_structures(20, 2);
  const auto places = choose_rows(fake_features, layout, structures, {}, 1);
  EXPECT_EQ(static_cast<std::int64_t>(places.size()), width); // as many as there are dimensions
  const RowSpan span(fake_features, layout, structures, places, false);
  EXPECT_EQ(span.size(), width);
  for (const double distance : span.distances(fake_features(fresh)))
    EXPECT_LT(distance, 1e-6);
}

TEST(RowSpan, RefusesRowsThatAreNotThere) {
  const auto structures = fake_structures(3, 1);
  for (const RowPlace place : {RowPlace{3, 0}, RowPlace{-1, 0}, RowPlace{0, 6}, RowPlace{0, -1}})
    EXPECT_THROW(RowSpan(fake_features, layout, structures, std::vector{place}, false), IoError);
}

TEST(ChooseRows, EachIsTheFarthestFromThoseBefore) {
  const auto structures = fake_structures(25, 3);
  const auto places = choose_rows(fake_features, layout, structures, {.rows = 6, .candidates = 10000}, 1);
  ASSERT_EQ(places.size(), 6U);
  std::vector<double> basis(static_cast<std::size_t>(width), 0.0); // a first column of nothing
  for (std::size_t i = 0; i < places.size(); ++i) {
    const auto count = static_cast<std::int64_t>(i) + 1;
    double farthest = 0;
    for (const auto& structure : structures)
      for (std::size_t atom = 0; atom < structure.size(); ++atom)
        farthest = std::max(
            farthest, squared_residual(row_of(structure, static_cast<std::int64_t>(atom)), basis, count));
    const auto row = row_of(structures[static_cast<std::size_t>(places[i].structure)], places[i].row);
    EXPECT_NEAR(squared_residual(row, basis, count), farthest, 1e-12) << "row " << i;
    basis.insert(basis.end(), row.begin(), row.end());
  }
}

TEST(ChooseRows, StaysWithinItsMemoryAndTakesFromAllStructures) {
  const auto structures = fake_structures(40, 3);
  SpanSize size{.rows = 100, .candidates = 1000, .memory = 4 * width * 8};
  const auto places = choose_rows(fake_features, layout, structures, size, 1);
  ASSERT_FALSE(places.empty());
  EXPECT_LE(places.size(), 4U);
  for (const auto& place : places)
    EXPECT_EQ(place.structure % 10, 0); // every tenth of forty
}

} // namespace
} // namespace soapstone::kernel
