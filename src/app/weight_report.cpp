// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/weight_report.hpp"

#include "soapstone/base/text.hpp"

#include <nlohmann/json.hpp>

namespace soapstone::app {

namespace {

Json errors_json(const EvaluateResult& result) {
  const auto& best = result.winner();
  return {{"regularization", best.regularization},
          {"lambda", best.lambda},
          {"mae", best.errors.front().mae},
          {"rmse", best.errors.front().rmse},
          {"unit", "eV"}};
}

std::string errors_text(const EvaluateResult& result) {
  const auto& best = result.winner();
  return format("MAE %.3f, RMSE %.3f meV/atom at regularization %.4g", best.errors.front().mae * 1e3,
                best.errors.front().rmse * 1e3, best.regularization);
}

} // namespace

Json weights_json(const OptimizedEvaluation& result) {
  Json list = Json::array();
  for (std::size_t k = 0; k < result.weights.size(); ++k)
    list.push_back({{"kernel", result.numbers[k]},
                    {"given", result.start[k]},
                    {"weight", result.weights[k]},
                    {"share", result.share(k)}});
  return list;
}

Json optimization_json(const OptimizedEvaluation& result) {
  Json history = Json::array();
  for (const auto& step : result.path.history)
    history.push_back({{"weights", step.weights}, {"loss", step.loss}});
  return {{"loss_before", result.path.loss_before}, {"loss", result.path.loss},
          {"before", errors_json(result.before)},   {"after", errors_json(result.after)},
          {"iterations", result.path.iterations},   {"converged", result.path.converged},
          {"reason", result.path.reason},           {"history", std::move(history)}};
}

std::string weights_table(const OptimizedEvaluation& result) {
  std::string text = "kernel   given        optimised    share of the diagonal\n";
  for (std::size_t k = 0; k < result.weights.size(); ++k)
    text += format("%-8d %-12.5g %-12.5g %8.3f %%\n", result.numbers[k], result.start[k], result.weights[k],
                   1e2 * result.share(k));
  return text + "weights given:     " + errors_text(result.before) +
         "\nweights optimised: " + errors_text(result.after) + "\n";
}

std::string weights_heading(const OptimizedEvaluation& result) {
  return format("# Weights optimised by the gradient of %lld-fold cross-validation on %zu structures: ",
                static_cast<long long>(result.after.set.folds.count()), result.after.set.data.size()) +
         errors_text(result.after) + ".\n#   soapstone train --config THIS_FILE --output model.h5\n";
}

} // namespace soapstone::app
