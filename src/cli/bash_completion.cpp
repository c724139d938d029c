// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/cli/completion.hpp"

namespace soapstone::cli {

namespace {

/// The part that no table changes. Readline breaks words at '=' unless told otherwise: both ways are met.
constexpr const char* script = R"(
# What may follow a key: sets words and files; false for a key without a value.
_soapstone_value() {
    local key=$1
    if [[ $key =~ ^--kernel\.[0-9]+\.(.+)$ ]]; then
        case ${BASH_REMATCH[1]} in
            zeta) key=--kernel.zeta ;;
            weight) key=--kernel.N.weight ;;
            *) key=--${BASH_REMATCH[1]} ;;
        esac
    fi
    _soapstone_value_of "$key"
}

# Keys of the command that are not there yet, or may be there again: sets words.
_soapstone_key() {
    local key numbered given=" ${COMP_WORDS[*]:2:COMP_CWORD-2} "
    _soapstone_keys_of "$1"
    if [[ $2 =~ ^--kernel\.[0-9]+\. && " $keys " == *" --kernel.1.weight "* ]]; then
        numbered=${BASH_REMATCH[0]}
        keys=
        for key in $kernel_keys; do keys+=" $numbered$key"; done
    fi
    for key in $keys; do
        if [[ $given != *" $key "* || " $repeatable " == *" $key "* ]]; then words+=" $key"; fi
    done
}

_soapstone() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]}
    local words="" files="" keys="" head=""
    if [[ $cur == = ]]; then
        cur=
    elif [[ $prev == = ]]; then
        prev=${COMP_WORDS[COMP_CWORD-2]}
    elif [[ $cur == --*=* ]]; then
        head=${cur%%=*}=
        prev=${cur%%=*}
        cur=${cur#*=}
    fi
    if ((COMP_CWORD == 1)); then
        words="$commands help completion man --help --version --cite"
    elif [[ $command == help ]]; then
        words=$commands
    elif [[ $command == completion ]]; then
        words="bash zsh"
    elif [[ $prev == --* ]] && _soapstone_value "$prev"; then
        :
    elif [[ $cur == -* || $command != inspect ]]; then
        _soapstone_key "$command" "$cur"
    else
        files=yes
    fi
    mapfile -t COMPREPLY < <(compgen -P "$head" -W "$words" -- "$cur"; [[ -z $files ]] || compgen -P "$head" -f -- "$cur")
    if [[ -n $files ]]; then compopt -o filenames 2>/dev/null; fi
}

complete -F _soapstone soapstone
)";

std::string commands_line() {
  std::string text;
  for (const CommandInfo& info : command_table())
    text += (text.empty() ? "" : " ") + std::string(info.name());
  return text;
}

std::string keys_of_commands() {
  std::string text = "\n# Keys of a command: sets keys.\n_soapstone_keys_of() "
                     "{\n    case $1 in\n";
  for (const CommandInfo& info : command_table()) {
    const CommandSet set = only(info.command);
    text += "        " + std::string(info.name()) + ")\n            keys=\"--help";
    for (const Option& option : option_table())
      if ((option.used_by & set) != 0 && option.name != "file")
        text += " --" + typed_key(option);
    text += "\"\n            ;;\n";
  }
  return text + "        *) keys= ;;\n    esac\n}\n";
}

std::string lists() {
  std::string kernel_keys, repeatable;
  for (const Option& option : option_table()) {
    if (const auto key = key_of_a_kernel(option); !key.empty())
      kernel_keys += (kernel_keys.empty() ? "" : " ") + key;
    if (option.repeatable)
      repeatable += (repeatable.empty() ? "--" : " --") + std::string(option.name);
  }
  return "    local commands=\"" + commands_line() + "\"\n    local repeatable=\"" + repeatable +
         "\"\n    local kernel_keys=\"" + kernel_keys + "\"\n";
}

std::string value_of(const Option& option) {
  std::string words;
  for (const auto& word : offered_words(option))
    words += (words.empty() ? "" : " ") + word;
  std::string text;
  if (!words.empty())
    text += "words=\"" + words + "\"";
  if (takes_path(option))
    text += (text.empty() ? "" : " ") + std::string("files=yes");
  return text;
}

std::string values_of_keys() {
  std::string text = "\n_soapstone_value_of() {\n    case $1 in\n", plain;
  for (const Option& option : option_table()) {
    if (option.kind == ValueKind::flag || option.name == "file")
      continue;
    const auto value = value_of(option);
    if (value.empty())
      plain += (plain.empty() ? "--" : " | --") + std::string(option.name);
    else
      text += "        --" + std::string(option.name) + ") " + value + " ;;\n";
  }
  return text + "        " + plain + ") : ;;\n        *) return 1 ;;\n    esac\n}\n";
}

} // namespace

std::string bash_completion() {
  std::string body(script);
  const std::string start = "    local cur=";
  body.insert(body.find(start), lists());
  return "# shellcheck shell=bash\n# Completion of soapstone's commands, keys and values, written by "
         "`soapstone completion bash`.\n" +
         keys_of_commands() + values_of_keys() + body;
}

} // namespace soapstone::cli
