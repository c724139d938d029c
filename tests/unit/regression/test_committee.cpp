// SPDX-License-Identifier: BSD-3-Clause
// A committee from one kernel matrix against models that are trained one by one.
#include "soapstone/regression/committee.hpp"

#include "soapstone/base/random.hpp"
#include "soapstone/linalg/blas.hpp"
#include "soapstone/parallel/communicator.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <numbers>

namespace soapstone::regression {
namespace {

constexpr double lambda = 1e-3;

std::size_t at(std::int64_t i) {
  return static_cast<std::size_t>(i);
}

std::string name(std::int64_t i) {
  return "frame " + std::to_string(i);
}

/// Gaussian kernel of random points.
std::vector<double> kernel_of(std::int64_t n) {
  CounterRandom random(2);
  std::vector<double> points, k(at(n * n));
  for (std::int64_t i = 0; i < n; ++i)
    points.push_back(4 * random.uniform());
  for (std::int64_t i = 0; i < n; ++i)
    for (std::int64_t j = 0; j < n; ++j)
      k[at(i + n * j)] = 1.5 * std::exp(-std::pow(points[at(i)] - points[at(j)], 2));
  return k;
}

std::vector<double> random_numbers(std::int64_t count) {
  CounterRandom random(3);
  std::vector<double> values;
  for (std::int64_t i = 0; i < count; ++i)
    values.push_back(random.normal());
  return values;
}

/// Coefficients of the model of the structures `seen` alone, zero for others.
std::vector<double> refit(const std::vector<double>& k, std::int64_t n, const std::vector<std::int64_t>& seen,
                          const double* y) {
  const auto m = static_cast<std::int64_t>(seen.size());
  std::vector<double> part, x;
  for (const auto j : seen) {
    for (const auto i : seen)
      part.push_back(k[at(i + n * j)] + (i == j ? lambda : 0.0));
    x.push_back(y[j]);
  }
  EXPECT_EQ(linalg::potrf_lower(m, part.data(), m), -1);
  linalg::potrs_lower(m, 1, part.data(), m, x.data(), m);
  std::vector<double> all(at(n), 0.0);
  for (std::int64_t i = 0; i < m; ++i)
    all[at(seen[at(i)])] = x[at(i)];
  return all;
}

double value_at(const std::vector<double>& k, std::int64_t n, std::int64_t i, const double* x) {
  double sum = 0;
  for (std::int64_t j = 0; j < n; ++j)
    sum += k[at(i + n * j)] * x[j];
  return sum;
}

TEST(Committee, HalvesAreBalanced) {
  for (std::int64_t block = 0; block < committee_blocks; ++block) {
    int seen = 0;
    for (std::int64_t member = 0; member < committee_members; ++member)
      seen += committee_learns(member, block) ? 1 : 0;
    EXPECT_EQ(seen, 7);
    for (std::int64_t other = 0; other < block; ++other) {
      int parted = 0;
      for (std::int64_t member = 0; member < committee_members; member += 2) {
        EXPECT_NE(committee_learns(member, block), committee_learns(member + 1, block));
        parted += committee_learns(member, block) != committee_learns(member, other) ? 1 : 0;
      }
      EXPECT_EQ(parted, 4);
    }
  }
  for (std::int64_t member = 0; member < committee_members; ++member) {
    int blocks = 0;
    for (std::int64_t block = 0; block < committee_blocks; ++block)
      blocks += committee_learns(member, block) ? 1 : 0;
    EXPECT_EQ(blocks, 4);
  }
}

TEST(Committee, BlocksCoverEverythingOnce) {
  for (const std::int64_t n : {64, 71, 100}) {
    std::int64_t next = 0;
    for (std::int64_t block = 0; block < committee_blocks; ++block) {
      EXPECT_EQ(committee_block(n, block).begin, next);
      next = committee_block(n, block).end;
    }
    EXPECT_EQ(next, n);
  }
}

class Trained : public ::testing::Test {
protected:
  static constexpr std::int64_t n = 75, targets = 2;
  const parallel::Communicator world = parallel::Communicator::world();
  const linalg::ProcessGrid grid{world, linalg::choose_grid(world.size())};
  const std::vector<double> k = kernel_of(n), y = random_numbers(n * targets);

  Committee train() const {
    KernelRidge ridge(linalg::scatter(grid, k, n, n, 7), lambda, name, LambdaScale::absolute);
    ridge.factorize();
    const auto fit = ridge.solve(y, targets);
    return train_committee(std::move(ridge), fit.coefficients, y, targets);
  }

  static std::int64_t block_of(std::int64_t i) {
    std::int64_t block = 0;
    while (i >= committee_block(n, block).end)
      ++block;
    return block;
  }
};

TEST_F(Trained, MembersAreThoseOfTheirHalvesAlone) {
  const auto committee = train();
  ASSERT_EQ(committee.members, committee_members);
  for (std::int64_t member = 0; member < committee_members; ++member) {
    std::vector<std::int64_t> seen;
    for (std::int64_t i = 0; i < n; ++i)
      if (committee_learns(member, block_of(i)))
        seen.push_back(i);
    for (std::int64_t t = 0; t < targets; ++t) {
      const auto expected = refit(k, n, seen, y.data() + t * n);
      for (std::int64_t i = 0; i < n; ++i)
        EXPECT_NEAR(committee.coefficients[at(i + (t * committee_members + member) * n)], expected[at(i)],
                    1e-8 * (1 + std::abs(expected[at(i)])));
    }
  }
}

TEST_F(Trained, ScaleFitsTheSpreadToTheErrorsOfLeavingOneOut) {
  const auto committee = train();
  for (std::int64_t t = 0; t < targets; ++t) {
    double sum = 0;
    for (std::int64_t i = 0; i < n; ++i) {
      std::vector<std::int64_t> others;
      for (std::int64_t j = 0; j < n; ++j)
        if (j != i)
          others.push_back(j);
      const double error = y[at(i + t * n)] - value_at(k, n, i, refit(k, n, others, y.data() + t * n).data());
      std::vector<double> unseen;
      for (std::int64_t member = 0; member < committee_members; ++member)
        if (!committee_learns(member, block_of(i)))
          unseen.push_back(
              value_at(k, n, i, committee.coefficients.data() + (t * committee_members + member) * n));
      ASSERT_EQ(unseen.size(), 7U);
      double mean = 0, squares = 0;
      for (const double value : unseen)
        mean += value / 7;
      for (const double value : unseen)
        squares += (value - mean) * (value - mean);
      sum += std::abs(error) / std::sqrt(squares / 6);
    }
    EXPECT_NEAR(committee.scales[at(t)] / (sum / n * std::sqrt(std::numbers::pi / 2)), 1, 1e-6);
  }
}

TEST(Spreads, AreSampleDeviationsOfTheMembersThatCount) {
  const std::vector<double> values{1, 10, 2, 10, 6, 10}; // 2 rows, 3 members
  const auto all = spreads(values, 2, 3);
  EXPECT_DOUBLE_EQ(all[0], std::sqrt(7.0));
  EXPECT_DOUBLE_EQ(all[1], 0.0);
  const auto some =
      spreads(values, 2, 3, [](std::int64_t row, std::int64_t member) { return row == 1 || member > 0; });
  EXPECT_DOUBLE_EQ(some[0], std::sqrt(8.0));
  EXPECT_DOUBLE_EQ(spreads(values, 2, 1)[0], 0.0);
}

} // namespace
} // namespace soapstone::regression
