// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/search/hyperparameter.hpp"

#include "soapstone/base/error.hpp"
#include "soapstone/base/text.hpp"

#include <array>
#include <utility>
#include <vector>

namespace soapstone::search {

namespace {

constexpr std::array<std::pair<Hyperparameter, const char*>, 8> names{
    {{Hyperparameter::coupling, "u"},
     {Hyperparameter::scale, "scale"},
     {Hyperparameter::exponent, "exponent"},
     {Hyperparameter::rate, "rate"},
     {Hyperparameter::central_weight, "central-weight"},
     {Hyperparameter::width, "sigma"},
     {Hyperparameter::weights, "weights"},
     {Hyperparameter::regularization, "regularization"}}};

} // namespace

Hyperparameter hyperparameter_named(const std::string& name) {
  std::vector<std::string> known;
  for (const auto& [parameter, text] : names) {
    if (name == text)
      return parameter;
    known.emplace_back(text);
  }
  const auto nearest = nearest_name(name, known);
  throw ConfigError(
      "`parameters`: '" + name +
          "' is not one of u, scale, exponent, rate, central-weight, sigma, weights, regularization" +
          (nearest.empty() ? "" : ": did you mean '" + nearest + "'?"),
      "parameters");
}

std::string to_string(Hyperparameter parameter) {
  for (const auto& [known, text] : names)
    if (known == parameter)
      return text;
  return {};
}

} // namespace soapstone::search
