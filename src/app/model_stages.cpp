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

Model start_model(const Session& session, const DrawnData& data, std::vector<kernel::KernelSpec> kernels) {
  const auto& configuration = session.configuration();
  Model model;
  model.kernels = std::move(kernels);
  for (std::size_t t = 0; t < configuration.data.targets.size(); ++t)
    model.targets.push_back({configuration.data.targets[t].key, make_baseline(configuration, data.train, t)});
  if (model.kernels.size() == 1)
    model.kernels.front().weight = 1.0; // of one kernel alone the weight changes nothing
  model.training = data.train.structures;
  model.block = session.machine().block_size(static_cast<std::int64_t>(data.train.size()));
  model.regularization = configuration.regularization;
  for (const auto& key : configuration.effective)
    model.configuration[key.key] = key.value;
  return model;
}

void make_compact(Session& session, const kernel::KernelSum& features, Model& model) {
  const auto targets = static_cast<std::int64_t>(model.targets.size());
  if (model.compact.empty()) // the primal solver finds the form itself
    model.compact = session.stages().run("compact", [&](const Progress&) {
      return regression::build_compact(features, model.coefficients, targets);
    });
  if (model.committee.members > 0)
    model.committee.forms = session.stages().run("compact", [&](const Progress&) {
      return regression::build_compact(features, model.committee.coefficients,
                                       targets * model.committee.members);
    });
}

void measure_training_set(Session& session, Model& model) {
  model.novelty = session.stages().run("novelty", [&](const Progress& progress) {
    return regression::fit_novelty(session.comm(), model.kernels, model.training,
                                   session.configuration().data.seed, progress);
  });
}

regression::Prediction predict_test(Session& session, const DrawnData& data,
                                    const kernel::KernelSum& features, const Model& model) {
  session.stages().expect(static_cast<double>(data.test.size()), "structures");
  const regression::PredictionWish wish{model.committee.members > 0, false, false};
  auto predicted = session.stages().run("predict", [&](const Progress& progress) {
    return model.compact.empty()
               ? regression::predict(session.comm(), model, features, data.test.structures, wish, progress)
               : regression::predict(session.comm(), model, data.test.structures, wish, progress);
  });
  session.stages().did(static_cast<double>(data.test.size()), "structures");
  return predicted;
}

Json float32_effect(Session& session, const DrawnData& data, const Model& model) {
  const auto rounds = [](const kernel::KernelSpec& spec) {
    return spec.precision == kernel::Precision::float32;
  };
  if (std::none_of(model.kernels.begin(), model.kernels.end(), rounds) || model.compact.empty() ||
      data.test.size() == 0)
    return nullptr;
  const auto structures = std::span(data.test.structures).first(std::min<std::size_t>(200, data.test.size()));
  auto exact = model;
  for (auto& spec : exact.kernels)
    spec.precision = kernel::Precision::float64;
  const auto rounded = regression::predict_compact(session.comm(), model, structures);
  const auto whole = regression::predict_compact(session.comm(), exact, structures);
  double sum = 0, most = 0;
  for (std::size_t t = 0; t < whole.size(); ++t)
    for (std::size_t s = 0; s < structures.size(); ++s) {
      const double difference = std::abs(whole[t][s] - rounded[t][s]);
      sum += difference;
      most = max_or_nan(most, difference);
    }
  const double mean = sum / static_cast<double>(whole.size() * structures.size());
  session.console().line(format("float32 features change predictions by %.2g eV per structure on average "
                                "over %zu structures, and by %.2g at most",
                                mean, structures.size(), most));
  return {{"mean_ev", mean}, {"max_ev", most}, {"structures", structures.size()}};
}

} // namespace soapstone::app
