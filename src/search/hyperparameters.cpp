// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/search/hyperparameters.hpp"

#include "soapstone/base/check.hpp"
#include "soapstone/base/error.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/search/fold.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <memory>
#include <utility>

namespace soapstone::search {

using features::SoapDerivatives;
using kernel::KernelSpec;

namespace {

Range positive(const KernelSpec&) {
  return {0, std::numeric_limits<double>::infinity()};
}
Range to_a_step(const KernelSpec&) {
  return {0, soap::steepest_exponent};
}
Range of_width(const KernelSpec& spec) {
  return {soap::finest_width_ratio * spec.soap.cutoff, soap::coarsest_width_ratio * spec.soap.cutoff};
}

/// A positive parameter of each kernel's features, its derivative, its key, and what it may be.
struct Positive {
  Hyperparameter name;
  double& (*value)(KernelSpec& spec);
  double (*derivative)(const SoapDerivatives& derivatives);
  const char* parameter;
  Range (*range)(const KernelSpec& spec);

  static constexpr double rounding = 1e-14; // of their exponentials
  Range logarithms(const KernelSpec& spec) const {
    const auto [least, most] = range(spec);
    return {std::log(least) + rounding, std::log(most) - rounding};
  }
  double pack(KernelSpec& spec) const { return unfold(std::log(value(spec)), logarithms(spec)); }
  void unpack(double x, KernelSpec& spec) const { value(spec) = std::exp(fold(x, logarithms(spec)).value); }
  /// d parameter / dx
  double slope(double x, KernelSpec& spec) const { return value(spec) * fold(x, logarithms(spec)).slope; }
};

constexpr std::array<Positive, 5> positives{
    {{Hyperparameter::scale, [](KernelSpec& spec) -> double& { return spec.soap.scaling.scale; },
      [](const SoapDerivatives& d) { return d.scale; }, "radial_scale", positive},
     {Hyperparameter::exponent, [](KernelSpec& spec) -> double& { return spec.soap.scaling.exponent; },
      [](const SoapDerivatives& d) { return d.exponent; }, "radial_exponent", to_a_step},
     {Hyperparameter::rate, [](KernelSpec& spec) -> double& { return spec.soap.scaling.rate; },
      [](const SoapDerivatives& d) { return d.rate; }, "radial_rate", positive},
     {Hyperparameter::central_weight, [](KernelSpec& spec) -> double& { return spec.soap.central_weight; },
      [](const SoapDerivatives& d) { return d.central_weight; }, "central_weight", positive},
     {Hyperparameter::width, [](KernelSpec& spec) -> double& { return spec.soap.gaussian_width; },
      [](const SoapDerivatives& d) { return d.gaussian_width; }, "gaussian_width", of_width}}};

void require_positive(double value, Hyperparameter name, const char* parameter) {
  if (!(value > 0))
    throw ConfigError(format("`parameters` = %s: `%s` is optimised on a logarithmic scale and must start "
                             "above 0",
                             to_string(name).c_str(), parameter),
                      parameter);
}

void require_optimizable(const KernelSpec& spec, const std::set<Hyperparameter>& chosen) {
  if (chosen.contains(Hyperparameter::coupling) && !spec.coupling)
    throw ConfigError("`parameters` = u: every kernel needs a species coupling to start from", "coupling");
  auto copy = spec;
  for (const auto& positive : positives)
    if (chosen.contains(positive.name))
      require_positive(positive.value(copy), positive.name, positive.parameter);
  // Without radial scaling neither r0 nor c does anything.
  if (chosen.contains(Hyperparameter::scale) || chosen.contains(Hyperparameter::rate))
    require_positive(spec.soap.scaling.exponent, Hyperparameter::scale, "radial_exponent");
}

} // namespace

Variables::Variables(const Hyperparameters& start, std::set<Hyperparameter> chosen)
    : start_(start), chosen_(std::move(chosen)) {
  if (chosen_.empty())
    throw ConfigError("`parameters` is empty: expected at least one parameter", "parameters");
  for (const auto& spec : start_.kernels)
    require_optimizable(spec, chosen_);
  if (has(Hyperparameter::weights) && start_.kernels.size() < 2)
    throw ConfigError("`parameters` = weights: there is only one kernel, whose weight has no effect",
                      "parameters");
  if (has(Hyperparameter::weights))
    for (const auto& spec : start_.kernels)
      require_positive(spec.weight, Hyperparameter::weights, "weight");
  if (has(Hyperparameter::regularization))
    require_positive(start_.regularization, Hyperparameter::regularization, "regularization");
}

features::WantedDerivatives Variables::wanted() const {
  return {has(Hyperparameter::coupling),
          has(Hyperparameter::scale) || has(Hyperparameter::exponent) || has(Hyperparameter::rate) ||
              has(Hyperparameter::central_weight),
          has(Hyperparameter::width)};
}

std::vector<std::pair<std::string, double>> Variables::numbers(KernelSpec spec) const {
  std::vector<std::pair<std::string, double>> found;
  for (const auto& positive : positives)
    if (has(positive.name))
      found.emplace_back(positive.parameter, positive.value(spec));
  return found;
}

std::vector<double> Variables::pack(const Hyperparameters& values) const {
  std::vector<double> x;
  for (auto spec : values.kernels) {
    if (has(Hyperparameter::coupling))
      x.insert(x.end(), spec.coupling->u.begin(), spec.coupling->u.end());
    for (const auto& positive : positives)
      if (has(positive.name))
        x.push_back(positive.pack(spec));
  }
  if (has(Hyperparameter::weights))
    for (const auto& spec : values.kernels)
      x.push_back(std::log(spec.weight));
  if (has(Hyperparameter::regularization))
    x.push_back(std::log(values.regularization));
  return x;
}

Hyperparameters Variables::unpack(const std::vector<double>& x) const {
  auto values = start_;
  std::size_t at = 0;
  for (auto& spec : values.kernels) {
    if (has(Hyperparameter::coupling)) {
      auto coupling = *spec.coupling;
      for (double& u : coupling.u)
        u = x.at(at++);
      spec.coupling = std::make_shared<const soap::SpeciesCoupling>(std::move(coupling));
    }
    for (const auto& positive : positives)
      if (has(positive.name))
        positive.unpack(x.at(at++), spec);
  }
  if (has(Hyperparameter::weights))
    for (auto& spec : values.kernels)
      spec.weight = std::exp(x.at(at++));
  if (has(Hyperparameter::regularization))
    values.regularization = std::exp(x.at(at++));
  expects(at == x.size(), "as many numbers as variables");
  return values;
}

std::vector<double> Variables::chain(const std::vector<double>& x,
                                     const HyperparameterDerivatives& derivatives) const {
  const auto at = unpack(x);
  std::vector<double> gradient;
  for (std::size_t k = 0; k < at.kernels.size(); ++k) {
    auto spec = at.kernels[k];
    const auto& found = derivatives.soap[k];
    if (has(Hyperparameter::coupling))
      gradient.insert(gradient.end(), found.u.begin(), found.u.end());
    for (const auto& positive : positives)
      if (has(positive.name))
        gradient.push_back(positive.slope(x[gradient.size()], spec) * positive.derivative(found));
  }
  if (has(Hyperparameter::weights))
    for (std::size_t k = 0; k < at.kernels.size(); ++k)
      gradient.push_back(at.kernels[k].weight * derivatives.weights[k]);
  if (has(Hyperparameter::regularization))
    gradient.push_back(at.regularization * derivatives.regularization);
  return gradient;
}

} // namespace soapstone::search
