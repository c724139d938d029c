// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/cli/man_page.hpp"

#include "soapstone/base/text.hpp"
#include "soapstone/cli/option_table.hpp"
#include "soapstone/options/about.hpp"

#include <array>
#include <utility>

namespace soapstone::cli {

namespace {

/// Code point of the UTF-8 character at text[i]; i moves to the character's last byte.
unsigned code_point(std::string_view text, std::size_t& i) {
  const auto first = static_cast<unsigned char>(text[i]);
  const std::size_t more = first >= 0xF0U ? 3 : first >= 0xE0U ? 2 : 1;
  unsigned code = first & (0x3FU >> more);
  for (std::size_t k = 0; k < more && i + 1 < text.size(); ++k)
    code = code << 6U | (static_cast<unsigned char>(text[++i]) & 0x3FU);
  return code;
}

/// Text as groff takes it: minus signs that stay such when copied, no escapes or requests by accident.
std::string roff(std::string_view text) {
  std::string result = !text.empty() && (text[0] == '.' || text[0] == '\'') ? "\\&" : "";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '-')
      result += "\\-";
    else if (c == '\\')
      result += "\\e";
    else if (c == '\'')
      result += "\\(aq";
    else if (c == '^')
      result += "\\(ha";
    else if (c == '~')
      result += "\\(ti";
    else if ((static_cast<unsigned char>(c) & 0x80U) != 0)
      result += format("\\[u%04X]", code_point(text, i));
    else
      result += c;
  }
  return result;
}

std::string section(const std::string& title) {
  return ".SH " + title + "\n";
}

/// A tagged paragraph: the tag in bold, what follows it in italics, then the text.
std::string tagged(std::string_view tag, std::string_view value, std::string_view text) {
  std::string head = ".TP\n.B " + roff(tag) + "\n";
  if (!value.empty())
    head = ".TP\n.BI \"" + roff(tag) + " \" \"" + roff(value) + "\"\n";
  return head + roff(text) + "\n";
}

std::string commands_section() {
  std::string text = section("COMMANDS");
  for (const CommandInfo& info : command_table())
    text += tagged(info.name(), {}, std::string(info.summary) + ".") + ".IP\n.EX\nsoapstone " +
            roff(info.name()) + " " + roff(info.example) + "\n.EE\n";
  text +=
      tagged("completion", "bash|zsh", "print a script that completes commands, keys and values in a shell.");
  text += tagged("man", {}, "print this page.");
  text += tagged("--help", {}, "explain the program or, after a command, the keys of the command.");
  text += tagged("--version", {}, "print the version and how the program was built.");
  return text + tagged("--cite", {}, "print what to cite, as BibTeX.");
}

std::string takers(const Option& option) {
  if (option.used_by == sets::all)
    return "All commands.";
  if (option.used_by == sets::reading)
    return "All commands except inspect.";
  return "Commands: " + command_names(option.used_by) + ".";
}

std::string option_paragraph(const Option& option) {
  std::string text(option.meaning);
  if (!option.default_text.empty() && option.kind != ValueKind::flag)
    text += " (default: " + std::string(option.default_text) + ")";
  text += ". " + takers(option);
  if (option.required_by != sets::none)
    text += " Required by " +
            (option.required_by == sets::reading ? "all but inspect" : command_names(option.required_by)) +
            ".";
  if (option.scannable)
    text += " Accepts ranges with " + command_names(sets::search | option.also_scanned_by) + ".";
  return tagged(option.name == "file" ? std::string(option.unit) : "--" + std::string(option.name),
                option.name == "file" ? std::string_view{} : option.unit, text);
}

std::string options_section() {
  std::string text = section("KEYS"), title = "none yet";
  text += roff("Each key may also be given in a configuration file: --soap.cutoff 5 corresponds to the line "
               "cutoff = 5 below [soap]; keys without a dot must come before the first section.") +
          "\n";
  for (const Option& option : option_table()) {
    if (section_of(option) != title) {
      title = section_of(option);
      text += ".SS \"" + roff(title.empty() ? "program" : title) + "\"\n";
    }
    text += option_paragraph(option);
  }
  return text;
}

std::string exit_section() {
  constexpr std::pair<const char*, const char*> codes[]{
      {"0", "success."},
      {"1", "internal error."},
      {"2", "wrong usage or configuration."},
      {"3", "invalid data."},
      {"4", "numerical failure, such as a matrix that is not positive definite."},
      {"5", "input or output failed."},
      {"6", "not enough memory, or an unsuitable number of ranks."},
      {"75", "stopped cleanly with a checkpoint; the same command resumes from it."}};
  std::string text = section("EXIT STATUS");
  for (const auto& [code, meaning] : codes)
    text += tagged(code, {}, meaning);
  return text;
}

constexpr std::array description{
    "soapstone learns atomic-scale properties, such as the energies of molecules and crystals, from "
    "structures "
    "in extended XYZ. Every command gives the same results on any number of MPI ranks.",
    "Results are written to standard output, everything else to standard error. The command line overrides "
    "the configuration file, which overrides the defaults. An unknown key is an error; the message suggests "
    "the nearest known key. Paths in a configuration file are relative to the working directory. Keys that a "
    "command does not use are ignored in a file, so that one file can serve several commands.",
    "search accepts ranges: lo:hi:n (linear), lo:hi:logN (logarithmic), or a,b,c."};

} // namespace

std::string man_page() {
  std::string text =
      ".TH SOAPSTONE 1 \"\" \"soapstone " + roff(options::version_number()) + "\" \"User Commands\"\n";
  text += section("NAME") + roff("soapstone - kernel ridge regression on optimised SOAP representations") +
          "\n" + section("SYNOPSIS") + ".B soapstone\n.I COMMAND\n.RB [ " + roff("--config") +
          "\n.IR FILE ]\n.RB [ " + roff("--section.key") + "\n.IR VALUE ]...\n.br\n.B " + roff("mpirun -n") +
          "\n.I RANKS\n.B soapstone\n.I COMMAND\n" + roff("...") + "\n";
  text += section("DESCRIPTION");
  for (const char* paragraph : description)
    text += std::string(".PP\n") + roff(paragraph) + "\n";
  return text + commands_section() + options_section() + exit_section();
}

} // namespace soapstone::cli
