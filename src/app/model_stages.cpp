// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/model_stages.hpp"

#include "soapstone/base/maximum.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/regression/compact_model.hpp"
#include "soapstone/regression/predictor.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

namespace soapstone::app {

using regression::Model;

namespace {

/// The one place where a model is put together.
Model assemble(Model model, Solution& solution, CompactForms&& forms) {
  model.coefficients = std::move(solution.coefficients);
  model.lambda = solution.lambda;
  model.backward_error = solution.record.backward_error;
  model.residual = solution.record.residual;
  model.compact = solution.compact.empty() ? std::move(forms.model) : std::move(solution.compact);
  model.committee = std::move(solution.committee);
  model.committee.forms = std::move(forms.committee);
  return model;
}

} // namespace

Model start_model(const Machine& machine, const Configuration& configuration, const DrawnData& data,
                  std::vector<kernel::KernelSpec> kernels) {
  Model model;
  model.kernels = std::move(kernels);
  for (std::size_t t = 0; t < configuration.data.targets.size(); ++t)
    model.targets.push_back({configuration.data.targets[t].key, make_baseline(configuration, data.train, t)});
  if (model.kernels.size() == 1)
    model.kernels.front().weight = 1.0; // of one kernel alone the weight changes nothing
  model.training = data.train.structures;
  model.block = machine.block_size(static_cast<std::int64_t>(data.train.size()));
  model.regularization = configuration.regularization;
  for (const auto& key : configuration.effective)
    model.configuration[key.key] = key.value;
  return model;
}

CompactForms make_compact(Stages& stages, const kernel::KernelSum& features, const Solution& solution,
                          std::int64_t targets) {
  CompactForms forms;
  if (solution.compact.empty()) // else the solver has made and refined them
    forms.model = stages.run("compact", [&](const Progress&) {
      return regression::build_compact(features, solution.coefficients, targets);
    });
  const auto& committee = solution.committee;
  if (committee.members > 0)
    forms.committee = stages.run("compact", [&](const Progress&) {
      return regression::build_compact(features, committee.coefficients, targets * committee.members);
    });
  return forms;
}

TrainedModel train_model(const Context& context, const DrawnData& data, LazyFeatures& features,
                         const SolverPlan& plan, Model start, TrainingCheckpoint* checkpoint) {
  auto solution = solve(context, data, features, plan, start, checkpoint);
  CompactForms forms;
  if (plan.compact)
    forms = make_compact(context.stages, features.get(), solution,
                         static_cast<std::int64_t>(start.targets.size()));
  return {assemble(std::move(start), solution, std::move(forms)), std::move(solution.fitted),
          std::move(solution.record)};
}

std::vector<regression::NoveltyReference> measure_training_set(Stages& stages, const Model& model,
                                                               std::uint64_t seed) {
  return stages.run("novelty", [&](const Progress& progress) {
    return regression::fit_novelty(stages.comm(), model.kernels, model.training, seed, progress);
  });
}

regression::Prediction predict_test(Stages& stages, const DrawnData& data, LazyFeatures& features,
                                    const Model& model) {
  const auto& training = features.get();
  stages.expect(static_cast<double>(data.test.size()), "structures");
  const regression::PredictionWish wish{model.committee.members > 0, false, false};
  auto predicted = stages.run("predict", [&](const Progress& progress) {
    return model.compact.empty()
               ? regression::predict(stages.comm(), model, training, data.test.structures, wish, progress)
               : regression::predict(stages.comm(), model, data.test.structures, wish, progress);
  });
  stages.did(static_cast<double>(data.test.size()), "structures");
  return predicted;
}

std::optional<RoundingEffect> float32_effect(Stages& stages, const DrawnData& data, const Model& model) {
  const auto rounds = [](const kernel::KernelSpec& spec) {
    return spec.precision == kernel::Precision::float32;
  };
  if (std::none_of(model.kernels.begin(), model.kernels.end(), rounds) || model.compact.empty() ||
      data.test.size() == 0)
    return std::nullopt;
  const auto structures = std::span(data.test.structures).first(std::min<std::size_t>(200, data.test.size()));
  auto exact = model;
  for (auto& spec : exact.kernels)
    spec.precision = kernel::Precision::float64;
  const auto rounded = regression::predict_compact(stages.comm(), model, structures);
  const auto whole = regression::predict_compact(stages.comm(), exact, structures);
  double sum = 0, most = 0;
  for (std::size_t t = 0; t < whole.size(); ++t)
    for (std::size_t s = 0; s < structures.size(); ++s) {
      const double difference = std::abs(whole[t][s] - rounded[t][s]);
      sum += difference;
      most = max_or_nan(most, difference);
    }
  const double mean = sum / static_cast<double>(whole.size() * structures.size());
  stages.line(format("float32 features change predictions by %.2g eV per structure on average "
                     "over %zu structures, and by %.2g at most",
                     mean, structures.size(), most));
  return RoundingEffect{mean, most, structures.size()};
}

} // namespace soapstone::app
