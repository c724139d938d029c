// SPDX-License-Identifier: BSD-3-Clause
// Calculators that share neighbour lists and densities compute the same bits as those that don't.
#include "../soap/changed_fields.hpp"
#include "soapstone/features/calculator.hpp"
#include "soapstone/features/environment_store.hpp"
#include "support.hpp"

#include <gtest/gtest.h>

using namespace soapstone::features;
using namespace soapstone::soap;
using namespace soapstone::features::testing;

namespace {

const std::vector<int> elements{1, 6, 7, 8};
constexpr std::int64_t plenty = std::int64_t{1} << 30;

SoapParameters parameters_of(double cutoff, double exponent) {
  SoapParameters parameters;
  parameters.n_max = 4;
  parameters.l_max = 3;
  parameters.cutoff = cutoff;
  parameters.scaling.exponent = exponent;
  return parameters;
}

std::vector<Structure> samples() {
  Structure crystal = random_molecule(5, {7, 8, 1}, 5);
  crystal.cell = {{{{5, 0, 0}, {0.3, 5.2, 0}, {0, 0.4, 4.9}}}, {true, true, true}};
  Structure larger = crystal; // differs in the cell alone
  larger.cell.vectors[0][0] = 6;
  return {water(), ammonia(), formaldehyde(), random_molecule(9, {1, 6, 7, 8}, 3), crystal, larger};
}

std::shared_ptr<const SpeciesCoupling> coupling() {
  return std::make_shared<const SpeciesCoupling>(
      SpeciesCoupling{elements, {1, 0.5, -0.2, 0.1, 0, 1, 0.7, 0.4}, false});
}

void expect_same(const FeatureBlock& a, const FeatureBlock& b) {
  ASSERT_EQ(a.groups.size(), b.groups.size());
  for (std::size_t g = 0; g < a.groups.size(); ++g) {
    EXPECT_EQ(a.groups[g].structures, b.groups[g].structures);
    EXPECT_TRUE(std::equal(a.groups[g].values.begin(), a.groups[g].values.end(), b.groups[g].values.begin(),
                           b.groups[g].values.end()));
  }
}

/// What differs in no more than parameters of the second half of the computation, with and without a store.
void compute_all(const std::shared_ptr<EnvironmentStore>& store, double cutoff, double exponent) {
  const auto structures = samples();
  auto parameters = parameters_of(cutoff, exponent);
  for (const bool normalize : {true, false})
    for (const auto& coupled : {std::shared_ptr<const SpeciesCoupling>(), coupling()}) {
      parameters.normalize = normalize;
      const SoapCalculator sharing(parameters, elements, nullptr, coupled, store);
      const SoapCalculator alone(parameters, elements, nullptr, coupled);
      expect_same(sharing.compute(structures), alone.compute(structures));
    }
}

TEST(EnvironmentStore, gives_the_same_features) {
  const auto store = std::make_shared<EnvironmentStore>(EnvironmentStore::Wanted{true, true}, plenty);
  const auto count = static_cast<std::int64_t>(samples().size());
  for (const double cutoff : {4.0, 5.0}) {
    const auto before = store->reused();
    compute_all(store, cutoff, 0);
    EXPECT_EQ(store->reused() - before, 3 * count) << "densities of the first of four calculators";
    compute_all(store, cutoff, 4);
    EXPECT_EQ(store->reused() - before, 7 * count) << "and neighbours for the first of the other four";
  }
  const auto before = store->reused();
  compute_all(store, 4.0, 0);
  EXPECT_EQ(store->reused() - before, 4 * count) << "all parameters are still there";
}

TEST(EnvironmentStore, distinguishes_all_that_makes_a_density) {
  const auto store = std::make_shared<EnvironmentStore>(EnvironmentStore::Wanted{true, true}, plenty);
  const auto structures = samples();
  const auto first = parameters_of(4, 3);
  SoapCalculator(first, elements, nullptr, nullptr, store).compute(structures);
  for (const auto& [field, parameters] : changed_fields(first))
    expect_same(SoapCalculator(parameters, elements, nullptr, nullptr, store).compute(structures),
                SoapCalculator(parameters, elements).compute(structures));
}

TEST(EnvironmentStore, distinguishes_the_radial_spectrum) {
  const auto store = std::make_shared<EnvironmentStore>(EnvironmentStore::Wanted{true, true}, plenty);
  const auto structures = samples();
  for (const int body_order : {3, 2}) {
    auto parameters = parameters_of(4, 0);
    parameters.body_order = body_order;
    expect_same(SoapCalculator(parameters, elements, nullptr, nullptr, store).compute(structures),
                SoapCalculator(parameters, elements).compute(structures));
  }
}

TEST(EnvironmentStore, keeps_within_its_memory_what_was_used_last) {
  const auto whole = std::make_shared<EnvironmentStore>(EnvironmentStore::Wanted{false, true}, plenty);
  compute_all(whole, 4, 0);
  const auto one = whole->bytes(); // of one set of parameters
  compute_all(whole, 4, 3);
  EXPECT_EQ(whole->bytes(), 2 * one);

  const auto little =
      std::make_shared<EnvironmentStore>(EnvironmentStore::Wanted{false, true}, one + one / 2);
  compute_all(little, 4, 0);
  compute_all(little, 4, 3);
  EXPECT_LE(little->bytes(), one + one / 2);
  const auto before = little->reused();
  compute_all(little, 4, 3);
  EXPECT_EQ(little->reused() - before, static_cast<std::int64_t>(4 * samples().size()));

  const auto none = std::make_shared<EnvironmentStore>(EnvironmentStore::Wanted{true, true}, 100);
  compute_all(none, 4, 0);
  EXPECT_EQ(none->bytes(), 0);
  EXPECT_EQ(none->reused(), 0);
}

} // namespace
