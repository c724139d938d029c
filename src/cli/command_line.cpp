// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/cli/command_line.hpp"

#include "soapstone/cli/option_table.hpp"

#include <boost/program_options.hpp>

#include <algorithm>

namespace soapstone::cli {

namespace po = boost::program_options;

namespace {

constexpr const char* here = options::command_line_source;

bool asks_for(const std::vector<std::string>& arguments, std::initializer_list<std::string_view> names) {
  const auto end = std::find(arguments.begin(), arguments.end(), "--");
  return std::find_first_of(arguments.begin(), end, names.begin(), names.end()) != end;
}

/// Boost's view of the option table. Values stay texts here: they are checked where files' values are.
po::options_description described_options() {
  po::options_description options;
  for (const Option& option : option_table()) {
    options.add_options()(std::string(option.name).c_str(), po::value<std::string>());
  }
  options.add_options()("kernel.*", po::value<std::string>());
  return options;
}

std::string without_dashes(const std::string& name) {
  return name.substr(std::min(name.find_first_not_of('-'), name.size()));
}

[[noreturn]] void lacks_value(const std::string& key) {
  throw ConfigError(key + ": expected a value after --" + key, key, here);
}

/// Boost takes whatever follows a key for its value, even the next key, and even after a flag: so flags get
/// their value here, and a key without one is found here. (A value that does start with two dashes is written
/// --key=value.)
std::vector<std::string> with_values_settled(const std::vector<std::string>& tokens) {
  std::vector<std::string> settled;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    settled.push_back(tokens[i]);
    if (tokens[i] == "--") { // only words follow
      settled.insert(settled.end(), tokens.begin() + static_cast<std::ptrdiff_t>(i) + 1, tokens.end());
      break;
    }
    const auto match = tokens[i].starts_with("--") ? match_key(tokens[i].substr(2)) : std::nullopt;
    if (!match)
      continue;
    if (match->option->kind == ValueKind::flag) {
      settled.back() += "=true";
      continue;
    }
    if (++i == tokens.size() || tokens[i].starts_with("--"))
      lacks_value(tokens[i - 1].substr(2));
    settled.push_back(tokens[i]);
  }
  return settled;
}

std::vector<po::option> parse_tokens(const std::vector<std::string>& tokens,
                                     const po::options_description& options) {
  using namespace po::command_line_style;
  try {
    return po::command_line_parser(tokens)
        .options(options)
        .style(allow_long | long_allow_adjacent | long_allow_next)
        .allow_unregistered()
        .run()
        .options;
  } catch (const po::error_with_option_name& error) {
    lacks_value(without_dashes(error.get_option_name()));
  } catch (const po::error& error) {
    throw ConfigError(error.what(), {}, here);
  }
}

options::Assignment positional(const std::string& word, CommandSet set) {
  if (set == sets::inspect)
    return {"file", word, here};
  throw ConfigError("unexpected argument '" + word +
                        "' (options are written as --section.key value; to give several values, repeat the "
                        "key: --data.structures a.xyz --data.structures b.xyz)",
                    word, here);
}

options::Assignment assignment(const po::option& option, CommandSet set) {
  const auto& token = option.original_tokens.front();
  if (option.unregistered ||
      (token.size() > 1 && token[0] == '-' && token[1] != '-' && option.string_key.empty()))
    throw unknown_key(without_dashes(token.substr(0, token.find('='))), here, set);
  if (option.string_key.empty())
    return positional(token, set);
  return {option.string_key, option.value.front(), here};
}

bool is_document(const std::string& word) {
  return word == "completion" || word == "man";
}

/// `completion SHELL` or `man`: what a package puts beside the program.
void read_document(const std::vector<std::string>& arguments, CommandLine& line) {
  const bool man = arguments.front() == "man";
  const std::size_t words = man ? 1 : 2;
  if (arguments.size() > words)
    throw ConfigError("unexpected argument '" + arguments[words] + "' after " + arguments[words - 1],
                      arguments[words], here);
  line.kind = man ? CommandLine::Kind::man : CommandLine::Kind::completion;
  line.shell = arguments.size() == 2 ? arguments[1] : "";
}

} // namespace

CommandLine parse_command_line(const std::vector<std::string>& arguments) {
  using Kind = CommandLine::Kind;
  std::vector<std::string> rest = arguments;
  const bool help_first = !rest.empty() && rest.front() == "help";
  if (help_first)
    rest.erase(rest.begin());
  CommandLine line;
  if (help_first || asks_for(rest, {"--help", "-h"}))
    line.kind = Kind::help;
  else if (asks_for(rest, {"--version"}))
    line.kind = Kind::version;
  else if (asks_for(rest, {"--cite"}))
    line.kind = Kind::cite;
  if (!rest.empty() && is_document(rest.front())) {
    if (line.kind == Kind::run)
      read_document(rest, line);
    return line;
  }
  if (!rest.empty() && !rest.front().starts_with('-')) {
    command_named(rest.front());
    line.command = rest.front();
  }
  if (line.kind != Kind::run)
    return line;
  if (line.command.empty())
    throw ConfigError("expected a command as the first argument: " + command_names(sets::all) +
                          " (see soapstone --help)",
                      {}, here);
  const CommandSet set = only(command_named(line.command));
  rest.erase(rest.begin());
  const auto options = described_options();
  for (const auto& option : parse_tokens(with_values_settled(rest), options))
    line.assignments.push_back(assignment(option, set));
  return line;
}

} // namespace soapstone::cli
