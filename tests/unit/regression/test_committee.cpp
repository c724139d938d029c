// SPDX-License-Identifier: BSD-3-Clause
// A committee from one kernel matrix against models that are trained one by one.
#include "soapstone/regression/committee.hpp"

#include "soapstone/base/random.hpp"
#include "soapstone/linalg/blas.hpp"
#include "soapstone/parallel/communicator.hpp"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <numeric>

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
  EXPECT_EQ(linalg::potrf_lower({part.data(), m, m}), -1);
  linalg::potrs_lower({part.data(), m, m}, {x.data(), m, 1});
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

/// Prediction for structure i by the model of `seen` without i.
double left_out(const std::vector<double>& k, std::int64_t n, std::int64_t i, std::vector<std::int64_t> seen,
                const double* y) {
  std::erase(seen, i);
  return value_at(k, n, i, refit(k, n, seen, y).data());
}

TEST_F(Trained, ScalesAreQuantilesOfErrorsOverSpreadsOfLeavingOneOut) {
  const auto committee = train();
  std::vector<std::int64_t> all(at(n));
  std::iota(all.begin(), all.end(), std::int64_t{0});
  for (std::int64_t t = 0; t < targets; ++t) {
    const double* own = y.data() + t * n;
    std::vector<double> ratios;
    for (std::int64_t i = 0; i < n; ++i) {
      double mean = 0, squares = 0;
      std::vector<double> values;
      for (std::int64_t member = 0; member < committee_members; ++member) {
        std::vector<std::int64_t> seen;
        for (const auto j : all)
          if (committee_learns(member, block_of(j)))
            seen.push_back(j);
        values.push_back(left_out(k, n, i, seen, own));
        mean += values.back() / committee_members;
      }
      for (const double value : values)
        squares += (value - mean) * (value - mean);
      ratios.push_back(std::abs(own[i] - left_out(k, n, i, all, own)) /
                       std::sqrt(squares / (committee_members - 1)));
    }
    std::sort(ratios.begin(), ratios.end());
    EXPECT_NEAR(committee.scales[at(t)] / ratios[51], 1, 1e-6);    // the 52nd: 76 x 0.683 = 51.9
    EXPECT_NEAR(committee.intervals[at(t)] / ratios[72], 1, 1e-6); // the 73rd: 76 x 0.95 = 72.2
  }
}

TEST(ConformalQuantile, CoversANewNumberOfAnyDistribution) {
  // Of n + 1 exchangeable numbers the last is among the k smallest with probability k / (n + 1), whatever
  // they are: here Cauchy distributed, which has no variance for a scale to be fitted to.
  constexpr int n = 80, trials = 4000;
  CounterRandom random(11);
  const auto draw = [&] { return std::abs(random.normal() / random.normal()); };
  int narrow = 0, wide = 0;
  for (int trial = 0; trial < trials; ++trial) {
    std::vector<double> numbers;
    for (int i = 0; i < n; ++i)
      numbers.push_back(draw());
    std::sort(numbers.begin(), numbers.end());
    const double fresh = draw();
    narrow += fresh <= conformal_quantile(numbers, error_bar_share) ? 1 : 0;
    wide += fresh <= conformal_quantile(numbers, interval_share) ? 1 : 0;
  }
  const auto expect_share = [&](int count, double share) { // within four standard deviations
    EXPECT_NEAR(static_cast<double>(count) / trials, share, 4 * std::sqrt(share * (1 - share) / trials));
  };
  expect_share(narrow, 56.0 / 81); // 81 x 0.683 = 55.3
  expect_share(wide, 77.0 / 81);   // 81 x 0.95 = 76.95
}

TEST(ConformalQuantile, AtItsEnds) {
  const std::vector<double> numbers{1, 2, 4, 8};
  EXPECT_EQ(conformal_quantile(numbers, 0.5), 4); // the third of four: 5 x 0.5 = 2.5
  EXPECT_EQ(conformal_quantile(numbers, 0.4), 2);
  EXPECT_EQ(conformal_quantile(numbers, 0.99), 8);
  EXPECT_EQ(conformal_quantile(numbers, 0.0), 1);
  EXPECT_EQ(conformal_quantile({}, 0.5), 0);
}

TEST(Spreads, AreSampleDeviations) {
  const auto all = spreads(std::vector<double>{1, 10, 2, 10, 6, 10}, 2, 3); // 2 rows, 3 members
  EXPECT_DOUBLE_EQ(all[0], std::sqrt(7.0));
  EXPECT_DOUBLE_EQ(all[1], 0.0);
  EXPECT_DOUBLE_EQ(spreads(std::vector<double>{1, 10}, 2, 1)[0], 0.0);
}

} // namespace
} // namespace soapstone::regression
