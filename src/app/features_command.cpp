// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/error_report.hpp"
#include "soapstone/app/feature_file.hpp"
#include "soapstone/app/load_data.hpp"
#include "soapstone/app/run_files.hpp"
#include "soapstone/app/session.hpp"
#include "soapstone/app/training_set.hpp"

#include <nlohmann/json.hpp>

namespace soapstone::app {

namespace {

/// The first kernel, with rows per environment whatever its exponent.
kernel::KernelSpec first_spec(Session& session, const structure::DataSet& data) {
  const auto elements = channels_for(session.configuration(), elements_of(data.structures));
  return kernel_specs(session, elements, data.structures).front();
}

} // namespace

int features(Session& session) {
  const auto& configuration = session.configuration();
  const std::string path = output_file(configuration);
  require_outputs(session, path);
  const auto data = load_data(session, configuration.data.source, structure::Presence::optional);
  const auto spec = first_spec(session, data);
  const auto written = write_features(session.context(), spec, data.structures, path);
  session.console().line("features written to " + path);
  finish(session,
         Json{{"output", path}, {"environments", written.environments}, {"features", written.features}}, {});
  return 0;
}

} // namespace soapstone::app
