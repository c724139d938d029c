// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/kernel/pairwise_coupling.hpp"

#include "soapstone/base/error.hpp"
#include "soapstone/base/maximum.hpp"
#include "soapstone/base/random.hpp"
#include "soapstone/kernel/kernel_sum.hpp"
#include "soapstone/kernel/tile.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <memory>

namespace soapstone::kernel {
namespace {

using Structures = std::vector<structure::Structure>;

const std::vector<int> elements{1, 6, 7, 8, 17};

/// Structures with these elements, each of them once or twice.
Structures structures_of(const std::vector<std::vector<std::uint8_t>>& sets, std::uint64_t seed) {
  Structures result;
  CounterRandom random(seed);
  for (const auto& set : sets) {
    structure::Structure structure;
    for (const auto z : set)
      for (auto copies = 1 + random.below(2); copies > 0; --copies) {
        const auto place = static_cast<double>(structure.species.size());
        structure.species.push_back(z);
        structure.positions.push_back(
            {1.1 * place + 0.2 * random.uniform(), random.uniform(), random.uniform()});
      }
    result.push_back(structure);
  }
  return result;
}

/// Equal, overlapping and disjoint sets, and single elements.
Structures mixed(std::uint64_t seed = 1) {
  return structures_of(
      {{1, 8}, {6, 7, 17}, {1, 8}, {7}, {1, 6, 8, 17}, {17}, {8, 1}, {6, 7}, {1, 6, 7, 8, 17}}, seed);
}

std::vector<double> random_u(int channels, std::uint64_t seed) {
  CounterRandom random(seed);
  std::vector<double> u;
  for (std::size_t i = 0; i < static_cast<std::size_t>(channels) * elements.size(); ++i)
    u.push_back(random.normal());
  return u;
}

KernelSpec pairwise_spec(std::vector<double> u, bool before, int zeta, int body_order = 3, int n_max = 3,
                         int l_max = 2) {
  KernelSpec spec;
  spec.soap.n_max = n_max;
  spec.soap.l_max = l_max;
  spec.soap.body_order = body_order;
  spec.elements = elements;
  spec.zeta = zeta;
  spec.coupling =
      std::make_shared<const soap::SpeciesCoupling>(soap::SpeciesCoupling{elements, std::move(u), before});
  spec.pairwise = true;
  return spec;
}

std::size_t at(int i) {
  return static_cast<std::size_t>(i);
}

/// Eq. 14 written out: p_{an,bn',l} of all elements from features that are neither coupled nor normalised,
/// and four sums over elements.
class BruteForce {
public:
  explicit BruteForce(const KernelSpec& spec) : spec_(spec), soap_(spec.soap), kappa_(at(s_ * s_), 0.0) {
    soap_.normalize = false;
    const auto& coupling = *spec.coupling;
    for (int a = 0; a < s_; ++a)
      for (int b = 0; b < s_; ++b)
        for (int channel = 0; channel < coupling.channels(); ++channel)
          kappa_[at(a * s_ + b)] += coupling.at(channel, at(a)) * coupling.at(channel, at(b));
  }

  double operator()(const structure::Structure& a, const structure::Structure& b) const {
    const auto left = invariants(a), right = invariants(b);
    double sum = 0;
    for (const auto& p : left)
      for (const auto& q : right)
        sum += std::pow(coupled(p, q) / (norm(p) * norm(q)), spec_.zeta);
    return sum / static_cast<double>(left.size() * right.size());
  }

private:
  using Invariants = std::vector<double>; // [element a][element b][what is equal on both sides]

  double norm(const Invariants& p) const {
    if (!spec_.soap.normalize)
      return 1;
    double plain = 0;
    for (const double x : p)
      plain += x * x;
    return std::sqrt(spec_.coupling->normalize_before ? plain : coupled(p, p));
  }

  double coupled(const Invariants& p, const Invariants& q) const {
    const bool radial = soap_.body_order == 2;
    const int seconds = radial ? 1 : s_, rest = static_cast<int>(p.size()) / (s_ * seconds);
    double sum = 0;
    for (int a = 0; a < s_; ++a)
      for (int b = 0; b < s_; ++b)
        for (int a2 = 0; a2 < seconds; ++a2)
          for (int b2 = 0; b2 < seconds; ++b2)
            for (int i = 0; i < rest; ++i)
              sum += kappa_[at(a * s_ + b)] * (radial ? 1.0 : kappa_[at(a2 * s_ + b2)]) *
                     p[at((a * seconds + a2) * rest + i)] * q[at((b * seconds + b2) * rest + i)];
    return sum;
  }

  std::vector<Invariants> invariants(const structure::Structure& structure) const {
    const features::SoapCalculator calculator(soap_, elements);
    const auto dense = to_dense(calculator.compute({&structure, 1}), calculator.layout());
    const auto width = dense.size() / structure.size();
    std::vector<Invariants> all;
    for (std::size_t e = 0; e < structure.size(); ++e) {
      const double* row = dense.data() + e * width;
      all.push_back(soap_.body_order == 2 ? Invariants(row, row + width) : unpacked(row));
    }
    return all;
  }

  Invariants unpacked(const double* row) const {
    const int n = soap_.n_max, ls = soap_.l_max + 1, block = ls * n * n;
    Invariants p(at(s_ * s_ * block));
    for (int a = 0; a < s_; ++a)
      for (int b = a; b < s_; ++b)
        for (int l = 0; l < ls; ++l)
          for (int i = 0; i < n; ++i)
            for (int j = a == b ? i : 0; j < n; ++j) {
              const double value = *row++ / (a == b && i == j ? 1 : std::sqrt(2.0));
              p[at((a * s_ + b) * block + l * n * n + i * n + j)] = value;
              p[at((b * s_ + a) * block + l * n * n + j * n + i)] = value;
            }
    return p;
  }

  const int s_ = static_cast<int>(elements.size());
  KernelSpec spec_;
  soap::SoapParameters soap_;
  std::vector<double> kappa_;
};

/// Average kernel of one spec between two sets, as a matrix, column-major.
std::vector<double> tile_of(const KernelSpec& spec, const Structures& rows, const Structures& cols) {
  const auto features = make_features(spec);
  std::vector<double> out(rows.size() * cols.size(), 0.0);
  TileWorkspace workspace;
  average_kernel_tile(
      features(rows), features(cols), spec.zeta, 1.0,
      {out.data(), static_cast<std::int64_t>(rows.size()), static_cast<std::int64_t>(cols.size())}, workspace,
      pairwise_coupling(spec).get());
  return out;
}

void expect_near(const std::vector<double>& found, const std::vector<double>& expected, double relative) {
  ASSERT_EQ(found.size(), expected.size());
  double largest = 0;
  for (const double x : expected)
    largest = max_or_nan(largest, std::abs(x));
  ASSERT_GT(largest, 0);
  for (std::size_t i = 0; i < found.size(); ++i)
    ASSERT_NEAR(found[i], expected[i], relative * largest) << i;
}

TEST(PairwiseCoupling, IsTheSumOverPairsOfElements) {
  const auto rows = mixed(1), cols = mixed(2);
  // Full rank, more channels than elements, low rank, and one that couples only some.
  const std::vector<std::vector<double>> couplings{
      random_u(5, 1), random_u(7, 2), random_u(2, 3), {1, 2, 0, 0, 0, 0, 0, 3, 1, 0, 0, 0, 0, 0, 2}};
  for (std::size_t c = 0; c < couplings.size(); ++c)
    for (const int body_order : {2, 3})
      for (const bool before : {false, true})
        for (const int zeta : {1, 2, 3}) {
          const auto spec = pairwise_spec(couplings[c], before, zeta, body_order);
          const BruteForce brute(spec);
          std::vector<double> expected;
          for (const auto& col : cols)
            for (const auto& row : rows)
              expected.push_back(brute(row, col));
          SCOPED_TRACE(testing::Message() << c << " " << body_order << " " << before << " " << zeta);
          expect_near(tile_of(spec, rows, cols), expected, 1e-12);
        }
}

TEST(PairwiseCoupling, OfVectorsThatAreNotNormalised) {
  const auto rows = mixed(1), cols = mixed(2);
  auto spec = pairwise_spec(random_u(5, 1), false, 2);
  spec.soap.normalize = false;
  const BruteForce brute(spec);
  std::vector<double> expected;
  for (const auto& col : cols)
    for (const auto& row : rows)
      expected.push_back(brute(row, col));
  expect_near(tile_of(spec, rows, cols), expected, 1e-12);
}

// As many numbers as images that are made together have room for, many times over; and one radial function.
TEST(PairwiseCoupling, EqualsChannelsInManyBatches) {
  Structures rows, cols;
  for (std::uint64_t seed = 1; seed < 4; ++seed) {
    const auto more = mixed(seed), others = mixed(seed + 10);
    rows.insert(rows.end(), more.begin(), more.end());
    cols.insert(cols.end(), others.begin(), others.end());
  }
  for (const int n_max : {1, 8}) {
    const auto spec = pairwise_spec(random_u(5, 4), false, 2, 3, n_max, 6);
    expect_near(tile_of(spec, rows, cols), tile_of(by_channels(spec), rows, cols), 1e-12);
  }
}

TEST(PairwiseCoupling, PredictsTheBytesOfItsFeatures) {
  for (const int body_order : {2, 3})
    for (const int zeta : {1, 2})
      for (const auto& structure : mixed()) {
        const auto spec = pairwise_spec(random_u(7, 1), false, zeta, body_order);
        const auto block = make_features(spec)({&structure, 1});
        EXPECT_EQ(static_cast<std::int64_t>(block.bytes()), feature_bytes(spec, structure));
        EXPECT_EQ(block.groups.at(0).values.capacity(), block.groups.at(0).values.size());
        for (const auto& segment : block.groups.at(0).segments)
          EXPECT_EQ(segment.width, feature_layout(spec).widths.at(static_cast<std::size_t>(segment.id)));
      }
}

TEST(PairwiseCoupling, PaysWhereChannelsAreMany) {
  const auto structures = structures_of(std::vector(10, std::vector<std::uint8_t>{1, 8}), 1);
  for (const int zeta : {1, 2}) {
    EXPECT_TRUE(pairwise_pays(pairwise_spec(random_u(20, 1), false, zeta), structures));
    EXPECT_FALSE(pairwise_pays(pairwise_spec(random_u(2, 1), false, zeta), structures));
  }
  EXPECT_FALSE(pairwise_pays(pairwise_spec(random_u(5, 1), false, 2), mixed()));
}

TEST(PairwiseCoupling, NamesTheStructureThatIsWrong) {
  for (auto wrong : mixed()) {
    auto structures = mixed();
    wrong.species.push_back(wrong.species.front()); // on another atom, or without a channel
    wrong.positions.push_back(wrong.positions.front());
    structures[4] = wrong;
    structures[4].origin.frame = 9;
    for (const bool unknown : {false, true}) {
      if (unknown)
        structures[4].species.back() = 9;
      try {
        make_features(pairwise_spec(random_u(5, 1), false, 2))(structures);
        FAIL();
      } catch (const DataError& error) {
        EXPECT_EQ(error.location().frame, 9);
      }
    }
  }
}

/// K of a sum of a pairwise kernel and its like by channels, on every grid: assembled, against others,
/// applied.
TEST(PairwiseCoupling, IsThatOfChannelsOnAllRanks) {
  const auto world = parallel::Communicator::world();
  const linalg::ProcessGrid grid(world, linalg::choose_grid(world.size()));
  Structures structures, others = mixed(9);
  for (std::uint64_t seed = 1; seed < 4; ++seed)
    for (const auto& structure : mixed(seed))
      structures.push_back(structure);
  CounterRandom random(3);
  std::vector<double> x(structures.size());
  for (double& value : x)
    value = random.normal();
  for (const int zeta : {1, 2, 3}) {
    const auto spec = pairwise_spec(random_u(7, 5), zeta == 2, zeta);
    KernelSum pairwise(grid, {spec}, structures, 4, 2000), channels(grid, {by_channels(spec)}, structures, 4);
    const KernelSum rows(grid, {spec}, others, 4), channel_rows(grid, {by_channels(spec)}, others, 4);
    // The lower triangle alone is defined.
    auto found = linalg::gather(pairwise.assemble(5000)),
         expected = linalg::gather(channels.assemble(1 << 20));
    for (std::size_t j = 0; j < structures.size(); ++j)
      for (std::size_t i = 0; i < j; ++i)
        found[i + j * structures.size()] = expected[i + j * structures.size()] = 0;
    expect_near(found, expected, 1e-12);
    expect_near(linalg::gather(pairwise.assemble_against(rows, 1 << 20)),
                linalg::gather(channels.assemble_against(channel_rows, 1 << 20)), 1e-12);
    for (const auto kind : {RowsOf::structures, RowsOf::environments})
      expect_near(pairwise.first(20).apply(others, {x.begin(), x.begin() + 20}, 1, {}, kind),
                  channels.first(20).apply(others, {x.begin(), x.begin() + 20}, 1, {}, kind), 1e-12);
  }
}

} // namespace
} // namespace soapstone::kernel
