// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/kernel/primal_rows.hpp"

#include "fake_features.hpp"
#include "soapstone/kernel/tile.hpp"

#include <gtest/gtest.h>
#include <numeric>

namespace soapstone::kernel {
namespace {

using namespace testing;

const features::FeatureLayout layout{{segment_widths.begin(), segment_widths.end()}};

double dot(const double* a, const double* b, std::int64_t n) {
  return std::inner_product(a, a + n, b, 0.0);
}

TEST(PrimalRows, HaveTheKernelAsTheirDotProducts) {
  const auto structures = fake_structures(20, 1);
  for (const int degree : {1, 2}) {
    const auto block = degree == 1 ? structure_means(fake_features(structures)) : fake_features(structures);
    const auto columns = PrimalRows::all(degree, layout);
    EXPECT_EQ(columns.count(), degree == 1 ? 17 : 17 * 18 / 2);
    const auto x = columns.rows(block);
    for (std::size_t i = 0; i < 20; ++i)
      for (std::size_t j = 0; j < 20; ++j)
        EXPECT_NEAR(dot(&x[i * static_cast<std::size_t>(columns.count())],
                        &x[j * static_cast<std::size_t>(columns.count())], columns.count()),
                    brute_kernel(structures[i], structures[j], degree), 1e-12);
  }
}

TEST(PrimalRows, GatherIsXTransposedAndScatterIsX) {
  const auto structures = fake_structures(20, 1);
  for (const int degree : {1, 2}) {
    const auto block = degree == 1 ? structure_means(fake_features(structures)) : fake_features(structures);
    const auto columns = PrimalRows::all(degree, layout);
    const auto n = static_cast<std::size_t>(columns.count());
    const auto x = columns.rows(block);
    std::vector<double> v(20), z(n);
    for (std::size_t i = 0; i < v.size(); ++i)
      v[i] = std::cos(static_cast<double>(3 * i));
    for (std::size_t f = 0; f < n; ++f)
      z[f] = std::sin(static_cast<double>(f));
    CompactForm form(degree, layout, 1);
    form.add(block, {v.data(), 20, 1});
    form.symmetrize();
    const auto xtv = columns.gather(form.values(0));
    for (std::size_t f = 0; f < n; ++f) {
      double expected = 0;
      for (std::size_t a = 0; a < 20; ++a)
        expected += x[f + n * a] * v[a];
      EXPECT_NEAR(xtv[f], expected, 1e-12);
    }
    columns.scatter(z, form.values(0));
    std::vector<double> xz(20);
    form.evaluate(block, {xz.data(), 20, 1});
    for (std::size_t a = 0; a < 20; ++a)
      EXPECT_NEAR(xz[a], dot(&x[a * n], z.data(), columns.count()), 1e-12);
  }
}

class Gram : public ::testing::TestWithParam<int> {};

TEST_P(Gram, IsTheSumOverAllStructuresOnEveryGrid) {
  const auto world = parallel::Communicator::world();
  for (int rows = 1; rows <= world.size(); ++rows)
    for (int cols = 1; rows * cols <= world.size(); ++cols) {
      const linalg::ProcessGrid grid(world, {rows, cols});
      const auto structures = fake_structures(GetParam(), 5);
      const FeatureStore store(grid, structures, 6, fake_features);
      const auto columns = PrimalRows::most_important(store, layout, 40, 1000);
      ASSERT_EQ(columns.count(), 40);
      linalg::DistributedMatrix gram(grid, 40, 40, 7);
      accumulate_gram(store, columns, gram);
      const auto values = linalg::gather(gram);
      const auto x = columns.rows(fake_features(structures));
      for (std::size_t j = 0; j < 40; ++j)
        for (std::size_t i = j; i < 40; ++i) {
          double expected = 0;
          for (std::size_t a = 0; a < structures.size(); ++a)
            expected += x[i + 40 * a] * x[j + 40 * a];
          ASSERT_NEAR(values[i + 40 * j], expected, 1e-10) << rows << "x" << cols;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Sizes, Gram, ::testing::Values(1, 13, 100));

TEST(PrimalRows, MostImportantAreThoseWithTheLargestSquares) {
  const auto world = parallel::Communicator::world();
  const linalg::ProcessGrid grid(world, linalg::choose_grid(world.size()));
  const auto structures = fake_structures(50, 5);
  const FeatureStore store(grid, structures, 6, fake_features);
  const auto all = PrimalRows::all(2, layout);
  const auto x = all.rows(fake_features(structures));
  std::vector<double> squares(static_cast<std::size_t>(all.count()), 0.0);
  for (std::size_t i = 0; i < x.size(); ++i)
    squares[i % squares.size()] += x[i] * x[i];
  std::sort(squares.rbegin(), squares.rend());
  const auto some = PrimalRows::most_important(store, layout, 30, 1000);
  const auto y = some.rows(fake_features(structures));
  double kept = 0;
  for (const double value : y)
    kept += value * value;
  EXPECT_NEAR(kept, std::accumulate(squares.begin(), squares.begin() + 30, 0.0), 1e-9);
}

TEST(PrimalRows, LieInTheFirstColumnsOfAForm) {
  const auto world = parallel::Communicator::world();
  const linalg::ProcessGrid grid(world, linalg::choose_grid(world.size()));
  const auto structures = fake_structures(50, 5);
  const FeatureStore store(grid, structures, 6, fake_features);
  for (const std::int64_t count : {1, 5, 30}) {
    const auto columns = PrimalRows::most_important(store, layout, count, 1000);
    const auto n = static_cast<std::size_t>(count);
    const auto x = columns.rows(fake_features(structures));
    std::vector<double> v, z;
    for (std::size_t i = 0; i < structures.size(); ++i)
      v.push_back(std::cos(static_cast<double>(3 * i)));
    for (std::size_t f = 0; f < n; ++f)
      z.push_back(std::sin(static_cast<double>(f + 1)));
    CompactForm form(2, layout, 1);
    form.limit_columns(columns.form_columns());
    build_form(store, v, form);
    const auto xtv = columns.gather(form.values(0));
    for (std::size_t f = 0; f < n; ++f) {
      double expected = 0;
      for (std::size_t a = 0; a < structures.size(); ++a)
        expected += x[f + n * a] * v[a];
      EXPECT_NEAR(xtv[f], expected, 1e-11);
    }
    columns.scatter(z, form.values(0));
    const auto xz = evaluate_form(store, form);
    for (std::size_t a = 0; a < structures.size(); ++a)
      EXPECT_NEAR(xz[a], dot(&x[a * n], z.data(), count), 1e-12);
  }
}

TEST(MeanSelfKernel, IsTheMeanDiagonal) {
  const auto world = parallel::Communicator::world();
  const linalg::ProcessGrid grid(world, linalg::choose_grid(world.size()));
  const auto structures = fake_structures(33, 6);
  const FeatureStore store(grid, structures, 4, fake_features);
  double sum = 0;
  for (const auto& structure : structures)
    sum += brute_kernel(structure, structure, 2);
  EXPECT_NEAR(mean_self_kernel(store, 2, layout), sum / 33, 1e-13);
}

} // namespace
} // namespace soapstone::kernel
