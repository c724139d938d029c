// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/kernel/primal_sum.hpp"

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
      const PrimalTerms terms{{&store, 2, layout}};
      const auto columns = SumColumns::most_important(terms, 40, 1000);
      ASSERT_EQ(columns.count(), 40);
      linalg::DistributedMatrix gram(grid, 40, 40, 7);
      accumulate_gram(terms, columns, gram);
      const auto values = linalg::gather(gram);
      const auto x = columns.of(0).rows(fake_features(structures));
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
  const auto some = SumColumns::most_important({{&store, 2, layout}}, 30, 1000);
  const auto y = some.of(0).rows(fake_features(structures));
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
    const auto chosen = SumColumns::most_important({{&store, 2, layout}}, count, 1000);
    const auto& columns = chosen.of(0);
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

/// Two kernels over the same structures, with weights.
struct Sum {
  explicit Sum(const linalg::ProcessGrid& grid)
      : structures(fake_structures(50, 5)), linear(grid, structures, 6, means),
        quadratic(grid, structures, 6, fake_features), terms{{&linear, 1, layout, 20},
                                                             {&quadratic, 2, layout, 0.05}} {}
  static features::FeatureBlock means(std::span<const structure::Structure> some) {
    return structure_means(fake_features(some));
  }
  double kernel(std::size_t a, std::size_t b) const {
    return 20 * brute_kernel(structures[a], structures[b], 1) +
           0.05 * brute_kernel(structures[a], structures[b], 2);
  }
  /// X of all structures, by the rows of each kernel.
  std::vector<double> rows(const SumColumns& columns) const {
    const auto first = columns.of(0).rows(means(structures)),
               second = columns.of(1).rows(fake_features(structures));
    const auto f = static_cast<std::size_t>(columns.of(0).count()),
               s = static_cast<std::size_t>(columns.of(1).count());
    std::vector<double> x;
    for (std::size_t a = 0; a < structures.size(); ++a) {
      x.insert(x.end(), first.data() + a * f, first.data() + (a + 1) * f);
      x.insert(x.end(), second.data() + a * s, second.data() + (a + 1) * s);
    }
    return x;
  }
  std::vector<structure::Structure> structures;
  FeatureStore linear, quadratic;
  PrimalTerms terms;
};

TEST(SumColumns, HaveTheSumOfTheKernelsAsTheirDotProducts) {
  const auto world = parallel::Communicator::world();
  const linalg::ProcessGrid grid(world, linalg::choose_grid(world.size()));
  const Sum sum(grid);
  const auto all = SumColumns::all(sum.terms);
  EXPECT_EQ(all.count(), 17 + 17 * 18 / 2);
  const auto x = sum.rows(all);
  const auto n = static_cast<std::size_t>(all.count());
  double diagonal = 0;
  for (std::size_t a = 0; a < 50; ++a) {
    for (std::size_t b = 0; b < 50; ++b)
      EXPECT_NEAR(dot(&x[a * n], &x[b * n], all.count()), sum.kernel(a, b), 1e-11);
    diagonal += sum.kernel(a, a) / 50;
  }
  EXPECT_NEAR(mean_self_kernel(sum.terms), diagonal, 1e-11);
}

TEST(SumColumns, AreChosenAcrossKernelsAndMakeTheGramMatrix) {
  const auto world = parallel::Communicator::world();
  const linalg::ProcessGrid grid(world, linalg::choose_grid(world.size()));
  const Sum sum(grid);
  const auto all = SumColumns::all(sum.terms), some = SumColumns::most_important(sum.terms, 60, 1000);
  const auto every = sum.rows(all), x = sum.rows(some);
  std::vector<double> squares(static_cast<std::size_t>(all.count()), 0.0);
  for (std::size_t i = 0; i < every.size(); ++i)
    squares[i % squares.size()] += every[i] * every[i];
  std::sort(squares.rbegin(), squares.rend());
  EXPECT_EQ(some.count(), 60);
  EXPECT_GT(some.of(0).count(), 0);
  EXPECT_GT(some.of(1).count(), 0);
  EXPECT_NEAR(dot(x.data(), x.data(), static_cast<std::int64_t>(x.size())),
              std::accumulate(squares.begin(), squares.begin() + 60, 0.0), 1e-9);
  linalg::DistributedMatrix gram(grid, 60, 60, 7);
  accumulate_gram(sum.terms, some, gram);
  const auto values = linalg::gather(gram);
  for (std::size_t j = 0; j < 60; ++j)
    for (std::size_t i = j; i < 60; ++i) {
      double expected = 0;
      for (std::size_t a = 0; a < 50; ++a)
        expected += x[i + 60 * a] * x[j + 60 * a];
      ASSERT_NEAR(values[i + 60 * j], expected, 1e-10);
    }
}

TEST(SumColumns, GatherIsXTransposedAndScatterIsX) {
  const auto world = parallel::Communicator::world();
  const linalg::ProcessGrid grid(world, linalg::choose_grid(world.size()));
  const Sum sum(grid);
  const auto columns = SumColumns::most_important(sum.terms, 60, 1000);
  const auto x = sum.rows(columns);
  std::vector<double> v, z;
  for (std::size_t i = 0; i < 50; ++i)
    v.push_back(std::cos(static_cast<double>(3 * i)));
  for (std::size_t f = 0; f < 60; ++f)
    z.push_back(std::sin(static_cast<double>(f + 1)));
  auto forms = zero_forms(sum.terms, 1);
  build_forms(sum.terms, v, forms);
  const auto kv = evaluate_forms(sum.terms, forms), xtv = columns.gather(forms, 0);
  for (std::size_t f = 0; f < 60; ++f) {
    double expected = 0;
    for (std::size_t a = 0; a < 50; ++a)
      expected += x[f + 60 * a] * v[a];
    EXPECT_NEAR(xtv[f], expected, 1e-11);
  }
  columns.scatter(z, 0, forms);
  const auto again = columns.gather(forms, 0);
  for (std::size_t f = 0; f < 60; ++f)
    EXPECT_NEAR(again[f], z[f], 1e-14);
  const auto xz = evaluate_forms(sum.terms, forms);
  for (std::size_t a = 0; a < 50; ++a) {
    double expected = 0;
    for (std::size_t b = 0; b < 50; ++b)
      expected += sum.kernel(a, b) * v[b];
    EXPECT_NEAR(kv[a], expected, 1e-10);
    EXPECT_NEAR(xz[a], dot(&x[a * 60], z.data(), 60), 1e-12);
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
  EXPECT_NEAR(mean_self_kernel({{&store, 2, layout}}), sum / 33, 1e-13);
}

} // namespace
} // namespace soapstone::kernel
