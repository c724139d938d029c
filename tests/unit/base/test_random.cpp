// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/base/random.hpp"

#include "soapstone/base/error.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <set>

#include <gtest/gtest.h>

namespace soapstone {
namespace {

/// The published SplitMix64 generator, from its definition (Steele, Lea, Flood, OOPSLA 2014).
class SplitMix64 {
public:
  explicit SplitMix64(std::uint64_t state) : state_(state) {}
  std::uint64_t operator()() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }

private:
  std::uint64_t state_;
};

/// Sum of (observed - expected)^2 / expected over bins of equal expectation.
template <typename Counts>
double chi_square(const Counts& counts) {
  const double total = std::accumulate(counts.begin(), counts.end(), 0.0);
  const double expected = total / static_cast<double>(counts.size());
  double sum = 0;
  for (const auto count : counts)
    sum += (static_cast<double>(count) - expected) * (static_cast<double>(count) - expected) / expected;
  return sum;
}

// With this seed SplitMix64's two mixings start from zero and keep it, so that the stream is the published
// one from state 0, whose first values are widely tabulated.
TEST(CounterRandom, is_splitmix64_from_state_zero) {
  CounterRandom random(0 - 0x9e3779b97f4a7c15ULL, 0);
  EXPECT_EQ(random(), 0xe220a8397b1dcdafULL);
  EXPECT_EQ(random(), 0x6e789e6aa1b965f4ULL);
  EXPECT_EQ(random(), 0x06c45d188009454fULL);
  EXPECT_EQ(random(), 0xf88bb8a8724c81ecULL);
  EXPECT_EQ(random(), 0x1b39896a51a8749bULL);
}

TEST(CounterRandom, goes_on_as_splitmix64) {
  CounterRandom random(0 - 0x9e3779b97f4a7c15ULL, 0);
  SplitMix64 published(0);
  for (int i = 0; i < 1000; ++i)
    ASSERT_EQ(random(), published());
}

// Splits of data depend on these numbers: changing them would change published results.
TEST(CounterRandom, stays_what_it_was) {
  const auto first = [](std::uint64_t seed, std::uint64_t stream) { return CounterRandom(seed, stream)(); };
  SplitMix64 seeded(1);
  const std::uint64_t key = SplitMix64(seeded() - 0x9e3779b97f4a7c15ULL)(); // mix(mix(1 + gamma))
  EXPECT_EQ(first(1, 0), SplitMix64(key)());
  EXPECT_NE(first(1, 0), first(2, 0));
  EXPECT_NE(first(1, 0), first(1, 1));
}

TEST(CounterRandom, streams_and_seeds_do_not_meet) {
  std::set<std::uint64_t> seen;
  for (std::uint64_t seed = 0; seed < 20; ++seed)
    for (std::uint64_t stream = 0; stream < 20; ++stream) {
      CounterRandom random(seed, stream);
      for (int i = 0; i < 50; ++i)
        seen.insert(random());
    }
  EXPECT_EQ(seen.size(), 20U * 20U * 50U);
}

// Limits: 1e-6 and 1 - 1e-6 quantiles of chi-square with 99 degrees of freedom are 45 and 178.
TEST(CounterRandom, uniform_fills_bins_evenly_but_not_too_evenly) {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    CounterRandom random(seed);
    std::array<int, 100> counts{};
    for (int i = 0; i < 100000; ++i) {
      const double x = random.uniform();
      ASSERT_GE(x, 0.0);
      ASSERT_LT(x, 1.0);
      ++counts[static_cast<std::size_t>(100 * x)];
    }
    EXPECT_GT(chi_square(counts), 45);
    EXPECT_LT(chi_square(counts), 178);
  }
}

// Pairs of successive numbers on a 10 x 10 board.
TEST(CounterRandom, successive_numbers_are_independent) {
  CounterRandom random(11);
  std::array<int, 100> counts{};
  for (int i = 0; i < 100000; ++i) {
    const auto x = static_cast<std::size_t>(10 * random.uniform());
    ++counts[10 * x + static_cast<std::size_t>(10 * random.uniform())];
  }
  EXPECT_GT(chi_square(counts), 45);
  EXPECT_LT(chi_square(counts), 178);
}

TEST(CounterRandom, normal_has_the_moments_of_a_gaussian) {
  CounterRandom random(5);
  constexpr int n = 400000;
  double m1 = 0, m2 = 0, m3 = 0, m4 = 0;
  for (int i = 0; i < n; ++i) {
    const double x = random.normal();
    ASSERT_TRUE(std::isfinite(x));
    m1 += x / n, m2 += x * x / n, m3 += x * x * x / n, m4 += x * x * x * x / n;
  }
  const double error = 5 / std::sqrt(n); // five standard errors, whose variances are 1, 2, 15 and 96
  EXPECT_NEAR(m1, 0, error);
  EXPECT_NEAR(m2, 1, error * std::sqrt(2));
  EXPECT_NEAR(m3, 0, error * std::sqrt(15));
  EXPECT_NEAR(m4, 3, error * std::sqrt(96));
}

TEST(CounterRandom, below_is_even_and_below) {
  CounterRandom random(6);
  std::array<int, 7> counts{};
  for (int i = 0; i < 70000; ++i)
    ++counts.at(random.below(7));
  EXPECT_LT(chi_square(counts), 40); // six degrees of freedom: 1e-6
  for (int i = 0; i < 100; ++i)
    EXPECT_EQ(random.below(1), 0U);
  EXPECT_THROW(random.below(0), InternalError);
}

// With bound 3/4 of 2^64, taking a remainder would make the lower third twice as likely as the rest.
TEST(CounterRandom, below_has_no_modulo_bias) {
  CounterRandom random(8);
  const std::uint64_t bound = std::uint64_t{3} << 62;
  std::array<int, 3> counts{};
  for (int i = 0; i < 30000; ++i)
    ++counts.at(random.below(bound) >> 62);
  EXPECT_LT(chi_square(counts), 28); // two degrees of freedom: 1e-6
}

TEST(RandomPermutation, holds_every_number_once) {
  for (const std::int64_t n : {0, 1, 2, 3, 10, 1000}) {
    auto order = random_permutation(n, 1);
    std::sort(order.begin(), order.end());
    std::vector<std::int64_t> wanted(static_cast<std::size_t>(n));
    std::iota(wanted.begin(), wanted.end(), 0);
    EXPECT_EQ(order, wanted);
  }
}

TEST(RandomPermutation, depends_on_seed_and_stream_alone) {
  EXPECT_EQ(random_permutation(100, 1, 2), random_permutation(100, 1, 2));
  EXPECT_NE(random_permutation(100, 1), random_permutation(100, 2));
  EXPECT_NE(random_permutation(100, 1, 0), random_permutation(100, 1, 1));
}

// All 24 orders of four things equally often: 23 degrees of freedom, 1e-6 quantiles 4 and 67.
TEST(RandomPermutation, all_orders_are_equally_likely) {
  std::array<int, 256> found{};
  for (std::uint64_t seed = 0; seed < 24000; ++seed) {
    std::int64_t code = 0;
    for (const auto i : random_permutation(4, seed))
      code = 4 * code + i;
    ++found.at(static_cast<std::size_t>(code));
  }
  std::vector<int> counts;
  std::copy_if(found.begin(), found.end(), std::back_inserter(counts), [](int count) { return count > 0; });
  ASSERT_EQ(counts.size(), 24U);
  EXPECT_GT(chi_square(counts), 4);
  EXPECT_LT(chi_square(counts), 67);
}

} // namespace
} // namespace soapstone
