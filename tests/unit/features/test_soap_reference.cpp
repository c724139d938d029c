// SPDX-License-Identifier: BSD-3-Clause
// Kernels of six molecules from an independent code with the same radial basis. The file is not part of the
// repository: it is looked for in the folder "reference" beside the one that SOAPSTONE_DATA names.
#include "soapstone/base/maximum.hpp"
#include "support.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

using namespace soapstone::features;
using namespace soapstone::soap;
using namespace soapstone::features::testing;
using nlohmann::json;

namespace {

std::filesystem::path reference_file() {
  const char* data = std::getenv("SOAPSTONE_DATA");
  return std::filesystem::path(data ? data : SOAPSTONE_DEFAULT_DATA) / ".." / "reference" /
         "golden_kernels.json";
}

std::vector<Structure> molecules_of(const json& reference) {
  std::vector<Structure> molecules;
  for (const json& entry : reference.at("molecules"))
    molecules.push_back(
        {entry.at("Z").get<std::vector<std::uint8_t>>(), entry.at("pos").get<std::vector<Vec3>>(), {}});
  return molecules;
}

SoapParameters parameters_of(const json& p) {
  SoapParameters result;
  result.n_max = p.at("nmax");
  result.l_max = p.at("lmax");
  result.cutoff = p.at("rc");
  result.cutoff_width = p.at("width");
  result.gaussian_width = p.at("sigma");
  result.central_weight = p.at("u0");
  result.scaling = {p.at("scale"), p.at("exponent"), p.at("rate")};
  return result;
}

double largest_deviation(const json& expected, int zeta, const std::vector<std::vector<double>>& features,
                         std::size_t width) {
  double largest = 0;
  for (std::size_t a = 0; a < features.size(); ++a)
    for (std::size_t b = 0; b < features.size(); ++b)
      largest =
          soapstone::max_or_nan(largest, std::abs(expected[a][b].get<double>() -
                                                  average_kernel(features[a], features[b], width, zeta)));
  return largest;
}

} // namespace

TEST(Reference, KernelsOfSixMolecules) {
  std::ifstream file(reference_file());
  if (!file)
    GTEST_SKIP() << "no " << reference_file();
  const json reference = json::parse(file);
  const std::vector<Structure> molecules = molecules_of(reference);
  const auto elements = reference.at("species").get<std::vector<int>>();
  int compared = 0;
  for (const auto& [name, setting] : reference.at("settings").items())
    for (const auto& [engine, kernels] : setting.at("K").items()) {
      if (engine.rfind("numpy:gto", 0) != 0 || !kernels.is_object())
        continue;
      SoapParameters parameters = parameters_of(setting.at("params"));
      if (const auto place = engine.find("u0="); place != std::string::npos)
        parameters.central_weight = std::stod(engine.substr(place + 3));
      const SoapCalculator calculator(parameters, elements);
      std::vector<std::vector<double>> features;
      for (const Structure& molecule : molecules)
        features.push_back(dense_features(calculator, molecule));
      for (const auto& [zeta, expected] : kernels.items()) {
        const double deviation =
            largest_deviation(expected, std::stoi(zeta.substr(4)), features,
                              static_cast<std::size_t>(calculator.layout().total_width()));
        std::printf("%-10s %-18s %s: largest deviation %.1e\n", name.c_str(), engine.c_str(), zeta.c_str(),
                    deviation);
        EXPECT_LT(deviation, 1e-10) << name << " " << engine << " " << zeta;
        ++compared;
      }
    }
  EXPECT_GE(compared, 8);
}
