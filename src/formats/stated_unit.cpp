// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/formats/stated_unit.hpp"

#include "soapstone/base/text.hpp"
#include "soapstone/base/units.hpp"
#include "soapstone/formats/tokens.hpp"
#include "soapstone/formats/unit_names.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace soapstone::formats {

namespace {

const char* scope_of(const TargetSpec& target) {
  return target.per_atom ? "per-atom" : "total";
}

/// Holds what is wrong and what would be right, each a list.
struct Contradictions {
  std::string found, remedy;

  void add(const std::string& statement, const std::string& parameter, std::string_view value) {
    if (found != statement)
      found += (found.empty() ? "" : " and ") + statement;
    remedy += (remedy.empty() ? "--`" : " --`") + parameter + "` " + std::string(value);
  }
};

std::string written(const InfoEntry& entry) {
  return entry.key + "=" + std::string(trim(entry.value));
}

using Entries = std::vector<const InfoEntry*>;

/// Returns the keys that contain "unit" or "scope", of which few frames have any, the last one first.
Entries statements(const Frame& frame) {
  constexpr std::string_view words[] = {"unit", "scope"};
  const auto same = [](char a, char b) { return (a | 0x20) == b; };
  Entries found;
  for (auto entry = frame.info.rbegin(); entry != frame.info.rend(); ++entry)
    for (const auto word : words)
      if (const auto& key = entry->key;
          std::search(key.begin(), key.end(), word.begin(), word.end(), same) != key.end())
        found.push_back(&*entry);
  return found;
}

bool states(std::string_view key, std::string_view name, const std::string& kind) {
  const auto plain = plain_form(key), owner = plain_form(name);
  return plain == owner + kind || plain == owner + kind + "s" || (!owner.empty() && plain == kind + owner);
}

const InfoEntry* find(const Entries& entries, std::string_view name, const std::string& kind) {
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [&](const auto* entry) { return states(entry->key, name, kind); });
  return found == entries.end() ? nullptr : *found;
}

/// Tells energies by their names, because energy_unit does not hold for other quantities.
bool is_energy(const std::string& name) {
  const auto plain = plain_form(name);
  return plain.find("energ") != std::string::npos || plain == "e" || plain == "etot" || plain == "toten" ||
         plain == "e0";
}

/// Returns the statement about `name`. A key of its own goes before that for energies, and this before that
/// for all quantities, in which case `general` is set.
const InfoEntry* statement_of(const Entries& entries, const std::string& name, const std::string& kind,
                              bool& general) {
  general = false;
  if (const auto* own = find(entries, name, kind))
    return own;
  if (constexpr std::string_view prefix = "predicted_"; name.starts_with(prefix))
    if (const auto* own = find(entries, name.substr(prefix.size()), kind))
      return own;
  if (!is_energy(name))
    return nullptr;
  if (const auto* energy = find(entries, "energy", kind))
    return energy;
  general = true;
  return find(entries, "", kind);
}

/// The unit that a frame states for a target, and the entry that states it.
struct Stated {
  const InfoEntry* entry = nullptr;
  UnitName unit;
  bool understood = true;
};

Stated stated_unit(const Entries& entries, const TargetSpec& target) {
  bool general = false;
  const auto* entry = statement_of(entries, target.key, "unit", general);
  if (!entry)
    return {};
  if (!general) {
    const auto unit = energy_unit(entry->value);
    return {entry, unit, !unit.name.empty()};
  }
  const auto units = unit_list(entry->value);
  return {entry, units.energy, !units.energy.name.empty() || !units.length.name.empty()};
}

/// Returns "total", "per-atom" or nothing.
std::string_view scope_in(std::string_view value) {
  const auto plain = plain_form(value);
  return plain == "total" ? "total" : plain == "peratom" || plain == "atom" ? "per-atom" : "";
}

/// Returns the unit of lengths that the frame states, and the entry that states it.
Stated stated_length(const Entries& entries) {
  constexpr const char* owners[] = {"length",     "lengths",     "position",  "positions", "pos",
                                    "coordinate", "coordinates", "coord",     "coords",    "cell",
                                    "lattice",    "distance",    "distances", "xyz"};
  for (const char* owner : owners)
    if (const auto* entry = find(entries, owner, "unit")) {
      const auto unit = length_unit(entry->value);
      return {entry, unit, !unit.name.empty()};
    }
  if (const auto* entry = find(entries, "", "unit"))
    return {entry, unit_list(entry->value).length};
  return {};
}

} // namespace

bool states_unit_of(std::string_view key, std::string_view name) {
  return states(key, name, "unit");
}

std::string contradiction(const Frame& frame, const TargetSpec& target) {
  const auto entries = statements(frame);
  if (entries.empty())
    return "";
  Contradictions wrong;
  bool general = false;
  const auto stated = stated_unit(entries, target);
  const auto* scope = statement_of(entries, target.key, "scope", general);
  if (stated.unit.offered && stated.unit.name != energy_unit_name(target.unit))
    wrong.add(written(*stated.entry), "target_unit", stated.unit.name);
  if (scope && !general) {
    if (const auto said = scope_in(scope->value); !said.empty() && said != scope_of(target))
      wrong.add(written(*scope), "target_scope", said);
  } else if (stated.unit.per_atom && !target.per_atom) {
    wrong.add(written(*stated.entry), "target_scope", "per-atom");
  }
  if (wrong.found.empty())
    return "";
  return to_string(frame.location) + ": the target " + shown(target.key) + " is read in " + target.unit +
         " (" + scope_of(target) + "), but the file states " + wrong.found + ": use " + wrong.remedy +
         ", or correct the file";
}

void add_unit_remarks(Frame& frame, const std::vector<TargetSpec>& targets) {
  const auto entries = statements(frame);
  if (entries.empty())
    return;
  for (const TargetSpec& target : targets) {
    const auto stated = frame.find(target.key) ? stated_unit(entries, target) : Stated{};
    if (stated.entry == nullptr)
      continue;
    const std::string read = "the target " + shown(target.key) + " is read in " + target.unit + ", but ";
    if (!stated.understood)
      frame.remarks.push_back(
          {stated.entry->key, read + "the file states " + written(*stated.entry) +
                                  ", which is not understood: use the right `target_unit`"});
    else if (!stated.unit.name.empty() && !stated.unit.offered)
      frame.remarks.push_back(
          {stated.entry->key, read + "the file states " + written(*stated.entry) + " (" +
                                  std::string(stated.unit.name) +
                                  "), which is not one of the units of `target_unit`: convert the values"});
  }
  const auto length = stated_length(entries);
  if (!length.understood)
    frame.remarks.push_back({length.entry->key + " length", "positions are read in Å, but the file states " +
                                                                written(*length.entry) +
                                                                ", which is not understood"});
  else if (!length.unit.name.empty() && !length.unit.offered)
    frame.remarks.push_back({length.entry->key + " length",
                             "positions are read in Å, but the file states " + written(*length.entry) + " (" +
                                 std::string(length.unit.name) + "): convert positions and cells to Å"});
}

} // namespace soapstone::formats
