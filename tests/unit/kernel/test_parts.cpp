// SPDX-License-Identifier: BSD-3-Clause
// Large structures in parts: whatever is made of the parts is what is made of whole structures, on any number
// of ranks.
#include "fake_features.hpp"
#include "soapstone/kernel/apply.hpp"
#include "soapstone/kernel/assembly.hpp"
#include "soapstone/kernel/compact_form.hpp"
#include "soapstone/kernel/feature_sample.hpp"
#include "soapstone/kernel/kernel_spec.hpp"
#include "soapstone/kernel/novelty.hpp"
#include "soapstone/kernel/primal_sum.hpp"
#include "soapstone/kernel/tile.hpp"
#include "soapstone/parallel/collectives.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <numeric>

namespace soapstone::kernel {
namespace {

using namespace testing;
using linalg::DistributedMatrix;
using Structures = std::vector<structure::Structure>;

constexpr std::int64_t part = 5, whole = std::numeric_limits<std::int64_t>::max();
const features::FeatureLayout layout{{segment_widths.begin(), segment_widths.end()}};

/// Returns structures of 1 to 6 atoms, and among them some of up to 23. One of the small ones has as many as
/// a part.
Structures mixed(std::uint64_t seed) {
  auto structures = fake_structures(9, seed);
  structures.insert(structures.begin() + 1, large_structure(23, 15, seed + 1));
  structures.insert(structures.begin() + 5, large_structure(11, 6, seed + 2));
  structures.push_back(large_structure(part, 3, seed + 3));
  structures.push_back(large_structure(17, 13, seed + 4));
  return structures;
}

FeatureFunction features_for(int zeta) {
  if (zeta != 1)
    return fake_features;
  return [](std::span<const structure::Structure> structures) {
    return structure_means(fake_features(structures));
  };
}

FeatureStore store_of(const linalg::ProcessGrid& grid, const Structures& structures, std::int64_t limit,
                      int zeta = 2, std::int64_t memory = whole) {
  return {grid, structures, 4, features_for(zeta), {Precision::float64, memory, limit}};
}

template <typename Visit>
void for_grids(Visit&& visit) {
  const auto world = parallel::Communicator::world();
  for (int rows = 1; rows <= world.size(); ++rows)
    for (int cols = 1; rows * cols <= world.size(); ++cols) // idle ranks included
      visit(linalg::ProcessGrid(world, {rows, cols}));
}

std::vector<double> numbers(std::size_t count) {
  CounterRandom random(4);
  std::vector<double> x(count);
  for (auto& value : x)
    value = random.normal();
  return x;
}

void expect_near(const std::vector<double>& found, const std::vector<double>& expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i)
    ASSERT_NEAR(found[i], expected[i], 1e-13 * std::max(1.0, std::abs(expected[i]))) << i;
}

TEST(Parts, RunsAreOfStructuresUnlessOneIsLarge) {
  const std::vector<std::int64_t> small{3, 1, 5, 2, 2}, large{1, 1, 12, 3, 3, 1, 1, 1, 1, 1};
  const auto runs = cut_runs(small, {.structures = 2, .part = 5});
  ASSERT_EQ(runs.size(), 3U);
  for (std::size_t r = 0; r < 3; ++r) {
    EXPECT_EQ(runs[r].first, 2 * static_cast<std::int64_t>(r));
    EXPECT_FALSE(runs[r].is_part());
  }
  std::vector<std::vector<std::size_t>> found;
  for (const auto& run : cut_runs(large, {.structures = 3, .part = 5}))
    found.push_back({static_cast<std::size_t>(run.first), static_cast<std::size_t>(run.count),
                     run.atoms.first, run.atoms.count});
  EXPECT_EQ(
      found,
      (std::vector<std::vector<std::size_t>>{
          {0, 2, 0, 0}, {2, 1, 0, 4}, {2, 1, 4, 4}, {2, 1, 8, 4}, {3, 1, 0, 0}, {4, 3, 0, 0}, {7, 3, 0, 0}}));
  EXPECT_EQ(cut_runs(small, {.structures = 5, .part = 5, .atoms = 6}).size(), 3U); // 3 + 1, 5, 2 + 2
  EXPECT_TRUE(cut_runs(std::span<const std::int64_t>(), {}).empty());
}

/// The set has 200 small cells and 10 large ones.
TEST(Parts, MixedSizesAreBalancedByAtoms) {
  const auto world = parallel::Communicator::world();
  const linalg::ProcessGrid grid(world, linalg::choose_grid(world.size()));
  Structures structures;
  for (int s = 0; s < 210; ++s)
    structures.push_back(large_structure(s % 21 == 20 ? 2000 : 2, 1, 1));
  const FeatureFunction one_number(
      [](std::span<const structure::Structure> some) { return fake_features(some); },
      [](const structure::Structure& structure, structure::AtomRange atoms) {
        auto block = fake_features({&structure, 1});
        block.groups[0].environments = {static_cast<std::int32_t>(atoms.count)};
        block.groups[0].part_of = static_cast<std::int32_t>(structure.size());
        block.groups[0].values.resize(atoms.count * static_cast<std::size_t>(block.groups[0].width));
        return block;
      });
  const FeatureStore store(grid, structures, 32, one_number);
  std::int64_t mine = 0;
  store.for_each_mine([&](std::int64_t, const features::FeatureBlock& block) {
    for (const auto& group : block.groups)
      mine += group.rows();
  });
  const auto most = parallel::all_reduce(world, mine, MPI_MAX), all = parallel::all_reduce(world, mine);
  EXPECT_EQ(all, 10 * 2000 + 200 * 2);
  EXPECT_LT(static_cast<double>(most * world.size()), 1.2 * static_cast<double>(all));
}

TEST(Parts, KernelsAreThoseOfWholeStructures) {
  const auto rows = mixed(11), cols = mixed(31);
  for_grids([&](const linalg::ProcessGrid& grid) {
    for (const int zeta : {1, 2, 3})
      for (const std::int64_t memory : {std::int64_t{1}, std::int64_t{3000}, whole}) {
        const auto n = static_cast<std::int64_t>(cols.size());
        const auto store = store_of(grid, cols, part, zeta, memory),
                   others = store_of(grid, rows, part, zeta);
        ASSERT_TRUE(store.is_cut());
        DistributedMatrix lower(grid, n, n, 4), full(grid, n, n, 4);
        for (const double weight : {0.25, 1.25}) // The products are added to the matrix.
          assemble_kernel(lower, store, store, {zeta, weight, Extent::lower, memory});
        assemble_kernel(full, others, store, {zeta, 1.5, Extent::full, memory});
        const auto below = linalg::gather(lower), all = linalg::gather(full);
        for (std::size_t j = 0; j < cols.size(); ++j)
          for (std::size_t i = 0; i < rows.size(); ++i) {
            ASSERT_NEAR(all[i + j * rows.size()], 1.5 * brute_kernel(rows[i], cols[j], zeta), 1e-13);
            if (i >= j || i / 4 == j / 4) { // diagonal blocks in full
              ASSERT_NEAR(below[i + j * rows.size()], 1.5 * brute_kernel(cols[i], cols[j], zeta), 1e-13);
            }
          }
      }
  });
}

TEST(Parts, PredictionsAreThoseOfWholeStructures) {
  const auto training = mixed(11), fresh = mixed(31);
  const auto x = numbers(2 * training.size());
  for_grids([&](const linalg::ProcessGrid& grid) {
    for (const std::int64_t memory : {std::int64_t{0}, whole}) {
      const auto store = store_of(grid, training, part, 3, memory);
      const auto y = apply_kernel(store, fresh, fake_features, x,
                                  {.zeta = 3, .weight = 0.5, .targets = 2, .batches = {4, part, 100}});
      ASSERT_EQ(y.size(), 2 * fresh.size());
      for (std::size_t t = 0; t < 2; ++t)
        for (std::size_t i = 0; i < fresh.size(); ++i) {
          double expected = 0;
          for (std::size_t j = 0; j < training.size(); ++j)
            expected += 0.5 * brute_kernel(fresh[i], training[j], 3) * x[j + training.size() * t];
          ASSERT_NEAR(y[i + t * fresh.size()], expected, 1e-13);
        }
    }
  });
}

TEST(Parts, FormsAreThoseOfWholeStructures) {
  const auto structures = mixed(11);
  const auto x = numbers(2 * structures.size());
  for_grids([&](const linalg::ProcessGrid& grid) {
    for (const int zeta : {1, 2}) {
      const auto store = store_of(grid, structures, part, zeta),
                 uncut = store_of(grid, structures, whole, zeta);
      CompactForm form(zeta, layout, 2, 0.7), expected(zeta, layout, 2, 0.7);
      build_form(store, x, form);
      build_form(uncut, x, expected);
      for (std::int64_t t = 0; t < 2; ++t)
        expect_near({form.values(t).begin(), form.values(t).end()},
                    {expected.values(t).begin(), expected.values(t).end()});
      expect_near(evaluate_form(store, form), evaluate_form(uncut, expected));
      const auto leading = store.first(6); // The last structure is a large one.
      expect_near(evaluate_form(leading, form), evaluate_form(uncut.first(6), expected));
    }
  });
}

TEST(Parts, PrimalRowsAreThoseOfWholeStructures) {
  const auto structures = mixed(11);
  for_grids([&](const linalg::ProcessGrid& grid) {
    for (const int degree : {1, 2}) {
      const auto store = store_of(grid, structures, part, degree),
                 uncut = store_of(grid, structures, whole, degree);
      const PrimalTerms terms{{&store, degree, layout, 0.5}}, uncut_terms{{&uncut, degree, layout, 0.5}};
      EXPECT_NEAR(mean_self_kernel(terms), mean_self_kernel(uncut_terms), 1e-13);
      const auto columns = SumColumns::most_important(terms, 40, 1000),
                 same = SumColumns::most_important(uncut_terms, 40, 1000);
      const auto count = columns.count();
      DistributedMatrix gram(grid, count, count, 7), expected(grid, count, count, 7);
      accumulate_gram(terms, columns, gram);
      accumulate_gram(uncut_terms, same, expected);
      auto found = linalg::gather(gram), wanted = linalg::gather(expected);
      for (std::int64_t j = 0; j < count; ++j)
        for (std::int64_t i = 0; i < j; ++i) // only the lower triangle is defined
          found[static_cast<std::size_t>(i + j * count)] = wanted[static_cast<std::size_t>(i + j * count)] =
              0;
      expect_near(found, wanted);
    }
  });
}

/// Returns a crystal with two elements and random displacements.
structure::Structure crystal(int edge) {
  structure::Structure structure;
  structure.cell = {{{{3.0 * edge, 0, 0}, {0, 3.0 * edge, 0}, {0, 0, 3.0 * edge}}}, {true, true, true}};
  CounterRandom random(7);
  for (int a = 0; a < edge * edge * edge; ++a) {
    structure.species.push_back(a % 3 == 0 ? 8 : 6);
    const int x = a % edge, y = a / edge % edge, z = a / edge / edge;
    structure.positions.push_back(
        {3.0 * x + 0.1 * random.normal(), 3.0 * y + 0.1 * random.normal(), 3.0 * z + 0.1 * random.normal()});
  }
  return structure;
}

std::vector<KernelSpec> specs() {
  KernelSpec plain;
  plain.soap.n_max = 3;
  plain.soap.l_max = 2;
  plain.soap.cutoff = 4;
  plain.elements = {1, 6, 8};
  std::vector<KernelSpec> all{plain, plain, plain, plain, plain};
  const soap::SpeciesCoupling coupling{plain.elements, {1, 0.5, 0.25, 0, 1, 0.5}, true};
  all[1].coupling = std::make_shared<const soap::SpeciesCoupling>(coupling);
  all[2] = all[1];
  all[2].pairwise = true;
  const auto sample = crystal(3);
  all[3].projection = std::make_shared<const Projection>(
      fit_projection(make_features(plain)({&sample, 1}), feature_layout(plain), {10, 0}, 1));
  all[4].precision = Precision::float32;
  return all;
}

TEST(Parts, FeaturesAreRowsOfTheStructure) {
  const auto structure = crystal(4);
  for (const auto& spec : specs())
    for (const int zeta : {1, 2}) {
      auto own = spec;
      own.zeta = zeta;
      const auto features = make_features(own);
      const auto all = features::to_dense(features({&structure, 1}), feature_layout(own));
      std::vector<double> rows, sum(all.size(), 0.0);
      for (const auto range :
           {structure::AtomRange{0, 20}, structure::AtomRange{20, 1}, structure::AtomRange{21, 43}}) {
        const auto block = features(structure, range);
        EXPECT_EQ(block.groups.at(0).size(0), zeta == 1 ? 1 : 64);
        const auto some = features::to_dense(block, feature_layout(own));
        rows.insert(rows.end(), some.begin(), some.end());
        for (std::size_t i = 0; zeta == 1 && i < sum.size(); ++i)
          sum[i] += some[i];
      }
      const double tolerance = spec.precision == Precision::float32 ? 1e-7 : 1e-13;
      ASSERT_EQ((zeta == 1 ? sum : rows).size(), all.size());
      for (std::size_t i = 0; i < all.size(); ++i)
        ASSERT_NEAR((zeta == 1 ? sum : rows)[i], all[i], tolerance);
    }
}

/// Means of a structure beyond the limit are made part by part.
TEST(Parts, MeansOfALargeStructureAreThoseOfItsRows) {
  const auto structure = crystal(9);
  ASSERT_GT(static_cast<std::int64_t>(structure.size()), RunLimits{}.part);
  auto spec = specs().front();
  const auto rows = features::to_dense(make_features(spec)({&structure, 1}), feature_layout(spec));
  spec.zeta = 1;
  const auto mean = features::to_dense(make_features(spec)({&structure, 1}), feature_layout(spec));
  for (std::size_t f = 0; f < mean.size(); ++f) {
    double sum = 0;
    for (std::size_t at = f; at < rows.size(); at += mean.size())
      sum += rows[at];
    ASSERT_NEAR(mean[f], sum / static_cast<double>(structure.size()), 1e-13);
  }
  for (const int zeta :
       {1, 2}) { // Samples and references that are taken from parts are rows of the structure.
    spec.zeta = zeta;
    const auto features = make_features(spec);
    const auto sample = draw_rows(features, {&structure, 1}, {1, 30}, 3);
    EXPECT_EQ(sample.groups.at(0).environments, (std::vector<std::int32_t>{zeta == 1 ? 1 : 30}));
    const auto places = choose_rows(features, feature_layout(spec), {&structure, 1}, {5, 40}, 3);
    EXPECT_EQ(places.size(), zeta == 1 ? 1U : 5U);
    const RowVariance variance(features, feature_layout(spec), {&structure, 1}, places, false);
    for (const auto& place : places) { // a reference is near itself
      const auto block = zeta == 1 ? features({&structure, 1})
                                   : features(structure, {static_cast<std::size_t>(place.row), 1});
      EXPECT_LT(variance.deviations(block).at(0), 5e-3);
    }
  }
}

/// A pairwise kernel of structures in parts equals one of channels in whole structures.
TEST(Parts, SparseKernelsAreThoseOfChannels) {
  const Structures structures{crystal(2), crystal(3), crystal(4), crystal(2)};
  for_grids([&](const linalg::ProcessGrid& grid) {
    for (const int zeta : {1, 2, 3}) {
      auto spec = specs()[2];
      spec.zeta = zeta;
      const auto coupling = pairwise_coupling(spec);
      const FeatureStore store(grid, structures, 2, make_features(spec), {.part = 10}),
          uncut(grid, structures, 2, make_features(by_channels(spec)));
      DistributedMatrix matrix(grid, 4, 4, 2), expected(grid, 4, 4, 2);
      assemble_kernel(matrix, store, store, {zeta, 1.0, Extent::full, 1 << 20, coupling.get()});
      assemble_kernel(expected, uncut, uncut, {zeta, 1.0, Extent::full, 1 << 20});
      expect_near(linalg::gather(matrix), linalg::gather(expected));
    }
  });
}

} // namespace
} // namespace soapstone::kernel
