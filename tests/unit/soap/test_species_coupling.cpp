// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/soap/species_coupling.hpp"

#include "soapstone/base/error.hpp"
#include "soapstone/base/maximum.hpp"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <numeric>
#include <random>

using namespace soapstone::soap;
using soapstone::ConfigError;

namespace {

/// H to Cm without those that have no value: 92 elements.
std::vector<int> all_elements() {
  std::vector<int> elements;
  for (int z = 1; z <= 96; ++z)
    if (z != 2 && z != 10 && z != 18 && z != 61)
      elements.push_back(z);
  return elements;
}

/// Largest difference of u^T u and kappa.
double residual(const std::vector<double>& u, const std::vector<double>& kappa, std::size_t order) {
  double largest = 0;
  for (std::size_t a = 0; a < order; ++a)
    for (std::size_t b = 0; b < order; ++b) {
      double sum = 0;
      for (std::size_t row = 0; row < u.size(); row += order)
        sum += u[row + a] * u[row + b];
      largest = soapstone::max_or_nan(largest, std::abs(sum - kappa[a * order + b]));
    }
  return largest;
}

double dot_rows(const std::vector<double>& u, std::size_t i, std::size_t j, std::size_t order) {
  return std::inner_product(u.begin() + static_cast<long>(i * order),
                            u.begin() + static_cast<long>((i + 1) * order),
                            u.begin() + static_cast<long>(j * order), 0.0);
}

} // namespace

// Carbon and oxygen: electronegativities 2.55 and 3.44, radii 1.77 and 1.50 Å.
TEST(GaussianKappa, IsEquation20) {
  const auto kappa = gaussian_kappa(std::vector{6, 8}, {0.5, 0.25, {}, {}});
  const double expected = std::exp(-(0.89 * 0.89) / (2 * 0.25)) * std::exp(-(0.27 * 0.27) / (2 * 0.0625));
  EXPECT_DOUBLE_EQ(kappa[0], 1);
  EXPECT_DOUBLE_EQ(kappa[3], 1);
  EXPECT_NEAR(kappa[1], expected, 1e-15);
  EXPECT_EQ(kappa[1], kappa[2]);
}

TEST(GaussianKappa, NamesTheElementThatHasNoValueAndTheWayOut) {
  const auto message_of = [](std::vector<int> elements, const GaussianCoupling& options) -> std::string {
    try {
      gaussian_kappa(elements, options);
    } catch (const ConfigError& error) {
      EXPECT_EQ(error.parameter(), "coupling");
      return error.what();
    }
    return "";
  };
  for (const auto& [z, words] : {std::pair{2, "He has no Pauling electronegativity"},
                                 std::pair{18, "Ar has no Pauling electronegativity"},
                                 std::pair{61, "Pm has no van der Waals radius"}}) {
    const auto message = message_of({1, z}, {});
    EXPECT_NE(message.find(words), std::string::npos) << message;
    EXPECT_NE(message.find("`coupling` = FILE"), std::string::npos) << message;
  }
  EXPECT_EQ(message_of({2, 61}, {0.5, 0.5, {{2, 4.16}}, {{61, 2.9}}}), "");
}

TEST(GaussianKappa, TakesValuesThatAreGiven) {
  const auto kappa = gaussian_kappa(std::vector{2, 6}, {1, 1, {{2, 3.05}}, {{2, 1.77}}});
  EXPECT_NEAR(kappa[1], std::exp(-0.125), 1e-15); // half a unit of electronegativity apart
}

TEST(FactorizeCoupling, ReproducesKappa) {
  const auto elements = all_elements();
  const auto n = static_cast<int>(elements.size());
  for (const double sigma : {1e-3, 0.05, 0.2, 0.5, 1.0, 3.0, 1e4}) {
    const auto kappa = gaussian_kappa(elements, {sigma, sigma, {}, {}});
    const auto u = factorize_coupling(kappa, n);
    EXPECT_LT(residual(u, kappa, elements.size()), 1e-12) << sigma;
  }
}

// Rows are orthogonal, with the eigenvalues as squares: descending, and together the trace.
TEST(FactorizeCoupling, RowsAreEigenvectorsTimesRootsOfEigenvalues) {
  const std::vector<int> elements{1, 6, 7, 8, 9, 11, 17, 26};
  const auto kappa = gaussian_kappa(elements, {});
  const auto u = factorize_coupling(kappa, 8);
  ASSERT_EQ(u.size(), 64u);
  double trace = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    const double value = dot_rows(u, i, i, 8);
    trace += value;
    for (std::size_t j = 0; j < i; ++j) {
      EXPECT_NEAR(dot_rows(u, i, j, 8), 0, 1e-13);
      EXPECT_GE(dot_rows(u, j, j, 8), value);
    }
    for (std::size_t a = 0; a < 8; ++a) { // kappa v = lambda v
      const double image = std::inner_product(kappa.begin() + static_cast<long>(a * 8),
                                              kappa.begin() + static_cast<long>(a * 8 + 8),
                                              u.begin() + static_cast<long>(i * 8), 0.0);
      EXPECT_NEAR(image, value * u[i * 8 + a], 1e-13);
    }
  }
  EXPECT_NEAR(trace, 8, 1e-13);
}

TEST(FactorizeCoupling, KeepsTheLeadingRows) {
  const std::vector<int> elements{1, 6, 7, 8, 9};
  const auto kappa = gaussian_kappa(elements, {});
  const auto all = factorize_coupling(kappa, 5);
  for (const int channels : {1, 2, 4}) {
    const auto few = factorize_coupling(kappa, 5, channels);
    ASSERT_EQ(few.size(), static_cast<std::size_t>(5 * channels));
    EXPECT_TRUE(std::equal(few.begin(), few.end(), all.begin()));
  }
}

TEST(FactorizeCoupling, SignsAreThoseOfTheFirstLargestEntry) {
  std::mt19937 engine(7);
  std::normal_distribution<double> normal;
  for (int trial = 0; trial < 20; ++trial) {
    std::vector<double> factor(36), kappa(36, 0.0);
    std::generate(factor.begin(), factor.end(), [&] { return normal(engine); });
    for (std::size_t i = 0; i < 6; ++i)
      for (std::size_t j = 0; j < 6; ++j)
        for (std::size_t k = 0; k < 6; ++k)
          kappa[i * 6 + j] += factor[k * 6 + i] * factor[k * 6 + j];
    const auto u = factorize_coupling(kappa, 6);
    EXPECT_LT(residual(u, kappa, 6), 1e-12);
    for (std::size_t row = 0; row < u.size(); row += 6) {
      const auto begin = u.begin() + static_cast<long>(row);
      EXPECT_GT(
          *std::max_element(begin, begin + 6, [](double a, double b) { return std::abs(a) < std::abs(b); }),
          0);
    }
  }
  // (1, -1) / sqrt 2: the first of two equal entries is positive, whatever the rounding.
  const auto pair = factorize_coupling({1, -0.5, -0.5, 1}, 2);
  EXPECT_GT(pair[0], 0);
  EXPECT_LT(pair[1], 0);
}

TEST(FactorizeCoupling, LimitsAreTheIdentityAndOneChannel) {
  const std::vector<int> elements{1, 6, 7, 8};
  const auto identity = gaussian_coupling(elements, {1e-4, 1e-4, {}, {}});
  EXPECT_EQ(identity.u, (std::vector<double>{1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1}));
  const auto alike = gaussian_coupling(elements, {1e9, 1e9, {}, {}});
  ASSERT_EQ(alike.channels(), 1);
  for (const double value : alike.u)
    EXPECT_NEAR(value, 1, 1e-12);
}

TEST(FactorizeCoupling, RefusesWhatIsNoCoupling) {
  EXPECT_THROW(factorize_coupling({1, 2, 2, 1}, 2), soapstone::NumericalError);
  EXPECT_THROW(factorize_coupling({0, 0, 0, 0}, 2), soapstone::NumericalError);
}

// Blocks that do not see each other stay apart, so that structures of one have none of the other's channels.
TEST(FactorizeCoupling, LeavesZerosZero) {
  const auto u = factorize_coupling({1, 0, 0.5, 0, 0, 1, 0, 0.25, 0.5, 0, 1, 0, 0, 0.25, 0, 1}, 4);
  const SpeciesCoupling coupling{{1, 6, 8, 9}, u, false};
  EXPECT_EQ(active_channels(coupling, std::vector{0, 2}).size(), 2u);
  EXPECT_EQ(active_channels(coupling, std::vector{1}).size(), 2u);
  EXPECT_EQ(active_channels(coupling, std::vector{0, 1}).size(), 4u);
}

TEST(SpeciesCoupling, Validates) {
  const auto refused = [](const SpeciesCoupling& coupling) {
    EXPECT_THROW(coupling.validate(), ConfigError);
  };
  SpeciesCoupling{{1, 6}, {1, 2, 3, 4}, true}.validate();
  refused({{}, {}, false});
  refused({{1, 6}, {}, false});
  refused({{1, 6}, {1, 2, 3}, false});
  refused({{6, 1}, {1, 2}, false});
  refused({{1, 1}, {1, 2}, false});
  refused({{1, 6}, {1, NAN}, false});
}

TEST(PackedCoupling, CombinesDensities) {
  std::mt19937 engine(3);
  std::normal_distribution<double> normal;
  const std::vector<int> present{1, 2, 5};
  for (const int n_max : {1, 3, 8, 12, 17})
    for (const int channels : {1, 2, 4, 5, 7, 11}) {
      SpeciesCoupling coupling{
          {1, 2, 3, 4, 5, 6}, std::vector<double>(static_cast<std::size_t>(6 * channels)), false};
      std::generate(coupling.u.begin(), coupling.u.end(), [&] { return normal(engine); });
      const DensityShape from{3, n_max, 3};
      std::vector<double> density(from.size());
      std::generate(density.begin(), density.end(), [&] { return normal(engine); });
      const PackedCoupling packed(coupling, present);
      const DensityShape to = packed.shape(from);
      ASSERT_EQ(to.channels, channels);
      std::vector<double> contracted(to.size(), NAN);
      packed.apply({from, density.data()}, {packed.shape(from), contracted.data()});
      for (int row = 0; row < from.rows(); ++row)
        for (int channel = 0; channel < channels; ++channel)
          for (int n = 0; n < n_max; ++n) {
            double expected = 0;
            for (int a = 0; a < 3; ++a)
              expected +=
                  coupling.at(channel, static_cast<std::size_t>(present[static_cast<std::size_t>(a)])) *
                  density[static_cast<std::size_t>(row * from.stride() + a * n_max + n)];
            ASSERT_NEAR(contracted[static_cast<std::size_t>(row * to.stride() + channel * n_max + n)],
                        expected, 1e-13);
          }
    }
}
