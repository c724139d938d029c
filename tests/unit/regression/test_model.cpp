// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/regression/model.hpp"

#include "../soap/changed_fields.hpp"
#include "small_model.hpp"
#include "soapstone/base/error.hpp"
#include "soapstone/features/calculator.hpp"
#include "soapstone/h5/file.hpp"
#include "soapstone/kernel/density_fit.hpp"

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>

namespace soapstone::regression {
namespace {

class ModelFile : public ::testing::Test {
protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "soapstone-model-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  Model read_and_write(const Model& model) const {
    write_model(path("again.h5"), model);
    return read_model(path("again.h5"));
  }

private:
  std::filesystem::path folder_;
};

TEST_F(ModelFile, KeepsEverything) {
  const auto model = testing::small_model();
  write_model(path("m.h5"), model);
  const auto back = read_model(path("m.h5"));
  ASSERT_EQ(back.kernels.size(), 2U);
  for (std::size_t i = 0; i < 2; ++i) {
    const auto &a = model.kernels[i], &b = back.kernels[i];
    EXPECT_EQ(a.elements, b.elements);
    EXPECT_EQ(a.zeta, b.zeta);
    EXPECT_EQ(a.weight, b.weight);
    EXPECT_EQ(a.soap, b.soap);
  }
  EXPECT_EQ(back.training, model.training);
  EXPECT_EQ(back.coefficients, model.coefficients);
  EXPECT_EQ(back.block, model.block);
  EXPECT_EQ(back.regularization, model.regularization);
  EXPECT_EQ(back.lambda, model.lambda);
  EXPECT_EQ(back.backward_error, model.backward_error);
  EXPECT_EQ(back.residual, model.residual);
  EXPECT_EQ(back.configuration, model.configuration);
  EXPECT_EQ(back.provenance, model.provenance);
  ASSERT_EQ(back.targets.size(), 2U);
  EXPECT_EQ(back.targets[1].name, "gap");
  EXPECT_EQ(back.targets[0].baseline.kind(), BaselineKind::atoms);
  for (const auto& structure : model.training)
    for (std::size_t t = 0; t < 2; ++t)
      EXPECT_EQ(back.targets[t].baseline.energy(structure), model.targets[t].baseline.energy(structure));
}

TEST_F(ModelFile, KeepsEveryParameterAndTellsOlderProgramsOfNewOnes) {
  auto model = testing::small_model();
  const auto schema = [&] { return h5::Reader(path("again.h5")).attribute_integer("/", "schema_version"); };
  EXPECT_EQ(read_and_write(model).kernels[1].soap, model.kernels[1].soap);
  EXPECT_EQ(schema(), 1);
  for (const auto& [field, changed] : soap::testing::changed_fields(model.kernels[1].soap)) {
    model.kernels[1].soap = changed;
    EXPECT_EQ(read_and_write(model).kernels[1].soap, changed) << field.name;
    EXPECT_EQ(schema(), field.schema) << field.name;
  }
}

std::shared_ptr<const kernel::Projection>
some_projection(const kernel::KernelSpec& spec, const std::vector<structure::Structure>& structures) {
  return std::make_shared<const kernel::Projection>(kernel::fit_projection(
      kernel::make_features(spec)(structures), kernel::feature_layout(spec), {.width = 7}, 1));
}

std::shared_ptr<const soap::DensityContraction>
some_density(const kernel::KernelSpec& spec, const std::vector<structure::Structure>& structures) {
  soap::DensityCovariance covariance(2, spec.soap.n_max, spec.soap.l_max);
  features::SoapCalculator(spec.soap, spec.elements).add_covariance(structures, covariance);
  return std::make_shared<const soap::DensityContraction>(
      kernel::fit_density_contraction(covariance, {.width = 7}, 3));
}

TEST_F(ModelFile, KeepsCommitteeAndReferences) {
  auto model = testing::small_model();
  EXPECT_EQ(read_and_write(model).committee.members, 0);
  EXPECT_TRUE(read_and_write(model).novelty.empty());
  model.committee.members = 3;
  model.committee.scales = {1.5, 2.5};
  for (int i = 0; i < 3 * 2 * 9; ++i)
    model.committee.coefficients.push_back(i);
  model.novelty = {{{{3, 0}, {1, 2}}, 0.25}, {{{8, 0}}, 0.5}};
  EXPECT_TRUE(read_and_write(model).committee.intervals.empty()); // as older programs wrote it
  model.committee.intervals = {4, 5.5};
  const auto back = read_and_write(model);
  EXPECT_EQ(back.committee.members, 3);
  EXPECT_EQ(back.committee.intervals, model.committee.intervals);
  EXPECT_EQ(back.committee.scales, model.committee.scales);
  EXPECT_EQ(back.committee.coefficients, model.committee.coefficients);
  EXPECT_TRUE(back.committee.forms.empty());
  ASSERT_EQ(back.novelty.size(), 2U);
  EXPECT_EQ(back.novelty[0].threshold, 0.25);
  ASSERT_EQ(back.novelty[0].rows.size(), 2U);
  EXPECT_EQ(back.novelty[0].rows[1].structure, 1);
  EXPECT_EQ(back.novelty[0].rows[1].row, 2);
  EXPECT_EQ(back.novelty[1].rows[0].structure, 8);
  const std::vector<double> few{4}, negative{4, -1}, not_a_number{4, std::nan("")};
  for (const auto* intervals : {&few, &negative, &not_a_number}) {
    model.committee.intervals = *intervals;
    EXPECT_THROW(read_and_write(model), Error);
  }
  model.committee.intervals = {4, 5.5};
  model.committee.coefficients.resize(2 * 2 * 9);
  EXPECT_THROW(read_and_write(model), Error);
}

TEST_F(ModelFile, KeepsContractions) {
  auto model = testing::small_model();
  model.kernels[0].projection = some_projection(model.kernels[0], model.training);
  model.kernels[1].density = some_density(model.kernels[1], model.training);
  write_model(path("m.h5"), model);
  const auto back = read_model(path("m.h5"));
  ASSERT_TRUE(back.kernels[0].projection && !back.kernels[0].density);
  const auto &a = *model.kernels[0].projection, &b = *back.kernels[0].projection;
  EXPECT_EQ(a.layout.widths, b.layout.widths);
  EXPECT_EQ(a.width_in, b.width_in);
  EXPECT_EQ(a.width, b.width);
  EXPECT_EQ(a.matrix, b.matrix);
  EXPECT_EQ(a.variances, b.variances);
  EXPECT_EQ(a.residual_variance, b.residual_variance);
  ASSERT_TRUE(back.kernels[1].density && !back.kernels[1].projection);
  const auto &c = *model.kernels[1].density, &d = *back.kernels[1].density;
  EXPECT_EQ(c.channels, d.channels);
  EXPECT_EQ(c.n_max, d.n_max);
  EXPECT_EQ(c.matrices, d.matrices);
  EXPECT_EQ(c.residual_variance, d.residual_variance);
}

TEST_F(ModelFile, KeepsSpeciesCouplings) {
  auto model = testing::small_model();
  auto& spec = model.kernels[0];
  const soap::SpeciesCoupling coupling{spec.elements, {0.5, 1.0 / 3, -2, 1e-9, 0, 7}, true};
  spec.coupling = std::make_shared<const soap::SpeciesCoupling>(coupling);
  soap::DensityCovariance covariance(2, spec.soap.n_max,
                                     spec.soap.l_max); // and a contraction of its 3 channels
  features::SoapCalculator(spec.soap, spec.elements, nullptr, spec.coupling)
      .add_covariance(model.training, covariance);
  spec.density = std::make_shared<const soap::DensityContraction>(
      kernel::fit_density_contraction(covariance.coupled(coupling), {.width = 7}, 3));
  write_model(path("m.h5"), model);
  const auto back = read_model(path("m.h5"));
  ASSERT_TRUE(back.kernels[0].coupling);
  EXPECT_EQ(back.kernels[0].coupling->elements, coupling.elements);
  EXPECT_EQ(back.kernels[0].coupling->u, coupling.u);
  EXPECT_TRUE(back.kernels[0].coupling->normalize_before);
  EXPECT_FALSE(back.kernels[1].coupling);
  ASSERT_TRUE(back.kernels[0].density);
  EXPECT_EQ(back.kernels[0].density->channels, 3);
  const auto features = kernel::make_features(spec)(model.training),
             again = kernel::make_features(back.kernels[0])(model.training);
  EXPECT_EQ(features.groups.front().values, again.groups.front().values);
}

TEST_F(ModelFile, WithTheCouplingOfOtherElementsIsRefused) {
  auto model = testing::small_model();
  model.kernels[0].coupling = std::make_shared<const soap::SpeciesCoupling>(
      soap::SpeciesCoupling{{1, 6, 8}, {1, 2, 3}, false}); // of {1, 8}
  write_model(path("m.h5"), model);
  EXPECT_THROW(read_model(path("m.h5")), IoError);
}

// Programs that know no couplings must not predict without them; all others may be read by them.
TEST_F(ModelFile, HasTheOldestSchemaThatHoldsIt) {
  auto model = testing::small_model();
  write_model(path("m.h5"), model);
  EXPECT_EQ(h5::Reader(path("m.h5")).attribute_integer("/", "schema_version"), 1);
  model.kernels[1].coupling = std::make_shared<const soap::SpeciesCoupling>(soap::SpeciesCoupling{
      model.kernels[1].elements, std::vector<double>(model.kernels[1].elements.size(), 1.0)});
  write_model(path("m.h5"), model);
  EXPECT_EQ(h5::Reader(path("m.h5")).attribute_integer("/", "schema_version"), 2);
}

TEST_F(ModelFile, WithTheContractionOfOtherFeaturesIsRefused) {
  for (const bool density : {true, false}) {
    auto model = testing::small_model();
    auto& spec = model.kernels[0];
    if (density)
      spec.density = some_density(spec, model.training);
    else
      spec.projection = some_projection(spec, model.training);
    spec.elements = {1, 6, 8};
    write_model(path("m.h5"), model);
    EXPECT_THROW(read_model(path("m.h5")), IoError);
  }
}

TEST_F(ModelFile, ThatIsSomethingElseIsRefused) {
  EXPECT_THROW(read_model(path("missing.h5")), IoError);
  std::ofstream(path("text.h5")) << "not HDF5";
  EXPECT_THROW(read_model(path("text.h5")), IoError);
  h5::Writer other(path("other.h5"));
  other.write("/x", std::vector<double>{1.0});
  other.commit();
  EXPECT_THROW(read_model(path("other.h5")), IoError);
}

TEST_F(ModelFile, OfALaterSchemaIsRefused) {
  h5::Writer file(path("later.h5"));
  file.attribute("/", "format", "soapstone-model");
  file.attribute("/", "schema_version", model_schema_version + 1);
  file.commit();
  try {
    read_model(path("later.h5"));
    FAIL() << "no error";
  } catch (const IoError& error) {
    EXPECT_NE(std::string(error.what()).find("newer"), std::string::npos);
  }
}

TEST_F(ModelFile, OfASchemaThatNeverWasIsRefused) {
  for (const std::int64_t version : {0, -1}) {
    {
      h5::Writer file(path("none.h5"));
      file.attribute("/", "format", "soapstone-model");
      file.attribute("/", "schema_version", version);
      file.commit();
    }
    try {
      read_model(path("none.h5"));
      FAIL() << "no error";
    } catch (const IoError& error) {
      EXPECT_NE(std::string(error.what()).find("schema version"), std::string::npos) << error.what();
    }
  }
}

TEST_F(ModelFile, WithMissingCoefficientsIsRefused) {
  auto model = testing::small_model();
  model.coefficients.pop_back();
  model.targets.pop_back();
  EXPECT_THROW(write_model(path("short.h5"), model), Error);
  EXPECT_FALSE(std::filesystem::exists(path("short.h5")));
}

TEST(Model, KnowsTheElementsThatAllItsKernelsKnow) {
  auto model = testing::small_model();
  model.kernels[0].elements = {1, 6, 8};
  model.kernels[1].elements = {1, 8, 9};
  EXPECT_EQ(model.elements(), (std::vector<int>{1, 8}));
}

} // namespace
} // namespace soapstone::regression
