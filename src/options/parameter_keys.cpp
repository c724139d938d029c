// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/options/parameter_keys.hpp"

#include "soapstone/soap/parameters.hpp"

#include <algorithm>
#include <iterator>

namespace soapstone::options {

namespace {

struct Named {
  std::string_view parameter, key;
};

/// Parameters whose keys are not "soap." and their names.
constexpr Named named[] = {{"atom_energies", "data.atom-energy"},
                           {"baseline", "data.baseline"},
                           {"channels", "species.channels"},
                           {"checkpoint_file", "--checkpoint"},
                           {"compact", "regression.compact"},
                           {"contraction", "soap.contraction"},
                           {"contraction_method", "soap.contraction-method"},
                           {"contraction_sample", "soap.contraction-sample"},
                           {"coupling", "species.coupling"},
                           {"electronegativities", "species.electronegativity"},
                           {"elements", "species.elements"},
                           {"extrapolation", "predict.extrapolation"},
                           {"folds", "validation.folds"},
                           {"form", "species.form"},
                           {"grid", "parallel.grid"},
                           {"groups", "search.groups"},
                           {"iterations", "optimize.iterations"},
                           {"max_iterations", "regression.max-iterations"},
                           {"normalize_coupling", "species.normalize"},
                           {"parameters", "optimize.parameters"},
                           {"patience", "parallel.watchdog"},
                           {"precision", "soap.precision"},
                           {"preconditioner_columns", "regression.preconditioner-columns"},
                           {"radial_exponent", "radial-scaling.exponent"},
                           {"radial_rate", "radial-scaling.rate"},
                           {"radial_scale", "radial-scaling.scale"},
                           {"radii", "species.radius"},
                           {"regularization", "regression.regularization"},
                           {"sigma_electronegativity", "species.sigma-electronegativity"},
                           {"sigma_radius", "species.sigma-radius"},
                           {"sizes", "learning-curve.sizes"},
                           {"skip_unknown", "--skip-unknown"},
                           {"solver", "regression.solver"},
                           {"structures", "data.structures"},
                           {"target", "data.target"},
                           {"target_scope", "data.target-scope"},
                           {"target_unit", "data.target-unit"},
                           {"test", "data.test"},
                           {"tolerance", "regression.tolerance"},
                           {"train", "data.train"},
                           {"uncertainty", "regression.uncertainty"},
                           {"weight", "kernel.N.weight"},
                           {"zeta", "kernel.zeta"}};

bool is_of_soap(std::string_view parameter) {
  bool found = false;
  const soap::SoapParameters any;
  soap::for_each_field(
      [&](const soap::Field& field, const auto&) { found = found || field.name == parameter; }, any);
  return found;
}

} // namespace

std::string key_of(std::string_view parameter) {
  const auto* found = std::find_if(std::begin(named), std::end(named),
                                   [&](const Named& one) { return one.parameter == parameter; });
  if (found != std::end(named))
    return std::string(found->key);
  if (!is_of_soap(parameter))
    return "";
  std::string key = "soap." + std::string(parameter);
  std::replace(key.begin(), key.end(), '_', '-');
  return key;
}

std::string key_of(std::string_view parameter, int kernel) {
  auto key = key_of(parameter);
  constexpr std::string_view any = "kernel.N.";
  return key.starts_with(any) ? "kernel." + std::to_string(kernel) + "." + key.substr(any.size()) : key;
}

std::string with_keys(std::string_view text) {
  std::string replaced;
  for (auto open = text.find('`'); open != std::string_view::npos; open = text.find('`')) {
    const auto close = text.find('`', open + 1);
    const auto key = close == std::string_view::npos ? "" : key_of(text.substr(open + 1, close - open - 1));
    replaced += std::string(text.substr(0, open)) + (key.empty() ? "`" : key);
    text.remove_prefix(key.empty() ? open + 1 : close + 1);
  }
  return replaced.append(text);
}

} // namespace soapstone::options
