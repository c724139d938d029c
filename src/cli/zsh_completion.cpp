// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/cli/completion.hpp"

namespace soapstone::cli {

namespace {

/// Text within single quotes in which _arguments and _describe take brackets and colons for marks of their
/// own.
std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '\'')
      result += "'\\'"; // ends the quotes; the quote itself; begins them again
    else if (c == '[' || c == ']' || c == ':' || c == '\\')
      result += '\\';
    result += c;
  }
  return result;
}

std::string action(const Option& option) {
  std::string words;
  for (const auto& word : offered_words(option))
    words += (words.empty() ? "" : " ") + word;
  if (takes_path(option))
    return words.empty() ? "_files"
                         : " _alternative \"words\\:word\\:(" + words + ")\" \"files\\:file\\:_files\"";
  return words.empty() ? " " : "(" + words + ")";
}

/// '--soap.cutoff=[cutoff radius]:Å: '
std::string specification(const Option& option, const std::string& key) {
  if (option.name == "file")
    return "'*:" + escaped(option.meaning) + ":_files'";
  const std::string start = std::string(option.repeatable ? "'*--" : "'--") + key;
  if (option.kind == ValueKind::flag)
    return start + "[" + escaped(option.meaning) + "]'";
  return start + "=[" + escaped(option.meaning) + "]:" + escaped(option.unit) + ":" + action(option) + "'";
}

std::string specifications(CommandSet set) {
  std::string text;
  for (const Option& option : option_table())
    if ((option.used_by & set) != 0)
      text += "                " + specification(option, typed_key(option)) + "\n";
  return text;
}

/// Keys of the kernel that is being typed: --kernel.3.soap.cutoff once "--kernel.3." is there.
std::string kernel_specifications() {
  std::string text;
  for (const Option& option : option_table())
    if (const auto key = key_of_a_kernel(option); !key.empty()) {
      std::string line = specification(option, key);
      line.replace(line.find("--"), 2, "--'$numbered'");
      text += "            " + line + "\n";
    }
  return text;
}

std::string described_commands() {
  std::string text;
  for (const CommandInfo& info : command_table())
    text += "        '" + std::string(info.name()) + ":" + escaped(info.summary) + "'\n";
  return text;
}

} // namespace

std::string zsh_completion() {
  std::string text =
      "#compdef soapstone\n# Completion of soapstone's commands, keys and values, written by `soapstone "
      "completion zsh`.\n"
      "\n_soapstone() {\n    local -a names keys kernels\n    local numbered=kernel.1.\n    names=(\n" +
      described_commands() +
      "    )\n    if ((CURRENT == 2)); then\n        _describe -t commands command names\n"
      "        _values -S ' ' other help completion man --help --version --cite\n        return\n    fi\n"
      "    case $words[2] in\n        help) _describe -t commands command names; return ;;\n"
      "        completion) _values shell bash zsh; return ;;\n";
  for (const CommandInfo& info : command_table())
    text += "        " + std::string(info.name()) + ")\n            keys=(\n" +
            specifications(only(info.command)) + "            )\n            ;;\n";
  text += "    esac\n    if [[ $words[CURRENT] =~ '^--(kernel\\.[0-9]+\\.)' || $words[CURRENT-1] =~ "
          "'^--(kernel\\.[0-9]+\\.)' ]]; then\n        numbered=$match[1]\n        kernels=(\n" +
          kernel_specifications() +
          "        )\n    fi\n    words=(\"${(@)words[2,-1]}\")\n    ((CURRENT--))\n"
          "    _arguments '--help[explain the command]' $keys $kernels\n}\n\n_soapstone \"$@\"\n";
  return text;
}

} // namespace soapstone::cli
