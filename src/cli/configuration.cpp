// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/cli/configuration.hpp"

#include "soapstone/cli/command_line.hpp"
#include "soapstone/cli/completion.hpp"
#include "soapstone/cli/configuration_builder.hpp"
#include "soapstone/cli/help.hpp"
#include "soapstone/cli/ini.hpp"
#include "soapstone/cli/man_page.hpp"
#include "soapstone/options/about.hpp"

namespace soapstone::cli {

namespace {

std::vector<options::Assignment> file_assignments(const std::vector<options::Assignment>& line,
                                                  FileText read_text) {
  for (const auto& given : line)
    if (given.key == "config" && !given.value.empty())
      return parse_ini(read_text(given.value), given.value);
  return {};
}

options::Configuration configuration(const CommandLine& line, FileText read_text) {
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
    return {Invocation::Kind::version, options::version_text(), {}};
  case CommandLine::Kind::cite:
    return {Invocation::Kind::cite, options::cite_text(), {}};
  case CommandLine::Kind::completion:
    return {Invocation::Kind::document, completion_script(line.shell), {}};
  case CommandLine::Kind::man:
    return {Invocation::Kind::document, man_page(), {}};
  case CommandLine::Kind::run:
    break;
  }
  return {Invocation::Kind::run, {}, configuration(line, read_text)};
}

options::Configuration with_values(const options::Configuration& base,
                                   const std::vector<options::Assignment>& changes) {
  Settings settings{std::string(options::name_of(base.command))};
  settings.add(base.effective, Settings::Layer::again);
  settings.add(changes, Settings::Layer::again);
  return build_configuration(settings);
}

} // namespace soapstone::cli
