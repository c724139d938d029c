// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/survey/roles.hpp"

#include "soapstone/base/text.hpp"
#include "soapstone/formats/tokens.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace soapstone::survey {

namespace {

constexpr int most_numbers = 1000;

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// Ranks names of energies, the likeliest lowest. Returns `no_energy` for a name that does not look like one.
constexpr int no_energy = std::numeric_limits<int>::max();
int energy_rank(std::string_view given) {
  const std::string name = to_lower(given);
  if (name.starts_with("predicted") || contains(name, "gap") || contains(name, "zpve") ||
      contains(name, "cutoff") || contains(name, "fermi") || contains(name, "weight") ||
      contains(name, "std") || contains(name, "error"))
    return no_energy;
  constexpr std::array names{"energy",      "ref_energy",      "dft_energy", "total_energy", "energy_total",
                             "free_energy", "ref_free_energy", "e",          "u0",           "e0",
                             "etot"};
  for (std::size_t i = 0; i < names.size(); ++i)
    if (name == names[i])
      return static_cast<int>(i);
  const int rank = static_cast<int>(names.size());
  if (contains(name, "energy"))
    return rank;
  if (name.starts_with("e_") || name.ends_with("_energy") || name.starts_with("u0_"))
    return rank + 1;
  if (name.starts_with("hof") || name.starts_with("heat") || contains(name, "formation") ||
      contains(name, "atomization"))
    return rank + 2;
  return unit_in_name(given).empty() ? no_energy : rank + 3;
}

} // namespace

std::string_view to_string(Role role) {
  constexpr std::array<std::string_view, 7> names{"",       "energy", "forces", "virial",
                                                  "stress", "group",  "unit"};
  return names.at(static_cast<std::size_t>(role));
}

int count_numbers(std::string_view value) {
  int count = 0;
  for (auto token = formats::next_value(value); !token.empty(); token = formats::next_value(value)) {
    if (count == most_numbers || !formats::to_number(token))
      return 0;
    ++count;
  }
  return count;
}

Role role_of_key(std::string_view given, int numbers) {
  const std::string name = to_lower(given);
  if (name.ends_with("_unit") || name.ends_with("_units") || name.ends_with("_scope"))
    return Role::unit;
  if (numbers == 6 || numbers == 9)
    return contains(name, "virial") ? Role::virial : contains(name, "stress") ? Role::stress : Role::other;
  if (is_split(given) || contains(name, "config") ||
      is_one_of(name, {"group", "type", "label", "tag", "class"}))
    return Role::group;
  return numbers == 1 && energy_rank(given) != no_energy ? Role::energy : Role::other;
}

Role role_of_column(std::string_view given, char type, int columns) {
  const std::string name = to_lower(given);
  return type == 'R' && columns == 3 && contains(name, "force") && !name.starts_with("predicted")
             ? Role::forces
             : Role::other;
}

bool is_split(std::string_view name) {
  return is_one_of(to_lower(name), {"split", "set", "subset", "partition", "fold", "train_test"});
}

std::string_view unit_in_name(std::string_view given) {
  const std::string name = to_lower(given);
  constexpr std::array<std::pair<std::string_view, std::string_view>, 8> units{{{"_mev", "meV"},
                                                                                {"_ev", "eV"},
                                                                                {"_ha", "hartree"},
                                                                                {"_hartree", "hartree"},
                                                                                {"_kcal", "kcal/mol"},
                                                                                {"_kcalmol", "kcal/mol"},
                                                                                {"_kj", "kJ/mol"},
                                                                                {"_kjmol", "kJ/mol"}}};
  for (const auto& [suffix, unit] : units)
    if (name.ends_with(suffix) || contains(name, std::string(suffix) + "_"))
      return unit;
  return {};
}

bool per_atom_in_name(std::string_view given) {
  const std::string name = to_lower(given);
  return contains(name, "per_atom") || contains(name, "peratom") || contains(name, "per-atom");
}

std::string likely_target(const formats::Frame& frame, const std::string& wanted) {
  if (frame.find(wanted) != nullptr)
    return wanted;
  std::string best;
  int best_rank = no_energy;
  for (const auto& entry : frame.info)
    if (role_of_key(entry.key, count_numbers(entry.value)) == Role::energy)
      if (const int rank = energy_rank(entry.key); rank < best_rank) {
        best = entry.key;
        best_rank = rank;
      }
  return best;
}

} // namespace soapstone::survey
