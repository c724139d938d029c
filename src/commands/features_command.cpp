// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/cli/run_files.hpp"
#include "soapstone/commands/finish.hpp"
#include "soapstone/commands/plan_parts.hpp"
#include "soapstone/commands/session.hpp"
#include "soapstone/planning/command_needs.hpp"
#include "soapstone/workflow/feature_file.hpp"
#include "soapstone/workflow/kernel_specs.hpp"
#include "soapstone/workflow/load_data.hpp"

#include <nlohmann/json.hpp>

namespace soapstone::commands {

int features(Session& session) {
  const auto& configuration = session.configuration();
  const std::string path = cli::output_file(configuration);
  require_outputs(session, path);
  const auto data = workflow::load_data(session.stages(), configuration.data, formats::Presence::optional);
  const auto spec = workflow::environment_spec(session.context(), configuration, data.structures);
  const auto written = workflow::write_features(session.context(), spec, data.structures, path);
  session.console().line("features written to " + path);
  finish(
      session,
      report::Json{{"output", path}, {"environments", written.environments}, {"features", written.features}},
      {});
  return 0;
}

int plan_features(Session& session) {
  const auto& configuration = session.configuration();
  const auto data = workflow::load_data(session.stages(), configuration.data, formats::Presence::optional);
  const auto spec = workflow::environment_spec(session.context(), configuration, data.structures);
  return plan_features_and_pairs(session, {spec}, data.structures, environments_of(data.structures), 0,
                                 planning::features_command_need(spec, data.structures));
}

} // namespace soapstone::commands
