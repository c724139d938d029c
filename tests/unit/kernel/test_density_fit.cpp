// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/kernel/density_fit.hpp"

#include "soapstone/base/error.hpp"
#include "soapstone/base/maximum.hpp"
#include "soapstone/base/random.hpp"
#include "soapstone/features/calculator.hpp"

#include <array>
#include <cmath>
#include <gtest/gtest.h>
#include <memory>

namespace soapstone::kernel {
namespace {

using features::SoapCalculator;
using soap::DensityContraction;
using soap::DensityCovariance;

std::vector<structure::Structure> molecules(int count, std::uint64_t seed) {
  std::vector<structure::Structure> result;
  CounterRandom random(seed);
  for (int s = 0; s < count; ++s) {
    structure::Structure structure;
    const auto atoms = 2 + random.below(5);
    for (std::uint64_t a = 0; a < atoms; ++a) {
      structure.species.push_back(random.below(2) == 0 ? 1 : s % 2 == 0 ? 6 : 8);
      structure.positions.push_back(
          {1.1 * static_cast<double>(a) + 0.2 * random.uniform(), random.uniform(), random.uniform()});
    }
    result.push_back(structure);
  }
  return result;
}

soap::SoapParameters small_parameters(bool normalize = false) {
  soap::SoapParameters parameters;
  parameters.n_max = 4;
  parameters.l_max = 3;
  parameters.normalize = normalize;
  return parameters;
}

const std::vector<int> elements{1, 6, 8};

DensityCovariance covariance_of(const std::vector<structure::Structure>& structures) {
  const SoapCalculator calculator(small_parameters(), elements);
  DensityCovariance covariance(3, 4, 3);
  calculator.add_covariance(structures, covariance);
  return covariance;
}

/// Mean over structures of the mean over their atoms of the trace of the power spectrum: its elements with
/// equal indices.
double mean_trace(const SoapCalculator& calculator, const DensityContraction& contraction,
                  const std::vector<structure::Structure>& structures) {
  const auto width = static_cast<std::size_t>(calculator.layout().total_width());
  double sum = 0;
  for (const auto& structure : structures) {
    const auto rows = to_dense(calculator.compute({&structure, 1}), calculator.layout());
    for (std::size_t row = 0; row < rows.size(); row += width) {
      const double* value = &rows[row];
      for (int l = 0; l <= contraction.l_max(); ++l)
        for (int q = 0; q < contraction.kept(l); ++q) {
          sum += *value / static_cast<double>(structure.size() * structures.size());
          value += contraction.kept(l) - q;
        }
    }
  }
  return sum;
}

double trace_kept(const DensityContraction& contraction,
                  const std::vector<structure::Structure>& structures) {
  const auto shared = std::make_shared<const DensityContraction>(contraction);
  return mean_trace(SoapCalculator(small_parameters(), elements, shared), contraction, structures);
}

TEST(DensityFit, StatesTheResidualVarianceOfItsSample) {
  const auto structures = molecules(30, 1);
  const auto covariance = covariance_of(structures);
  const auto all = fit_density_contraction(covariance, {.width = 4 * 12 * 13 / 2}, 3);
  for (int l = 0; l <= 3; ++l)
    EXPECT_EQ(all.kept(l), 12);
  EXPECT_NEAR(all.residual_variance, 0.0, 1e-12);
  const double total = trace_kept(all, structures);
  for (const std::int64_t width : {1, 10, 60, 150}) {
    const auto some = fit_density_contraction(covariance, {.width = width}, 3);
    EXPECT_LE(soap::contracted_width(some, 3), width);
    EXPECT_GT(some.residual_variance, 0.0);
    EXPECT_NEAR(some.residual_variance, 1 - trace_kept(some, structures) / total, 1e-12);
  }
}

TEST(DensityFit, KeepsAsManyAsTheResidualVarianceNeeds) {
  const auto structures = molecules(30, 1);
  const auto covariance = covariance_of(structures);
  std::int64_t last = 0;
  for (const double allowed : {0.5, 1e-1, 1e-2, 1e-4}) {
    const auto found = fit_density_contraction(covariance, {.residual_variance = allowed}, 3);
    const auto width = soap::contracted_width(found, 3);
    EXPECT_LE(found.residual_variance, allowed);
    EXPECT_GT(width, last);
    const auto fewer = fit_density_contraction(covariance, {.width = width - 1}, 3);
    EXPECT_GT(fewer.residual_variance, allowed);
    last = width;
  }
}

// One threshold for all l: no combination left out carries more than one that is kept.
TEST(DensityFit, KeepsTheLargestEigenvaluesOfAllL) {
  const auto covariance = covariance_of(molecules(30, 1));
  const auto found = fit_density_contraction(covariance, {.width = 60}, 3);
  double least_kept = 1e300, most_left = 0;
  for (int l = 0; l <= 3; ++l) {
    const auto mean = covariance.mean(l);
    const auto& u = found.matrices[static_cast<std::size_t>(l)];
    const auto kept = static_cast<std::size_t>(found.kept(l));
    auto left = mean; // what is left after projecting out the kept ones
    for (std::size_t q = 0; q < kept; ++q) {
      double variance = 0;
      for (std::size_t i = 0; i < 12; ++i)
        for (std::size_t j = 0; j < 12; ++j)
          variance += u[i * kept + q] * mean[i * 12 + j] * u[j * kept + q];
      least_kept = std::min(least_kept, variance);
      for (std::size_t i = 0; i < 12; ++i)
        for (std::size_t j = 0; j < 12; ++j)
          left[i * 12 + j] -= variance * u[i * kept + q] * u[j * kept + q];
    }
    std::vector<double> x(12, 1.0); // power iteration for the largest eigenvalue left
    double norm = 0;
    for (int step = 0; step < 500; ++step) {
      std::vector<double> y(12, 0.0);
      for (std::size_t i = 0; i < 12; ++i)
        for (std::size_t j = 0; j < 12; ++j)
          y[i] += left[i * 12 + j] * x[j];
      norm = 0;
      for (const double value : y)
        norm += value * value;
      norm = std::sqrt(norm);
      for (std::size_t i = 0; i < 12; ++i)
        x[i] = y[i] / norm;
    }
    most_left = max_or_nan(most_left, norm);
  }
  EXPECT_GE(least_kept, most_left * (1 - 1e-9));
}

TEST(DensityFit, KeepsAtLeastOneCombination) {
  const auto covariance = covariance_of(molecules(5, 1));
  EXPECT_EQ(soap::contracted_width(fit_density_contraction(covariance, {.residual_variance = 0.999}, 3), 3),
            1);
}

TEST(DensityFit, OfTheRadialSpectrumIsItsPrincipalComponents) {
  auto parameters = small_parameters();
  parameters.body_order = 2;
  const SoapCalculator calculator(parameters, elements);
  DensityCovariance covariance(3, 4, 0);
  calculator.add_covariance(molecules(20, 2), covariance);
  const auto found = fit_density_contraction(covariance, {.width = 5}, 2);
  EXPECT_EQ(soap::contracted_width(found, 2), 5);
}

TEST(DensityFit, RefusesDensitiesWithoutMeaning) {
  EXPECT_THROW(fit_density_contraction(DensityCovariance(3, 4, 3), {.width = 5}, 3), NumericalError);
}

} // namespace
} // namespace soapstone::kernel
