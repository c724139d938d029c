// SPDX-License-Identifier: BSD-3-Clause
// Variances against the formula in full and a closed form, and the choice of references against least
// squares.
#include "soapstone/kernel/novelty.hpp"

#include "fake_features.hpp"
#include "soapstone/base/error.hpp"
#include "soapstone/linalg/blas.hpp"

#include <algorithm>
#include <gtest/gtest.h>

namespace soapstone::kernel {
namespace {

using namespace testing;

const features::FeatureLayout layout{{segment_widths.begin(), segment_widths.end()}};
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
  const auto a = linalg::least_squares(width, count, basis, row, 1e-12).x;
  auto left = row;
  linalg::gemv(linalg::Op::none, -1.0, {basis.data(), width, count}, a, 1.0, left);
  double sum = 0;
  for (const double value : left)
    sum += value * value;
  return sum;
}

double dot(const double* a, const double* b) {
  double sum = 0;
  for (std::int64_t c = 0; c < width; ++c)
    sum += a[c] * b[c];
  return sum;
}

/// |p|^2 - k^T (K + noise)^-1 k.
double variance(const std::vector<double>& row, const std::vector<double>& references, std::int64_t count) {
  std::vector<double> kernel, k;
  double noise = 0;
  for (std::int64_t i = 0; i < count; ++i)
    noise += 1e-5 *
             dot(&references[static_cast<std::size_t>(i * width)],
                 &references[static_cast<std::size_t>(i * width)]) /
             static_cast<double>(count);
  for (std::int64_t i = 0; i < count; ++i) {
    for (std::int64_t j = 0; j < count; ++j)
      kernel.push_back(dot(&references[static_cast<std::size_t>(i * width)],
                           &references[static_cast<std::size_t>(j * width)]) +
                       (i == j ? noise : 0.0));
    k.push_back(dot(&references[static_cast<std::size_t>(i * width)], row.data()));
  }
  auto solved = k;
  EXPECT_EQ(linalg::potrf_lower({kernel.data(), count, count}), -1);
  linalg::potrs_lower({kernel.data(), count, count}, {solved.data(), count, 1});
  double sum = dot(row.data(), row.data());
  for (std::size_t i = 0; i < k.size(); ++i)
    sum -= k[i] * solved[i];
  return sum;
}

std::vector<double> expected_deviations(const std::vector<structure::Structure>& structures,
                                        const std::vector<double>& references, std::int64_t count,
                                        bool unit) {
  std::vector<double> expected;
  for (const auto& structure : structures) {
    double most = 0;
    for (std::size_t atom = 0; atom < structure.size(); ++atom) {
      const auto row = row_of(structure, static_cast<std::int64_t>(atom));
      const double missing = unit ? std::max(0.0, 1 - dot(row.data(), row.data())) : 0.0;
      most = std::max(most, std::sqrt(variance(row, references, count) + missing));
    }
    expected.push_back(most);
  }
  return expected;
}

TEST(RowVariance, IsThatOfAGaussianProcess) {
  const auto structures = fake_structures(30, 1), fresh = fake_structures(40, 2);
  const std::vector<RowPlace> places{{3, 0}, {7, 0}, {7, 0}, {12, 0}, {29, 0}}; // one of them twice
  std::vector<double> references;
  for (const auto& place : places) {
    const auto row = row_of(structures[static_cast<std::size_t>(place.structure)], place.row);
    references.insert(references.end(), row.begin(), row.end());
  }
  for (const bool unit : {false, true}) {
    const RowVariance rows(fake_features, layout, structures, places, unit);
    EXPECT_EQ(rows.size(), 5);
    const auto deviations = rows.deviations(fake_features(fresh));
    const auto expected = expected_deviations(fresh, references, 5, unit);
    for (std::size_t s = 0; s < fresh.size(); ++s)
      EXPECT_NEAR(deviations[s], expected[s], 1e-9);
  }
}

/// Positions as features.
features::FeatureBlock positions(std::span<const structure::Structure> structures) {
  features::FeatureBlock block{static_cast<std::int64_t>(structures.size()), {{}}};
  auto& group = block.groups.front();
  group.segments = {{0, 3, 0}};
  group.width = 3;
  for (std::size_t s = 0; s < structures.size(); ++s) {
    group.structures.push_back(static_cast<std::int32_t>(s));
    group.environments.push_back(1);
    group.values.insert(group.values.end(), structures[s].positions[0].begin(),
                        structures[s].positions[0].end());
  }
  return block;
}

TEST(RowVariance, ADirectionThatIsHardlySeenIsNotKnown) {
  const auto at = [](double x, double y, double z) { return structure::Structure{{1}, {{x, y, z}}, {}}; };
  const std::vector<structure::Structure> references{at(1, 0, 0), at(0, 1e-4, 0)};
  const std::vector<RowPlace> places{{0, 0}, {1, 0}};
  const RowVariance rows(positions, {{3}}, references, places, false);
  const std::vector<structure::Structure> fresh{at(1, 0, 0), at(0, 1, 0), at(0, 0, 1), at(0, 0, 0)};
  const auto deviations = rows.deviations(positions(fresh));
  const double noise = 1e-5 * (1 + 1e-8) / 2;
  EXPECT_NEAR(deviations[0], std::sqrt(noise / (1 + noise)), 1e-10);
  EXPECT_NEAR(deviations[1], std::sqrt(noise / (1e-8 + noise)), 1e-10);
  EXPECT_EQ(deviations[2], 1);
  EXPECT_EQ(deviations[3], 0);
}

TEST(RowVariance, RefusesRowsThatAreNotThere) {
  const auto structures = fake_structures(3, 1);
  for (const RowPlace place : {RowPlace{3, 0}, RowPlace{-1, 0}, RowPlace{0, 6}, RowPlace{0, -1}})
    EXPECT_THROW(RowVariance(fake_features, layout, structures, std::vector{place}, false), IoError);
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

TEST(ChooseRows, NoMoreThanThereAreDimensions) {
  const auto structures = fake_structures(60, 1);
  EXPECT_EQ(static_cast<std::int64_t>(choose_rows(fake_features, layout, structures, {}, 1).size()), width);
}

TEST(ChooseRows, StaysWithinItsMemoryAndTakesFromAllStructures) {
  const auto structures = fake_structures(40, 3);
  ReferenceSize size{.rows = 100, .candidates = 1000, .memory = 4 * width * 8};
  const auto places = choose_rows(fake_features, layout, structures, size, 1);
  ASSERT_FALSE(places.empty());
  EXPECT_LE(places.size(), 4U);
  for (const auto& place : places)
    EXPECT_EQ(place.structure % 10, 0); // every tenth of forty
}

} // namespace
} // namespace soapstone::kernel
