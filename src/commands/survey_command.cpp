// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/commands/survey_command.hpp"

#include "soapstone/base/text.hpp"
#include "soapstone/commands/finish.hpp"
#include "soapstone/parallel/agree.hpp"
#include "soapstone/report/console.hpp"
#include "soapstone/report/survey_report.hpp"
#include "soapstone/watchdog/watchdog.hpp"
#include "soapstone/workflow/survey_stage.hpp"

#include <nlohmann/json.hpp>
#include <optional>

namespace soapstone::commands {

namespace {

bool is_given(const options::Configuration& configuration, const std::string& key) {
  for (const auto& given : configuration.effective)
    if (given.key == key)
      return given.source != "default";
  return false;
}

survey::TargetReading reading_of(const options::Configuration& configuration) {
  const auto& target = configuration.data.targets.front();
  survey::TargetReading reading;
  if (is_given(configuration, "data.target-unit"))
    reading.unit = target.unit;
  if (is_given(configuration, "data.target-scope"))
    reading.per_atom = target.per_atom;
  return reading;
}

} // namespace

int survey_structures(const parallel::Communicator& comm, const options::Configuration& configuration,
                      const formats::DataSource& source) {
  const watchdog::Watchdog watchdog(comm, configuration.parallel.watchdog_seconds);
  std::optional<report::Console> console;
  parallel::agree(comm, [&] {
    console.emplace(comm.rank() == 0, configuration.output.quiet, configuration.output.log_file);
  });
  workflow::Stages stages(comm, *console);
  const auto& wanted = configuration.data.targets.front().key;
  const auto reading = workflow::read_for_survey(stages, source, wanted);
  report::Json report;
  stages.run("conclude", [&](const Progress&) {
    parallel::agree(comm, [&] {
      if (comm.rank() != 0)
        return;
      const auto survey = survey::conclude(reading.collection, reading_of(configuration));
      const auto findings = workflow::find_oddities(reading.collection, survey, wanted, reading.stopped);
      report::print_result(printable(report::survey_text(reading.collection, survey, findings)));
      report = report::survey_json(reading.collection, survey, findings);
    });
  });
  auto whole = report::common_report(comm, head_of(configuration, {1, comm.size()}), stages.summarize(),
                                     console->warnings());
  parallel::agree(comm, [&] {
    if (comm.rank() == 0) {
      whole.update(report);
      report::write_report(configuration.output.report, whole);
    }
    console->expect_whole_log();
  });
  return static_cast<int>(reading.code);
}

} // namespace soapstone::commands
