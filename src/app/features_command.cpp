// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/feature_file.hpp"
#include "soapstone/app/finish.hpp"
#include "soapstone/app/load_data.hpp"
#include "soapstone/app/run_files.hpp"
#include "soapstone/app/session.hpp"
#include "soapstone/app/training_set.hpp"

#include <nlohmann/json.hpp>

namespace soapstone::app {

int features(Session& session) {
  const auto& configuration = session.configuration();
  const std::string path = output_file(configuration);
  require_outputs(session, path);
  const auto data = load_data(session.stages(), configuration.data, structure::Presence::optional);
  const auto spec = environment_spec(session.context(), configuration, data.structures);
  const auto written = write_features(session.context(), spec, data.structures, path);
  session.console().line("features written to " + path);
  finish(session,
         Json{{"output", path}, {"environments", written.environments}, {"features", written.features}}, {});
  return 0;
}

} // namespace soapstone::app
