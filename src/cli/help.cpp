// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/cli/help.hpp"

#include "soapstone/base/text.hpp"
#include "soapstone/cli/option_table.hpp"

#include <algorithm>

namespace soapstone::cli {

namespace {

constexpr std::size_t meaning_column = 38, line_width = 100;

/// Characters on the terminal: bytes of UTF-8 that do not continue a character.
std::size_t shown_width(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

/// `left`, and from the column on `right`, broken between words.
std::string two_columns(const std::string& left, std::string_view right, std::size_t column) {
  std::string text = left;
  std::size_t width = shown_width(left);
  if (width + 1 >= column) {
    text += "\n";
    width = 0;
  }
  text.append(column - width, ' ');
  width = column;
  for (const auto word : split_whitespace(right)) {
    if (width > column && width + 1 + shown_width(word) > line_width) {
      text += "\n" + std::string(column, ' ');
      width = column;
    } else if (width > column) {
      text += ' ';
      ++width;
    }
    text += word;
    width += shown_width(word);
  }
  return text + "\n";
}

std::string option_help(const Option& option, CommandSet set) {
  if (option.name == "file")
    return two_columns("  " + std::string(option.unit), option.meaning, meaning_column);
  std::string meaning(option.meaning);
  if ((option.also_scanned_by & set) != 0)
    meaning += "; several values are written as a,b,c, lo:hi:n (linear) or lo:hi:logN (logarithmic)";
  if ((option.required_by & set) == set)
    meaning += " (required)";
  else if (!option.default_text.empty() && option.kind != ValueKind::flag)
    meaning += " (default: " + std::string(option.default_text) + ")";
  const std::string unit = option.unit.empty() ? "" : " " + std::string(option.unit);
  return two_columns("  --" + std::string(option.name) + unit, meaning, meaning_column);
}

} // namespace

std::string program_help() {
  std::string text =
      "soapstone: kernel ridge regression on optimised SOAP representations, on any number of MPI ranks\n\n"
      "usage: soapstone COMMAND [--config FILE] [--section.key VALUE]...\n"
      "       mpirun -n RANKS soapstone COMMAND ...\n\ncommands\n";
  for (const CommandInfo& info : command_table())
    text += two_columns("  " + std::string(info.name()), info.summary, 18);
  text += "\nsoapstone COMMAND --help lists the keys of a command; --version and --cite describe the "
          "program;\nsoapstone completion bash (or zsh) prints a completion script, soapstone man the manual "
          "page.\n\nKeys may also be given in a configuration file: [section], then lines key = value; "
          "comments start\nwith # or ;. The command line overrides the file. Paths in a configuration file "
          "are relative to\nthe working directory, not to the file. Keys that a command does not use are "
          "ignored in a file,\nso that one file can serve several commands, but refused on the command "
          "line.\n\nexit codes: 0 ok, 1 internal error, 2 usage or configuration, 3 data, 4 numerical, 5 "
          "input/output,\n            6 memory or ranks, 75 stopped cleanly with a checkpoint\n";
  return text;
}

std::string command_help(const std::string& command) {
  const CommandInfo& info = info_of(command_named(command));
  const CommandSet set = only(info.command);
  std::string text = "soapstone " + command + ": " + std::string(info.summary) + "\n\n";
  text += "for example: soapstone " + command + " " + std::string(info.example) + "\n";
  std::string_view section = "none yet";
  for (const Option& option : option_table()) {
    if ((option.used_by & set) == 0)
      continue;
    if (section_of(option) != section) {
      section = section_of(option);
      text += "\n" + (section.empty() ? "program" : std::string(section)) + "\n";
    }
    text += option_help(option, set);
  }
  if (set == sets::search)
    text += "\nKeys of soap, radial-scaling, species, kernel and regression accept ranges: lo:hi:n "
            "(linear),\nlo:hi:logN (logarithmic), or a,b,c.\n";
  return text;
}

} // namespace soapstone::cli
