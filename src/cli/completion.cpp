// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/cli/completion.hpp"

#include "soapstone/base/text.hpp"

namespace soapstone::cli {

namespace {

constexpr std::string_view placeholder = "kernel.N.", only_kernel = "kernel.";

} // namespace

std::string completion_script(const std::string& shell) {
  if (shell == "bash")
    return bash_completion();
  if (shell == "zsh")
    return zsh_completion();
  throw ConfigError("completion: expected bash or zsh, found '" + shell + "'", "completion", "command line");
}

std::vector<std::string> offered_words(const Option& option) {
  if (option.kind == ValueKind::boolean)
    return {"true", "false"};
  return option.words.empty() ? std::vector<std::string>{} : split(option.words, '|');
}

bool takes_path(const Option& option) {
  return option.kind == ValueKind::file;
}

std::string typed_key(const Option& option) {
  std::string key(option.name);
  if (option.name.starts_with(placeholder))
    key.replace(0, placeholder.size(), "kernel.1.");
  return key;
}

std::string key_of_a_kernel(const Option& option) {
  if (option.name.starts_with(placeholder))
    return std::string(option.name.substr(placeholder.size()));
  if (!option.per_kernel)
    return {};
  const bool of_kernels = option.name.starts_with(only_kernel); // kernel.zeta is kernel.N.zeta
  return std::string(of_kernels ? option.name.substr(only_kernel.size()) : option.name);
}

} // namespace soapstone::cli
