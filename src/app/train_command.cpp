// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/error_report.hpp"
#include "soapstone/app/kernel_stages.hpp"
#include "soapstone/app/load_data.hpp"
#include "soapstone/app/memory_check.hpp"
#include "soapstone/app/report.hpp"
#include "soapstone/app/session.hpp"
#include "soapstone/app/training_set.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/parallel/agree.hpp"
#include "soapstone/regression/krr.hpp"
#include "soapstone/regression/predictor.hpp"

#include <cmath>

namespace soapstone::app {

using regression::Model;

namespace {

/// The model before its coefficients are known.
Model start_model(const Session& session, const DrawnData& data, std::int64_t block) {
  const auto& configuration = session.configuration();
  Model model;
  model.kernels = kernel_specs(configuration, data.elements);
  for (std::size_t t = 0; t < configuration.data.targets.size(); ++t)
    model.targets.push_back({configuration.data.targets[t].key, make_baseline(configuration, data.train, t)});
  model.training = data.train.structures;
  model.block = block;
  model.regularization = configuration.regularization;
  for (const auto& key : configuration.effective)
    model.configuration[key.key] = key.value;
  return model;
}

/// Factorises and solves; fills in the model's coefficients and returns the fitted values.
regression::Fit fit(Session& session, const DrawnData& data, linalg::DistributedMatrix matrix, Model& model) {
  const auto n = static_cast<double>(model.training.size());
  const auto k = static_cast<std::int64_t>(model.targets.size());
  regression::KernelRidge ridge(std::move(matrix), model.regularization,
                                [&](std::int64_t i) { return place_of(data.train, i); });
  session.timer().run("cholesky", [&](const Progress&) { ridge.factorize(); });
  session.timer().did(0, "", n * n * n / 3);
  const auto targets = regression::subtract_baselines(model, model.training, data.train.targets);
  auto result = session.timer().run("solve", [&](const Progress&) { return ridge.solve(targets, k); });
  model.coefficients = result.coefficients;
  model.lambda = ridge.lambda();
  model.backward_error = result.backward_error;
  session.console().line(
      format("regularization %.3g of the mean diagonal %.6g; backward error of the solve %.2g",
             model.regularization, ridge.mean_diagonal(), model.backward_error));
  return result;
}

std::vector<std::vector<double>> predict_test(Session& session, const DrawnData& data,
                                              const kernel::KernelSum& features, const Model& model) {
  auto predicted = session.timer().run("predict", [&](const Progress& progress) {
    return regression::predict_energies(model, features, data.test.structures, progress);
  });
  session.timer().did(static_cast<double>(data.test.size()), "structures");
  return predicted;
}

void write(Session& session, const Model& model, const std::string& path) {
  session.timer().run("write", [&](const Progress&) {
    parallel::agree(session.comm(), [&] {
      if (session.root())
        regression::write_model(path, model);
    });
  });
  session.console().line("model written to " + path);
}

} // namespace

int train(Session& session) {
  const auto& configuration = session.configuration();
  const std::string path = configuration.output.output.empty() ? "model.h5" : configuration.output.output;
  require_outputs(session, path);

  const auto data = draw_data(session);
  auto model = start_model(session, data, session.block_size(static_cast<std::int64_t>(data.train.size())));
  const auto row_memory = require_memory(session, kernel_memory(session, model.kernels, data.train.structures,
                                                                data.train.structures, model.block));
  auto features = run_features(session, model.kernels, model.training, model.block);
  const auto result = fit(session, data, run_assembly(session, features, row_memory), model);

  ErrorReport errors(configuration, "train", data.train.structures, data.train.targets,
                     regression::add_baselines(model, data.train.structures, result.fitted));
  std::vector<ErrorReport> reports{errors};
  if (data.test.size() > 0)
    reports.emplace_back(configuration, "test", data.test.structures, data.test.targets,
                         predict_test(session, data, features, model));
  model.provenance = provenance(session, reports);
  write(session, model, path);

  Json report{{"n_train", data.train.size()},           {"n_test", data.test.size()},
              {"n_test_skipped", data.test_skipped},    {"lambda", model.lambda},
              {"backward_error", model.backward_error}, {"model", path}};
  finish(session, report, reports);
  return 0;
}

} // namespace soapstone::app
