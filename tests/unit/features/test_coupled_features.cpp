// SPDX-License-Identifier: BSD-3-Clause
// Features of coupled densities, against sums over pairs of elements of uncoupled ones (eqs. 14-17 of
// Willatt, Musil, Ceriotti, PCCP 20, 29661 (2018)).
#include "soapstone/base/error.hpp"
#include "soapstone/features/coupled_features.hpp"
#include "soapstone/soap/density_norm.hpp"
#include "soapstone/soap/power_spectrum.hpp"
#include "support.hpp"

#include <gtest/gtest.h>
#include <memory>
#include <numbers>

using namespace soapstone::features;
using namespace soapstone::soap;
using namespace soapstone::features::testing;

namespace {

constexpr int n_max = 5, l_max = 4;
const std::vector<int> elements{1, 6, 7, 8};
using Coupling = std::shared_ptr<const SpeciesCoupling>;

SoapParameters parameters_of(int body_order, bool normalize) {
  SoapParameters parameters;
  parameters.n_max = n_max;
  parameters.l_max = l_max;
  parameters.body_order = body_order;
  parameters.normalize = normalize;
  return parameters;
}

std::vector<Structure> samples() { // hardly any has all elements
  Structure crystal = random_molecule(5, {7, 8, 1}, 5);
  crystal.cell = {{{{5, 0, 0}, {0.3, 5.2, 0}, {0, 0.4, 4.9}}}, {true, true, true}};
  return {water(), ammonia(), formaldehyde(), isocyanic_acid(), random_molecule(9, {1, 6, 7, 8}, 3), crystal};
}

Coupling make(std::vector<double> u, bool before = false) {
  return std::make_shared<const SpeciesCoupling>(SpeciesCoupling{elements, std::move(u), before});
}

Coupling random_coupling(int channels, bool before = false) {
  std::mt19937 engine(11u + static_cast<unsigned>(channels));
  std::normal_distribution<double> normal;
  std::vector<double> u(static_cast<std::size_t>(channels) * elements.size());
  for (double& value : u)
    value = normal(engine);
  return make(u, before);
}

double kappa(const SpeciesCoupling& coupling, std::size_t a, std::size_t b) {
  double sum = 0;
  for (int channel = 0; channel < coupling.channels(); ++channel)
    sum += coupling.at(channel, a) * coupling.at(channel, b);
  return sum;
}

/// Element (an, bn', l) of the uncoupled power spectrum of one row: any order of a and b, no sqrt 2.
class Spectrum {
public:
  Spectrum(const double* row) {
    const auto channels = static_cast<int>(elements.size());
    for (int a = 0; a < channels; ++a)
      for (int b = a; b < channels; ++b)
        for (int l = 0; l <= l_max; ++l)
          for (int n = 0; n < n_max; ++n)
            for (int m = a == b ? n : 0; m < n_max; ++m, ++row)
              values_[index(a, n, b, m, l)] = values_[index(b, m, a, n, l)] =
                  a == b && n == m ? *row : *row / std::numbers::sqrt2;
  }
  double at(std::size_t a, int n, std::size_t b, int m, int l) const {
    return values_[index(static_cast<int>(a), n, static_cast<int>(b), m, l)];
  }

private:
  static std::size_t index(int a, int n, int b, int m, int l) {
    return static_cast<std::size_t>((((a * n_max + n) * 4 + b) * n_max + m) * (l_max + 1) + l);
  }
  std::vector<double> values_ = std::vector<double>(4 * 4 * n_max * n_max * (l_max + 1));
};

/// Eq. 14: sum over pairs of elements of kappa kappa p^ab . p'^cd, from uncoupled features.
double brute_force(const double* left, const double* right, const SpeciesCoupling& coupling) {
  const Spectrum p(left), q(right);
  double sum = 0;
  for (std::size_t a = 0; a < 4; ++a)
    for (std::size_t b = 0; b < 4; ++b)
      for (std::size_t c = 0; c < 4; ++c)
        for (std::size_t d = 0; d < 4; ++d)
          for (int n = 0; n < n_max; ++n)
            for (int m = 0; m < n_max; ++m)
              for (int l = 0; l <= l_max; ++l)
                sum +=
                    kappa(coupling, a, c) * kappa(coupling, b, d) * p.at(a, n, b, m, l) * q.at(c, n, d, m, l);
  return sum;
}

double brute_force_radial(const double* left, const double* right, const SpeciesCoupling& coupling) {
  double sum = 0;
  for (std::size_t a = 0; a < 4; ++a)
    for (std::size_t b = 0; b < 4; ++b)
      sum += kappa(coupling, a, b) * dot(left + a * n_max, right + b * n_max, n_max);
  return sum;
}

/// Rows of all samples, dense, one after another.
struct Rows {
  Rows(const SoapCalculator& calculator)
      : width(static_cast<std::size_t>(calculator.layout().total_width())) {
    for (const Structure& structure : samples()) {
      const auto more = dense_features(calculator, structure);
      values.insert(values.end(), more.begin(), more.end());
    }
  }
  std::size_t count() const { return values.size() / width; }
  const double* row(std::size_t i) const { return &values[i * width]; }
  double product(std::size_t i, std::size_t j) const { return dot(row(i), row(j), width); }
  std::size_t width;
  std::vector<double> values;
};

/// What products of rows should be, from uncoupled rows that are not normalised.
double expected_product(const Rows& plain, std::size_t i, std::size_t j, const SpeciesCoupling& coupling,
                        int body_order, bool normalize) {
  const auto raw = [&](std::size_t a, std::size_t b) {
    return body_order == 2 ? brute_force_radial(plain.row(a), plain.row(b), coupling)
                           : brute_force(plain.row(a), plain.row(b), coupling);
  };
  if (!normalize)
    return raw(i, j);
  return coupling.normalize_before ? raw(i, j) / std::sqrt(plain.product(i, i) * plain.product(j, j))
                                   : raw(i, j) / std::sqrt(raw(i, i) * raw(j, j));
}

} // namespace

TEST(CoupledFeatures, ProductsAreSumsOverPairsOfElements) {
  for (const int body_order : {2, 3}) {
    const Rows plain(SoapCalculator(parameters_of(body_order, false), elements));
    for (const int channels : {1, 2, 4, 6})
      for (const bool before : {false, true})
        for (const bool normalize : {false, true}) {
          const auto coupling = random_coupling(channels, before);
          const Rows coupled(
              SoapCalculator(parameters_of(body_order, normalize), elements, nullptr, coupling));
          ASSERT_EQ(coupled.count(), plain.count());
          for (std::size_t i = 0; i < plain.count(); i += 5)
            for (std::size_t j = 0; j <= i; j += 3) {
              const double expected = expected_product(plain, i, j, *coupling, body_order, normalize);
              EXPECT_NEAR(coupled.product(i, j), expected, 1e-12 * std::max(1.0, std::abs(expected)))
                  << body_order << channels << before << normalize;
            }
        }
  }
}

// Both norms of `after` are 1; those of `before` are not.
TEST(CoupledFeatures, AreNormalizedAfterTheContractionOrBefore) {
  const Rows after(SoapCalculator(parameters_of(3, true), elements, nullptr, random_coupling(3)));
  const Rows before(SoapCalculator(parameters_of(3, true), elements, nullptr, random_coupling(3, true)));
  for (std::size_t i = 0; i < after.count(); ++i) {
    EXPECT_NEAR(after.product(i, i), 1, 1e-14);
    EXPECT_GT(std::abs(before.product(i, i) - 1), 1e-3);
    const double ratio = std::sqrt(before.product(i, i)); // the same direction
    for (std::size_t k = 0; k < after.width; ++k)
      ASSERT_NEAR(before.row(i)[k], ratio * after.row(i)[k], 1e-13 * ratio);
  }
}

TEST(CoupledFeatures, OfTheIdentityAreStandardSoap) {
  for (const int body_order : {2, 3})
    for (const bool before : {false, true}) {
      const auto identity = make({1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1}, before);
      const SoapCalculator plain(parameters_of(body_order, true), elements),
          coupled(parameters_of(body_order, true), elements, nullptr, identity);
      EXPECT_EQ(plain.layout().widths, coupled.layout().widths);
      const Rows a(plain), b(coupled);
      EXPECT_LT(largest_difference(a.values, b.values), 1e-15);
      const auto structures = samples(); // and as pairwise
      EXPECT_EQ(plain.compute(structures).bytes(), coupled.compute(structures).bytes());
    }
}

TEST(CoupledFeatures, ShareOneGroupUnlessTheCouplingHasZeros) {
  const auto structures = samples();
  const SoapCalculator dense(parameters_of(3, true), elements, nullptr, random_coupling(3));
  const auto block = dense.compute(structures);
  ASSERT_EQ(block.groups.size(), 1u);
  EXPECT_EQ(block.groups.front().structures.size(), structures.size());
  EXPECT_EQ(block.groups.front().width, dense.layout().total_width());
  // H and C feed one channel, N and O the other: only ammonia, water and the like have both.
  const SoapCalculator two(parameters_of(3, true), elements, nullptr, make({1, 0.5, 0, 0, 0, 0, 0.3, 1}));
  const Structure methane{{6, 1, 1}, {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}}, {}};
  const auto pairwise = two.compute(std::vector{methane, water()});
  ASSERT_EQ(pairwise.groups.size(), 2u);
  EXPECT_EQ(pairwise.groups.front().segments, (std::vector<Segment>{{0, 75, 0}}));
  EXPECT_EQ(pairwise.groups.back().segments.size(), 3u);
}

// An element that no channel takes up leaves nothing behind.
TEST(CoupledFeatures, OfAnElementThatIsSwitchedOffAreZero) {
  const SoapCalculator calculator(parameters_of(3, true), elements, nullptr, make({1, 0, 1, 1}));
  const Structure carbon{{6, 6}, {{0, 0, 0}, {1.4, 0, 0}}, {}};
  const auto rows = dense_features(calculator, carbon);
  ASSERT_EQ(rows.size(), 2 * static_cast<std::size_t>(calculator.layout().total_width()));
  EXPECT_EQ(std::count(rows.begin(), rows.end(), 0.0), static_cast<std::ptrdiff_t>(rows.size()));
}

TEST(CoupledFeatures, AreInvariant) {
  const SoapCalculator calculator(parameters_of(3, true), elements, nullptr, random_coupling(3, true));
  for (const Structure& structure : samples()) {
    const auto expected = dense_features(calculator, structure);
    const auto moved = transformed(structure, rotation(0.4, 1.1, -2.3), {0.3, -1, 2});
    EXPECT_LT(largest_difference(dense_features(calculator, moved), expected), 1e-11);
  }
}

// Elements of one column of u are the same element, all others being equal.
TEST(CoupledFeatures, DoNotTellElementsOfEqualColumnsApart) {
  const SoapCalculator calculator(parameters_of(3, true), elements, nullptr,
                                  make({1, 0.2, 0.7, 0.7, 0.3, 1, 0.4, 0.4}));
  Structure nitrogen = isocyanic_acid(), oxygen = nitrogen;
  std::replace(nitrogen.species.begin(), nitrogen.species.end(), std::uint8_t{8}, std::uint8_t{7});
  std::replace(oxygen.species.begin(), oxygen.species.end(), std::uint8_t{7}, std::uint8_t{8});
  EXPECT_LT(largest_difference(dense_features(calculator, nitrogen), dense_features(calculator, oxygen)),
            1e-14);
}

TEST(CoupledFeatures, AreThoseOfTheExactKappaAtFullRank) {
  const auto exact = std::make_shared<const SpeciesCoupling>(gaussian_coupling(elements, {}));
  const auto values = gaussian_kappa(elements, {});
  ASSERT_EQ(exact->channels(), 4);
  for (std::size_t a = 0; a < 4; ++a)
    for (std::size_t b = 0; b < 4; ++b)
      EXPECT_NEAR(kappa(*exact, a, b), values[a * 4 + b], 1e-14);
}

TEST(CoupledFeatures, ContractLikeTheCoupledDensity) {
  // A contraction that keeps everything of the coupled density leaves products alone.
  const auto coupling = random_coupling(2, true);
  for (const int body_order : {2, 3}) {
    DensityContraction contraction{2, n_max, {}, 0};
    for (int l = 0; l <= (body_order == 2 ? 0 : l_max); ++l) {
      auto& matrix = contraction.matrices.emplace_back(100, 0.0);
      for (std::size_t i = 0; i < 10; ++i)
        matrix[i * 10 + (i + 3) % 10] = 1; // a permutation
    }
    const auto shared = std::make_shared<const DensityContraction>(contraction);
    for (const bool normalize : {false, true}) {
      const Rows plain(SoapCalculator(parameters_of(body_order, normalize), elements, nullptr, coupling)),
          kept(SoapCalculator(parameters_of(body_order, normalize), elements, shared, coupling));
      for (std::size_t i = 0; i < plain.count(); i += 2)
        for (std::size_t j = 0; j <= i; ++j)
          ASSERT_NEAR(kept.product(i, j), plain.product(i, j),
                      1e-13 * std::max(1.0, std::abs(plain.product(i, j))));
    }
  }
}

/// Of `channels` channels; random, and nothing of one l.
std::shared_ptr<const DensityContraction> random_contraction(int channels, int body_order) {
  std::mt19937 engine(3);
  std::normal_distribution<double> normal;
  DensityContraction contraction{channels, n_max, {}, 0};
  for (const int kept : body_order == 2 ? std::vector{4} : std::vector{4, 3, 0, 2, 1}) {
    auto& matrix = contraction.matrices.emplace_back(static_cast<std::size_t>(channels * n_max * kept));
    for (double& value : matrix)
      value = normal(engine);
  }
  return std::make_shared<const DensityContraction>(contraction);
}

// CoupledFeatures contracts what it has coupled, SoapCalculator by one matrix for both.
TEST(CoupledFeatures, OfKeptDensitiesContractLikeTheCalculator) {
  const auto structures = samples();
  for (const int body_order : {2, 3})
    for (const Coupling& coupling : {Coupling(), random_coupling(3), random_coupling(3, true)})
      for (const bool normalize : {false, true}) {
        const auto parameters = parameters_of(body_order, normalize);
        const auto contraction = random_contraction(coupling ? 3 : 4, body_order);
        const auto cache = std::make_shared<DensityCache>(parameters, elements, structures, 10000);
        const CoupledFeatures features(cache, coupling, contraction, FeatureRows::environments, {});
        const SoapCalculator calculator(parameters, elements, contraction, coupling);
        EXPECT_EQ(features.layout().widths, calculator.layout().widths);
        for (std::size_t s = 0; s < structures.size(); ++s) {
          const auto expected = dense_features(calculator, structures[s]);
          const auto found = to_dense(features.compute(s, 1), features.layout());
          double largest = 0;
          for (const double value : expected)
            largest = std::max(largest, std::abs(value));
          EXPECT_LT(largest_difference(found, expected), 1e-13 * largest);
        }
      }
}

TEST(CoupledFeatures, CovarianceIsThatOfTheCoupledDensity) {
  const auto coupling = random_coupling(3);
  const SoapCalculator calculator(parameters_of(3, true), elements, nullptr, coupling);
  DensityCovariance covariance(4, n_max, l_max), expected(3, n_max, l_max);
  const auto structures = samples();
  calculator.add_covariance(structures, covariance);
  calculator.visit(structures, [&](const EnvironmentDensity& environment) {
    expected.add(environment.coupled, environment.active, environment.factor,
                 1 / static_cast<double>(structures[environment.structure].size()));
  });
  const auto coupled = covariance.coupled(*coupling);
  EXPECT_EQ(coupled.channels(), 3);
  for (int l = 0; l <= l_max; ++l)
    EXPECT_LT(largest_difference(coupled.mean(l), expected.mean(l)), 1e-14);
}

TEST(CoupledFeatures, MustBeCoupledForTheirElements) {
  EXPECT_THROW(SoapCalculator(parameters_of(3, true), {1, 6}, nullptr, random_coupling(2)),
               soapstone::InternalError);
}

// Every environment once, with what the features are made of.
TEST(VisitDensities, ShowsWhatTheFeaturesAreMadeOf) {
  const auto structures = samples();
  for (const bool before : {false, true}) {
    const auto coupling = random_coupling(3, before);
    const SoapCalculator calculator(parameters_of(3, true), elements, nullptr, coupling);
    std::vector<std::vector<bool>> seen;
    for (const auto& structure : structures)
      seen.emplace_back(structure.size(), false);
    calculator.visit(structures, [&](const EnvironmentDensity& environment) {
      EXPECT_FALSE(seen[environment.structure][environment.atom]);
      seen[environment.structure][environment.atom] = true;
      const auto width = static_cast<std::size_t>(calculator.layout().total_width());
      std::vector<double> features(width);
      const double squares = power_spectrum(environment.coupled, features);
      const double squares_before = power_spectrum_norm_squared(environment.density);
      EXPECT_NEAR(environment.factor, 1 / std::sqrt(before ? squares_before : squares), 1e-13);
      const auto rows = dense_features(calculator, structures[environment.structure]);
      for (std::size_t k = 0; k < width; ++k)
        ASSERT_NEAR(environment.factor * features[k], rows[environment.atom * width + k], 1e-13);
    });
    for (const auto& atoms : seen)
      EXPECT_TRUE(std::all_of(atoms.begin(), atoms.end(), [](bool atom) { return atom; }));
  }
}

TEST(DensityNorm, IsThatOfTheSpectrum) {
  std::mt19937 engine(5);
  std::normal_distribution<double> normal;
  for (const int channels : {1, 3, 4})
    for (const int n : {1, 5, 8, 13})
      for (const int l : {0, 1, 6, 9}) {
        const DensityShape shape{channels, n, l};
        std::vector<double> density(shape.size());
        for (double& value : density) // the padding too
          value = normal(engine);
        std::vector<double> features(static_cast<std::size_t>(power_spectrum_width(shape)));
        const double expected = power_spectrum({shape, density.data()}, features);
        EXPECT_NEAR(power_spectrum_norm_squared({shape, density.data()}), expected, 1e-13 * expected);
      }
}
