// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/soap/parameters.hpp"

#include "changed_fields.hpp"
#include "soapstone/base/error.hpp"

#include <functional>
#include <gtest/gtest.h>
#include <limits>
#include <set>
#include <type_traits>

using namespace soapstone::soap;
using soapstone::soap::testing::changed_fields;

namespace {

void expect_refused(const char* key, const std::function<void(SoapParameters&)>& change) {
  SoapParameters parameters;
  change(parameters);
  try {
    parameters.validate();
    ADD_FAILURE() << key << " was accepted";
  } catch (const soapstone::ConfigError& error) {
    EXPECT_EQ(error.parameter(), key);
    EXPECT_NE(std::string(error.what()).find(key), std::string::npos);
  }
}

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

} // namespace

TEST(SoapParameters, DefaultsAreValid) {
  EXPECT_NO_THROW(SoapParameters{}.validate());
}

TEST(SoapParameters, NamesTheKeyThatMakesNoSense) {
  for (const double value : {0.0, -1.0, not_a_number, infinity})
    expect_refused("cutoff", [=](auto& p) { p.cutoff = value; });
  for (const double value : {-0.1, 5.1, not_a_number})
    expect_refused("cutoff_width", [=](auto& p) { p.cutoff_width = value; });
  for (const double value : {0.0, -0.3, 1e-5, not_a_number, infinity})
    expect_refused("gaussian_width", [=](auto& p) { p.gaussian_width = value; });
  for (const int value : {0, -1, 25})
    expect_refused("n_max", [=](auto& p) { p.n_max = value; });
  for (const int value : {-1, 31})
    expect_refused("l_max", [=](auto& p) { p.l_max = value; });
  for (const double value : {-1.0, not_a_number, infinity})
    expect_refused("central_weight", [=](auto& p) { p.central_weight = value; });
  for (const int value : {1, 4})
    expect_refused("body_order", [=](auto& p) { p.body_order = value; });
  for (const double value : {0.0, -2.0, not_a_number})
    expect_refused("radial_scale", [=](auto& p) { p.scaling.scale = value; });
  for (const double value : {-1.0, not_a_number})
    expect_refused("radial_exponent", [=](auto& p) { p.scaling.exponent = value; });
  for (const double value : {-1.0, not_a_number})
    expect_refused("radial_rate", [=](auto& p) { p.scaling.rate = value; });
}

namespace {

/// Converts to whatever a field is.
struct Anything {
  template <typename T>
  operator T() const;
};

/// Fields of an aggregate: the largest number of values it can be made of.
template <typename Aggregate, typename... Values>
constexpr std::size_t fields_of() {
  if constexpr (requires { Aggregate{Values()..., Anything()}; })
    return fields_of<Aggregate, Values..., Anything>();
  else
    return sizeof...(Values);
}

} // namespace

// A field that for_each_field() leaves out would be missing in models, caches and searches.
TEST(SoapParameters, EveryFieldIsVisitedOnce) {
  SoapParameters parameters;
  std::set<const void*> visited;
  std::set<std::string_view> names;
  for_each_field(
      [&](const Field& field, const auto& value) {
        EXPECT_TRUE(visited.insert(&value).second && names.insert(field.name).second) << field.name;
      },
      parameters);
  EXPECT_EQ(visited.size(), fields_of<SoapParameters>() - 1 + fields_of<RadialScaling>());
}

TEST(SoapParameters, EveryNumberIsValidated) {
  SoapParameters of_a_kind;
  for_each_field(
      [&](const Field& field, auto& value) {
        using Value = std::remove_reference_t<decltype(value)>;
        const Value before = value;
        if constexpr (std::is_same_v<Value, double>)
          value = not_a_number;
        else if constexpr (std::is_same_v<Value, int>)
          value = -1;
        else
          return;
        expect_refused(std::string(field.name).c_str(), [&](auto& p) { p = of_a_kind; });
        value = before;
      },
      of_a_kind);
}

TEST(SoapParameters, StagesDependOnTheirFieldsAlone) {
  const SoapParameters parameters;
  for (const auto stage : {Stage::neighbours, Stage::integrals, Stage::densities, Stage::features})
    for (const auto& [field, changed] : changed_fields(parameters)) {
      EXPECT_NE(changed, parameters) << field.name;
      EXPECT_EQ(up_to(stage, changed) == up_to(stage, parameters), field.stage > stage) << field.name;
    }
}
