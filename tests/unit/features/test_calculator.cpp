// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/features/calculator.hpp"

#include "soapstone/base/error.hpp"
#include "support.hpp"

#include <gtest/gtest.h>

using namespace soapstone::features;
using namespace soapstone::soap;
using namespace soapstone::features::testing;

namespace {

SoapParameters small() {
  SoapParameters parameters;
  parameters.n_max = 5;
  parameters.l_max = 3;
  parameters.gaussian_width = 0.5;
  return parameters;
}

soapstone::structure::Origin read_at(const char* file, std::int64_t frame, std::int64_t line) {
  return {std::make_shared<const std::string>(file), frame, line};
}

} // namespace

TEST(SoapCalculator, LaysOutPairsOfChannels) {
  const SoapCalculator calculator(small(), {1, 6, 8});
  EXPECT_EQ(calculator.elements(), (std::vector<int>{1, 6, 8}));
  EXPECT_EQ(calculator.layout().widths, (std::vector<std::int32_t>{60, 100, 100, 60, 100, 60}));
  EXPECT_EQ(calculator.parameters().n_max, 5);
  EXPECT_GT(calculator.table_bytes(), 1000u);
}

TEST(SoapCalculator, GroupsStructuresByTheirElements) {
  const SoapCalculator calculator(small(), {1, 6, 7, 8});
  const std::vector<Structure> structures{water(), ammonia(), formaldehyde(), water(), {}};
  const FeatureBlock block = calculator.compute(structures);
  EXPECT_EQ(block.structures, 5);
  ASSERT_EQ(block.groups.size(), 4u);
  int seen = 0;
  for (const FeatureGroup& group : block.groups) {
    ASSERT_EQ(group.structures.size(), group.environments.size());
    EXPECT_EQ(static_cast<std::int64_t>(group.values.size()), group.rows() * group.width);
    std::int64_t width = 0;
    for (const Segment& segment : group.segments) {
      EXPECT_EQ(segment.offset, width);
      EXPECT_EQ(segment.width, calculator.layout().widths[static_cast<std::size_t>(segment.id)]);
      width += segment.width;
    }
    EXPECT_EQ(width, group.width);
    if (group.structures == std::vector<std::int32_t>{0, 3}) { // H and O of H, C, N, O: pairs HH, HO, OO
      ++seen;
      ASSERT_EQ(group.segments.size(), 3u);
      EXPECT_EQ(group.segments[0].id, 0);
      EXPECT_EQ(group.segments[1].id, 3);
      EXPECT_EQ(group.segments[2].id, 9);
      EXPECT_EQ(group.environments, (std::vector<std::int32_t>{3, 3}));
    }
  }
  EXPECT_EQ(seen, 1);
}

// A structure's features do not depend on its company, nor on channels of other elements.
TEST(SoapCalculator, FeaturesAreThoseOfTheStructureAlone) {
  const SoapCalculator calculator(small(), {1, 6, 7, 8}), narrow(small(), {1, 7});
  const std::vector<Structure> structures{water(), ammonia(), formaldehyde()};
  const auto together = to_dense(calculator.compute(structures), calculator.layout());
  std::vector<double> apart;
  for (const Structure& structure : structures)
    for (const double value : dense_features(calculator, structure))
      apart.push_back(value);
  EXPECT_EQ(together, apart);

  const auto few = dense_features(narrow, ammonia());
  const auto many = dense_features(calculator, ammonia());
  const auto few_width = static_cast<std::size_t>(narrow.layout().total_width());
  const auto many_width = static_cast<std::size_t>(calculator.layout().total_width());
  for (std::size_t j = 0; j < 4; ++j)
    for (std::size_t k = 0; k < 4; ++k)
      EXPECT_NEAR(dot(&few[j * few_width], &few[k * few_width], few_width),
                  dot(&many[j * many_width], &many[k * many_width], many_width), 1e-14);
}

TEST(SoapCalculator, NormalizesOnDemand) {
  for (const int body_order : {2, 3}) {
    SoapParameters parameters = small();
    parameters.body_order = body_order;
    const SoapCalculator unit(parameters, {1, 8});
    parameters.normalize = false;
    const SoapCalculator raw(parameters, {1, 8});
    const auto u = dense_features(unit, water()), r = dense_features(raw, water());
    const auto width = static_cast<std::size_t>(unit.layout().total_width());
    for (std::size_t j = 0; j < 3; ++j) {
      EXPECT_NEAR(dot(&u[j * width], &u[j * width], width), 1, 1e-14);
      const double norm = std::sqrt(dot(&r[j * width], &r[j * width], width));
      EXPECT_GT(std::abs(norm - 1), 0.01);
      for (std::size_t i = 0; i < width; ++i)
        EXPECT_NEAR(r[j * width + i], norm * u[j * width + i], 1e-13 * norm);
    }
  }
}

TEST(SoapCalculator, RadialSpectrumHasOneSegmentPerChannel) {
  SoapParameters parameters = small();
  parameters.body_order = 2;
  const SoapCalculator calculator(parameters, {1, 7, 8});
  EXPECT_EQ(calculator.layout().widths, (std::vector<std::int32_t>{5, 5, 5}));
  const std::vector<Structure> structures{water()};
  const FeatureBlock block = calculator.compute(structures);
  ASSERT_EQ(block.groups.size(), 1u);
  EXPECT_EQ(block.groups[0].segments, (std::vector<Segment>{{0, 5, 0}, {2, 5, 5}}));
}

TEST(SoapCalculator, AnIsolatedAtomIsItsElement) {
  const SoapCalculator calculator(small(), {1, 6});
  const Structure carbon{{6}, {{1, 2, 3}}, {}}, hydrogen{{1}, {{0, 0, 0}}, {}};
  const auto c = dense_features(calculator, carbon), h = dense_features(calculator, hydrogen);
  EXPECT_NEAR(dot(c.data(), c.data(), c.size()), 1, 1e-14);
  EXPECT_EQ(dot(c.data(), h.data(), c.size()), 0);
}

TEST(SoapCalculator, AnEnvironmentWithoutDensityStaysZero) {
  SoapParameters parameters = small();
  parameters.central_weight = 0;
  const SoapCalculator calculator(parameters, {6});
  for (const double value : dense_features(calculator, {{6}, {{1, 2, 3}}, {}}))
    EXPECT_EQ(value, 0);
}

TEST(SoapCalculator, RefusesWhatOverflows) {
  SoapParameters parameters = small();
  const std::vector<Structure> structures{water()};
  for (const bool normalize : {false, true}) {
    parameters.normalize = normalize;
    parameters.central_weight = 1e60;
    EXPECT_NO_THROW(SoapCalculator(parameters, {1, 8}).compute(structures));
    parameters.central_weight = 1e300; // products overflow
    EXPECT_THROW(SoapCalculator(parameters, {1, 8}).compute(structures), soapstone::NumericalError);
  }
}

TEST(SoapCalculator, NamesStructureAndElementWithoutChannel) {
  const SoapCalculator calculator(small(), {1, 8});
  std::vector<Structure> structures{water(), ammonia()};
  structures[1].origin = read_at("a.xyz", 7, 21);
  try {
    calculator.compute(structures);
    FAIL() << "nitrogen was accepted";
  } catch (const soapstone::DataError& error) {
    EXPECT_EQ(to_string(error.location()), "a.xyz, frame 7, line 21");
    EXPECT_NE(std::string(error.what()).find("element N"), std::string::npos) << error.what();
  }
}

TEST(SoapCalculator, NamesTheStructureWhoseAtomsAreTooClose) {
  SoapParameters parameters = small();
  parameters.scaling.rate = 0;
  parameters.scaling.exponent = 20;
  const SoapCalculator calculator(parameters, {1, 8});
  std::vector<Structure> structures{water(), {{1, 1}, {{0, 0, 0}, {0, 0, 1e-3}}, {}}};
  const auto message = [&] {
    try {
      calculator.compute(structures);
    } catch (const soapstone::DataError& error) {
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  EXPECT_TRUE(message().starts_with("two atoms are 0.001")) << message();
  structures[1].origin = read_at("a.xyz", 7, 21);
  EXPECT_TRUE(message().starts_with("a.xyz, frame 7, line 21: two atoms are 0.001")) << message();
}

TEST(SoapCalculator, RefusesWrongParametersAndElements) {
  SoapParameters parameters = small();
  parameters.cutoff = -1;
  EXPECT_THROW(SoapCalculator(parameters, {1}), soapstone::ConfigError);
  EXPECT_THROW(SoapCalculator(small(), {}), soapstone::ConfigError);
  EXPECT_THROW(SoapCalculator(small(), {8, 1}), soapstone::ConfigError);
  EXPECT_THROW(SoapCalculator(small(), {1, 1}), soapstone::ConfigError);
  EXPECT_THROW(SoapCalculator(small(), {0, 1}), soapstone::ConfigError);
  EXPECT_THROW(SoapCalculator(small(), {1, 119}), soapstone::ConfigError);
}
