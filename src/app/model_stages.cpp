// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/model_stages.hpp"

#include "soapstone/regression/compact_model.hpp"
#include "soapstone/regression/predictor.hpp"

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
  model.block = session.block_size(static_cast<std::int64_t>(data.train.size()));
  model.regularization = configuration.regularization;
  for (const auto& key : configuration.effective)
    model.configuration[key.key] = key.value;
  return model;
}

void make_compact(Session& session, const kernel::KernelSum& features, Model& model) {
  const auto targets = static_cast<std::int64_t>(model.targets.size());
  model.compact = session.timer().run("compact", [&](const Progress&) {
    return regression::build_compact(features, model.coefficients, targets);
  });
}

std::vector<std::vector<double>> predict_test(Session& session, const DrawnData& data,
                                              const kernel::KernelSum& features, const Model& model) {
  auto predicted = session.timer().run("predict", [&](const Progress& progress) {
    return model.compact.empty()
               ? regression::predict_energies(model, features, data.test.structures, progress)
               : regression::predict_compact(session.comm(), model, data.test.structures, progress);
  });
  session.timer().did(static_cast<double>(data.test.size()), "structures");
  return predicted;
}

} // namespace soapstone::app
