// SPDX-License-Identifier: BSD-3-Clause
#include "stated_unit.hpp"

#include "soapstone/base/text.hpp"
#include "soapstone/base/units.hpp"
#include "soapstone/structure/tokens.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace soapstone::structure {

namespace {

const char* scope_of(const TargetSpec& target) {
  return target.per_atom ? "per-atom" : "total";
}

/// What is wrong and what would be right, each a list.
struct Contradictions {
  std::string found, remedy;

  void add(const std::string& statement, const std::string& key, std::string_view value) {
    found += (found.empty() ? "" : " and ") + statement;
    remedy += (remedy.empty() ? "--" : " --") + key + " " + std::string(value);
  }
};

struct Statement {
  std::string key;
  std::string_view value; ///< empty: none
};

/// `kind`: "_unit" or "_scope". A name's own key says more than the one for energies.
Statement statement_of(const Frame& frame, const std::string& name, const std::string& kind) {
  std::vector<std::string> keys{name + kind};
  if (constexpr std::string_view prefix = "predicted_"; name.starts_with(prefix))
    keys.push_back(name.substr(prefix.size()) + kind);
  if (to_lower(name).find("energy") != std::string::npos) // another quantity may have units of its own
    keys.push_back("energy" + kind);
  for (const auto& key : keys)
    if (const auto* value = frame.find(key))
      return {key, trim(*value)};
  return {};
}

} // namespace

std::string contradiction(const Frame& frame, const TargetSpec& target) {
  Contradictions wrong;
  const auto unit = statement_of(frame, target.key, "_unit");
  if (const auto name = energy_unit_name(unit.value); !name.empty() && name != energy_unit_name(target.unit))
    wrong.add(unit.key + "=" + std::string(unit.value), "data.target-unit", name);
  const auto scope = statement_of(frame, target.key, "_scope");
  if ((scope.value == "total" || scope.value == "per-atom") && scope.value != scope_of(target))
    wrong.add(scope.key + "=" + std::string(scope.value), "data.target-scope", scope.value);
  if (wrong.found.empty())
    return "";
  return to_string(frame.location) + ": the target " + shown(target.key) + " is read in " + target.unit +
         " (" + scope_of(target) + "), but the file states " + wrong.found + ": use " + wrong.remedy +
         ", or correct the file";
}

} // namespace soapstone::structure
