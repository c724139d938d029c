// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/base/text_file.hpp"
#include "soapstone/cli/configuration.hpp"
#include "soapstone/cli/model_ini.hpp"
#include "soapstone/commands/finish.hpp"
#include "soapstone/commands/plan_parts.hpp"
#include "soapstone/commands/session.hpp"
#include "soapstone/options/output_names.hpp"
#include "soapstone/parallel/agree.hpp"
#include "soapstone/report/error_report.hpp"
#include "soapstone/report/evaluation_report.hpp"
#include "soapstone/report/predictions.hpp"
#include "soapstone/report/training_report.hpp"
#include "soapstone/report/weight_report.hpp"
#include "soapstone/workflow/contraction_stage.hpp"
#include "soapstone/workflow/evaluation.hpp"
#include "soapstone/workflow/load_data.hpp"
#include "soapstone/workflow/weight_optimization.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>

namespace soapstone::commands {

namespace {

std::vector<std::string> target_names(const options::Configuration& configuration) {
  std::vector<std::string> names;
  for (const auto& target : configuration.data.targets)
    names.push_back(target.key);
  return names;
}

/// Returns them in the order of the input.
workflow::Predictions held_out_predictions(const workflow::EvaluateResult& result,
                                           const std::vector<std::string>& targets) {
  const auto& positions = result.set.positions;
  std::vector<std::size_t> order(positions.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto& left_out = result.set.left_out.flags;
  std::erase_if(order, [&](std::size_t i) { return !left_out.empty() && left_out[i] != 0; });
  std::sort(order.begin(), order.end(), [&](auto a, auto b) { return positions[a] < positions[b]; });
  std::vector<std::int64_t> fold_of(positions.size());
  const auto& folds = result.set.folds;
  for (std::int64_t fold = 0; fold < folds.count(); ++fold)
    std::fill(fold_of.begin() + folds.begin(fold), fold_of.begin() + folds.end(fold), fold);
  workflow::Predictions predictions{targets, {}, std::vector<std::vector<double>>(targets.size()), {}};
  for (const auto i : order) {
    predictions.positions.push_back(positions[i]);
    predictions.folds.push_back(fold_of[i]);
    for (std::size_t t = 0; t < targets.size(); ++t)
      predictions.energies[t].push_back(result.predictions[t][i]);
  }
  return predictions;
}

void show(const Session& session, const workflow::EvaluateResult& result, const formats::DataSet& all,
          const std::vector<std::string>& targets) {
  const auto& path = session.configuration().output.output;
  parallel::agree(session.comm(), [&] {
    if (!session.root())
      return;
    if (!path.empty())
      write_text_file(path, report::predictions_csv(held_out_predictions(result, targets), all));
    if (result.scanned.size() > 1)
      report::print_result(report::regularization_table(result, targets));
  });
}

/// Returns what the optimisation of weights adds to the report, after it is shown and written as a file.
report::Json show_weights(const Session& session, const workflow::OptimizedEvaluation& optimized) {
  const auto& configuration = session.configuration();
  parallel::agree(session.comm(), [&] {
    if (!session.root())
      return;
    write_text_file(options::weights_ini_file(configuration.output.output),
                    cli::model_ini(report::weights_heading(optimized), optimized.configuration.effective));
    report::print_result(report::weights_table(optimized));
  });
  return {{"weights", report::weights_json(optimized)},
          {"optimization", report::optimization_json(optimized)}};
}

void report(Session& session, const workflow::EvaluateResult& result, const std::vector<std::string>& targets,
            const report::Json& more) {
  const report::ErrorReport errors(session.configuration().data.targets, "cv", result.set.data.structures,
                                   result.set.references(), result.predictions);
  report::Json results{
      {"n_train", result.set.data.size()},
      {"n_test", 0},
      {"n_left_out", static_cast<std::int64_t>(result.set.data.size()) - result.set.counted()},
      {"n_folds", result.set.folds.count()},
      {"lambda", result.winner().lambda},
      {"backward_error", result.winner().backward_error},
      {"contractions", report::contraction_json(result.kernels)},
      {"cv", report::cv_details(result, targets)},
      {"regularization", report::regularization_json(result, targets)}};
  results.update(more);
  finish(session, results, {errors});
}

} // namespace

int evaluate(Session& session) {
  const auto& configuration = session.configuration();
  require_outputs(session, configuration.output.output);
  const auto all = workflow::load_data(session.stages(), configuration.data, formats::Presence::required);
  const auto targets = target_names(configuration);
  if (!configuration.validation.optimize_weights) {
    const auto result = workflow::evaluate_set(session.context(), all, configuration);
    workflow::describe_result(session.stages().log(), result);
    show(session, result, all, targets);
    report(session, result, targets, report::Json::object());
    return 0;
  }
  const auto optimized =
      workflow::optimize_evaluation(session.context(), all, configuration, cli::with_values);
  show(session, optimized.after, all, targets);
  report(session, optimized.after, targets, show_weights(session, optimized));
  session.console().line("configuration with these weights written to " +
                         options::weights_ini_file(configuration.output.output));
  return 0;
}

int plan_evaluate(Session& session) {
  return plan_evaluations(session, load_planned(session, session.configuration()), nullptr);
}

} // namespace soapstone::commands
