// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/soap/density_contraction.hpp"

#include "../features/support.hpp"
#include "soapstone/base/error.hpp"

#include <gtest/gtest.h>
#include <memory>
#include <numbers>

using namespace soapstone::features;
using namespace soapstone::soap;
using namespace soapstone::features::testing;

namespace {

const std::vector<int> elements{1, 6, 7, 8};

SoapParameters small_parameters(int body_order, bool normalize) {
  SoapParameters parameters;
  parameters.n_max = 5;
  parameters.l_max = 4;
  parameters.body_order = body_order;
  parameters.normalize = normalize;
  return parameters;
}

std::vector<Structure> samples() { // hardly any has all elements
  return {water(),
          ammonia(),
          formaldehyde(),
          isocyanic_acid(),
          random_molecule(9, {1, 6, 7, 8}, 3),
          random_molecule(4, {6}, 4)};
}

/// Orthonormal columns by Gram-Schmidt: order x kept, row-major.
std::vector<double> random_columns(int order, int kept, std::mt19937& engine) {
  std::normal_distribution<double> normal;
  std::vector<std::vector<double>> columns;
  while (static_cast<int>(columns.size()) < kept) {
    std::vector<double> column(static_cast<std::size_t>(order));
    for (double& value : column)
      value = normal(engine);
    for (int pass = 0; pass < 2; ++pass)
      for (const auto& other : columns) {
        const double overlap = dot(column.data(), other.data(), column.size());
        for (std::size_t i = 0; i < column.size(); ++i)
          column[i] -= overlap * other[i];
      }
    const double norm = std::sqrt(dot(column.data(), column.data(), column.size()));
    for (double& value : column)
      value /= norm;
    columns.push_back(column);
  }
  std::vector<double> matrix;
  for (std::size_t i = 0; i < static_cast<std::size_t>(order); ++i)
    for (const auto& column : columns)
      matrix.push_back(column[i]);
  return matrix;
}

std::shared_ptr<const DensityContraction> random_contraction(int n_max, std::vector<int> kept,
                                                             unsigned seed) {
  std::mt19937 engine(seed);
  DensityContraction contraction{static_cast<int>(elements.size()), n_max, {}, 0};
  for (const int count : kept)
    contraction.matrices.push_back(random_columns(contraction.channels * n_max, count, engine));
  return std::make_shared<const DensityContraction>(contraction);
}

/// The symmetric matrix P^l_{an,a'n'} of one row of uncontracted features.
std::vector<double> spectrum_matrix(const double* row, int channels, int n_max, int l_max, int wanted_l) {
  const int order = channels * n_max;
  std::vector<double> matrix(static_cast<std::size_t>(order * order));
  for (int a = 0; a < channels; ++a)
    for (int b = a; b < channels; ++b)
      for (int l = 0; l <= l_max; ++l)
        for (int n = 0; n < n_max; ++n)
          for (int m = a == b ? n : 0; m < n_max; ++m, ++row) {
            const int i = a * n_max + n, j = b * n_max + m;
            if (l == wanted_l)
              matrix[static_cast<std::size_t>(i * order + j)] =
                  matrix[static_cast<std::size_t>(j * order + i)] =
                      i == j ? *row : *row / std::numbers::sqrt2;
          }
  return matrix;
}

/// u^T P u, upper triangle row by row, off-diagonals times sqrt 2.
std::vector<double> contracted(const std::vector<double>& matrix, const std::vector<double>& u,
                               std::size_t order, std::size_t kept) {
  std::vector<double> features;
  for (std::size_t q = 0; q < kept; ++q)
    for (std::size_t r = q; r < kept; ++r) {
      double sum = 0;
      for (std::size_t i = 0; i < order; ++i)
        for (std::size_t j = 0; j < order; ++j)
          sum += u[i * kept + q] * matrix[i * order + j] * u[j * kept + r];
      features.push_back(q == r ? sum : sum * std::numbers::sqrt2);
    }
  return features;
}

} // namespace

// Contracting both indices of the uncontracted power spectrum is the same, whatever the numbers kept: none,
// less and more than a vector.
TEST(DensityContraction, ContractsBothIndicesOfThePowerSpectrum) {
  const auto parameters = small_parameters(3, false);
  const SoapCalculator plain(parameters, elements);
  const auto contraction = random_contraction(5, {20, 0, 7, 17, 1}, 1);
  const SoapCalculator projected(parameters, elements, contraction);
  EXPECT_EQ(projected.layout().widths, (std::vector<std::int32_t>{210 + 28 + 153 + 1}));
  for (const Structure& structure : samples()) {
    const auto full = dense_features(plain, structure), found = dense_features(projected, structure);
    const auto width = static_cast<std::size_t>(plain.layout().total_width());
    std::vector<double> expected;
    for (std::size_t row = 0; row < full.size(); row += width)
      for (int l = 0; l <= 4; ++l) {
        const auto some = contracted(spectrum_matrix(&full[row], 4, 5, 4, l),
                                     contraction->matrices[static_cast<std::size_t>(l)], 20,
                                     static_cast<std::size_t>(contraction->kept(l)));
        expected.insert(expected.end(), some.begin(), some.end());
      }
    const double scale = std::abs(*std::max_element(full.begin(), full.end()));
    EXPECT_LT(largest_difference(found, expected), 1e-13 * scale);
  }
}

TEST(DensityContraction, OfEveryCombinationLeavesTheKernelAlone) {
  for (const int body_order : {3, 2})
    for (const bool normalize : {true, false}) {
      const auto parameters = small_parameters(body_order, normalize);
      const SoapCalculator plain(parameters, elements);
      const auto kept = body_order == 3 ? std::vector<int>(5, 20) : std::vector<int>{20};
      const SoapCalculator projected(parameters, elements, random_contraction(5, kept, 2));
      EXPECT_EQ(projected.layout().total_width(), plain.layout().total_width());
      for (const Structure& a : samples())
        for (const Structure& b : samples()) {
          const auto width = static_cast<std::size_t>(plain.layout().total_width());
          const auto kernel = [&](const SoapCalculator& calculator) {
            return average_kernel(dense_features(calculator, a), dense_features(calculator, b), width, 2);
          };
          const double expected = kernel(plain);
          EXPECT_NEAR(kernel(projected), expected, 1e-12 * std::max(1.0, std::abs(expected)));
        }
    }
}

TEST(DensityContraction, IsInvariantWhateverIsKept) {
  const SoapCalculator projected(small_parameters(3, true), elements,
                                 random_contraction(5, {3, 2, 4, 1, 2}, 3));
  for (const Structure& structure : samples()) {
    const auto reference = dense_features(projected, structure);
    const auto turned = transformed(structure, rotation(0.7, 2.1, -1.3), {1.5, -0.3, 2.2});
    EXPECT_LT(largest_difference(reference, dense_features(projected, turned)), 1e-12);
    Structure bent = structure;
    bent.positions[1][0] += 0.05;
    EXPECT_GT(largest_difference(reference, dense_features(projected, bent)), 1e-5);
  }
}

TEST(DensityContraction, PutsAllStructuresIntoOneGroup) {
  const SoapCalculator projected(small_parameters(3, true), elements,
                                 random_contraction(5, {3, 2, 4, 1, 2}, 3));
  const auto structures = samples();
  const auto block = projected.compute(structures);
  ASSERT_EQ(block.groups.size(), 1U);
  EXPECT_EQ(block.structures, 6);
  std::vector<double> separate;
  for (const Structure& structure : structures) {
    const auto rows = dense_features(projected, structure);
    separate.insert(separate.end(), rows.begin(), rows.end());
  }
  EXPECT_EQ(largest_difference(to_dense(block, projected.layout()), separate), 0);
  EXPECT_TRUE(projected.compute({}).groups.empty());
}

TEST(DensityContraction, MustBeOneOfTheDensities) {
  const auto parameters = small_parameters(3, true);
  EXPECT_THROW(SoapCalculator(parameters, elements, random_contraction(5, {1, 1}, 3)),
               soapstone::InternalError);
  EXPECT_THROW(SoapCalculator(parameters, elements, random_contraction(4, {1, 1, 1, 1, 1}, 3)),
               soapstone::InternalError);
  EXPECT_THROW(SoapCalculator(parameters, {1, 6}, random_contraction(5, {1, 1, 1, 1, 1}, 3)),
               soapstone::InternalError);
}

// The covariance is the mean of the power spectra as matrices, every structure with the same weight.
TEST(DensityCovariance, IsTheMeanPowerSpectrum) {
  for (const bool normalize : {true, false}) {
    const SoapCalculator calculator(small_parameters(3, normalize), elements);
    const auto structures = samples();
    DensityCovariance covariance(4, 5, 4);
    calculator.add_covariance(structures, covariance);
    for (int l = 0; l <= 4; ++l) {
      std::vector<double> expected(400, 0.0);
      for (const Structure& structure : structures) {
        const auto rows = dense_features(calculator, structure);
        const auto width = static_cast<std::size_t>(calculator.layout().total_width());
        for (std::size_t row = 0; row < rows.size(); row += width) {
          const auto matrix = spectrum_matrix(&rows[row], 4, 5, 4, l);
          for (std::size_t i = 0; i < 400; ++i)
            expected[i] += matrix[i] / static_cast<double>(structure.size() * structures.size());
        }
      }
      EXPECT_LT(largest_difference(covariance.mean(l), expected), 1e-13 * (normalize ? 1 : 1e3));
    }
  }
}

TEST(DensityCovariance, OfTheRadialSpectrumHasTheSphericalPartOnly) {
  const SoapCalculator calculator(small_parameters(2, true), elements);
  const Structure structure = isocyanic_acid();
  DensityCovariance covariance(4, 5, 0);
  calculator.add_covariance({&structure, 1}, covariance);
  const auto rows = dense_features(calculator, structure);
  std::vector<double> expected(400, 0.0);
  for (std::size_t row = 0; row < rows.size(); row += 20)
    for (std::size_t i = 0; i < 20; ++i)
      for (std::size_t j = 0; j < 20; ++j)
        expected[i * 20 + j] += rows[row + i] * rows[row + j] / 4;
  EXPECT_LT(largest_difference(covariance.mean(0), expected), 1e-14);
}

// <U^T c, g> = <c, U g>, row by row.
TEST(DensityContraction, GoesBackByTheTransposedMatrix) {
  std::mt19937 engine(4);
  std::normal_distribution<double> normal;
  const auto contraction = random_contraction(3, {5, 0, 12, 2}, 8);
  for (const auto& present : std::vector<std::vector<int>>{{0, 1, 2, 3}, {2}, {0, 3}}) {
    const PackedContraction packed(*contraction, present);
    const DensityShape shape{static_cast<int>(present.size()), 3, 3};
    std::vector<double> density(shape.size()), back(shape.size(), 0.0);
    std::vector<double> gradient(packed.size()), contracted(packed.size());
    for (double& value : density)
      value = normal(engine);
    for (double& value : gradient) // behind Q_l too
      value = normal(engine);
    packed.apply({shape, density.data()}, contracted);
    packed.add_transposed(gradient, {shape, back.data()});
    for (int row = 0; row < shape.rows(); ++row) {
      const auto stride = static_cast<std::size_t>(packed.stride());
      const double expected = dot(&contracted[static_cast<std::size_t>(row) * stride],
                                  &gradient[static_cast<std::size_t>(row) * stride], stride);
      EXPECT_NEAR(dot(&density[static_cast<std::size_t>(shape.offset(row))],
                      &back[static_cast<std::size_t>(shape.offset(row))], 3 * present.size()),
                  expected, 1e-13 * (1 + std::abs(expected)));
    }
  }
}
