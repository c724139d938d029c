// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/configuration.hpp"

#include "soapstone/app/about.hpp"
#include "soapstone/app/command_line.hpp"
#include "soapstone/app/completion.hpp"
#include "soapstone/app/configuration_builder.hpp"
#include "soapstone/app/help.hpp"
#include "soapstone/app/ini.hpp"
#include "soapstone/app/man_page.hpp"

namespace soapstone::app {

namespace {

std::vector<Assignment> file_assignments(const std::vector<Assignment>& line, FileText read_text) {
  for (const auto& given : line)
    if (given.key == "config" && !given.value.empty())
      return parse_ini(read_text(given.value), given.value);
  return {};
}

Configuration configuration(const CommandLine& line, FileText read_text) {
  // The line is checked before the file is read: a misspelt --config must not be reported as a missing file.
  Settings settings(line.command);
  settings.add(line.assignments, Settings::Layer::command_line);
  Settings layered(line.command);
  layered.add(file_assignments(line.assignments, read_text), Settings::Layer::file);
  layered.add(line.assignments, Settings::Layer::command_line);
  return build_configuration(layered);
}

} // namespace

Invocation parse_invocation(const std::vector<std::string>& arguments, FileText read_text) {
  const CommandLine line = parse_command_line(arguments);
  switch (line.kind) {
  case CommandLine::Kind::help:
    return {Invocation::Kind::help, line.command.empty() ? program_help() : command_help(line.command), {}};
  case CommandLine::Kind::version:
    return {Invocation::Kind::version, version_text(), {}};
  case CommandLine::Kind::cite:
    return {Invocation::Kind::cite, cite_text(), {}};
  case CommandLine::Kind::completion:
    return {Invocation::Kind::document, completion_script(line.shell), {}};
  case CommandLine::Kind::man:
    return {Invocation::Kind::document, man_page(), {}};
  case CommandLine::Kind::run:
    break;
  }
  return {Invocation::Kind::run, {}, configuration(line, read_text)};
}

Configuration with_values(const Configuration& base, const std::vector<Assignment>& changes) {
  Settings settings{std::string(name_of(base.command))};
  settings.add(base.effective, Settings::Layer::again);
  settings.add(changes, Settings::Layer::again);
  return build_configuration(settings);
}

} // namespace soapstone::app
