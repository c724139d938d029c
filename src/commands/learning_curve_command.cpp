// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/base/text.hpp"
#include "soapstone/base/text_file.hpp"
#include "soapstone/commands/finish.hpp"
#include "soapstone/commands/plan_parts.hpp"
#include "soapstone/commands/session.hpp"
#include "soapstone/parallel/agree.hpp"
#include "soapstone/planning/learning_curve_setup.hpp"
#include "soapstone/report/error_report.hpp"
#include "soapstone/report/learning_curve_report.hpp"
#include "soapstone/workflow/kernel_specs.hpp"
#include "soapstone/workflow/kernel_stages.hpp"
#include "soapstone/workflow/load_data.hpp"
#include "soapstone/workflow/training_set.hpp"

#include <nlohmann/json.hpp>

namespace soapstone::commands {

namespace {

void run_repeat(Session& session, const formats::DataSet& all, int repeat, workflow::Curve& curve) {
  const auto& configuration = session.configuration();
  session.console().line(format("repeat %d of %d", repeat + 1, configuration.curve.repeats));
  const auto data = workflow::draw_from(session.stages(), configuration, all, curve.points.back().n_train,
                                        static_cast<std::uint64_t>(repeat));
  const auto kernels =
      workflow::kernel_specs(session.context(), configuration, data.elements, data.train.structures);
  workflow::add_repeat(session.context(), configuration, data, kernels, curve);
}

void show(const Session& session, const workflow::Curve& curve, const std::vector<std::string>& targets) {
  const auto& output = session.configuration().output;
  parallel::agree(session.comm(), [&] {
    if (!session.root())
      return;
    if (!output.output.empty())
      write_text_file(output.output, report::curve_csv(curve.points, targets));
    report::print_result(report::curve_table(curve.points, targets));
  });
}

} // namespace

int learning_curve(Session& session) {
  const auto& configuration = session.configuration();
  const auto& options = configuration.data;
  if (options.test == 0)
    throw ConfigError("a learning curve needs a test set: set data.test", "data.test");
  require_outputs(session, configuration.output.output);
  const auto all = workflow::load_data(session.stages(), options, formats::Presence::required);
  const auto sizes = planning::curve_sizes(configuration, all.size());
  auto curve = workflow::start_curve(sizes, options.targets.size());
  for (int repeat = 0; repeat < configuration.curve.repeats; ++repeat)
    run_repeat(session, all, repeat, curve);

  workflow::warn_of_left_out(session.stages(), curve);
  session.console().line(format("largest backward error %.2g", curve.backward_error) +
                         (curve.residual > 0 ? format(", relative residual %.2g", curve.residual) : ""));
  std::vector<std::string> targets;
  for (const auto& target : options.targets)
    targets.push_back(target.key);
  show(session, curve, targets);
  finish(session,
         report::Json{{"n_train", sizes.back()},
                      {"n_test", options.test},
                      {"lambda", curve.lambdas},
                      {"backward_error", curve.backward_error},
                      {"residual", curve.residual},
                      {"points", report::curve_json(curve.points, targets)}},
         {});
  return 0;
}

int plan_learning_curve(Session& session) {
  const auto& configuration = session.configuration();
  const auto all = load_planned(session, configuration);
  const auto sizes = planning::curve_sizes(configuration, all.size());
  const auto data = workflow::draw_from(session.stages(), configuration, all, sizes.back());
  const auto kernels =
      workflow::kernel_specs(session.context(), configuration, data.elements, data.train.structures);
  return plan_models(session,
                     planning::curve_problem(configuration, kernels, data.train.structures,
                                             data.test.structures, sizes.size()),
                     data, configuration.curve.repeats);
}

} // namespace soapstone::commands
