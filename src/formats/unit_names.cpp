// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/formats/unit_names.hpp"

#include "soapstone/base/units.hpp"

#include <algorithm>
#include <cctype>
#include <span>

namespace soapstone::formats {

namespace {

struct UnitSpelling {
  std::string_view plain, name;
};

constexpr UnitSpelling energies[] = {
    {"ev", "eV"},
    {"electronvolt", "eV"},
    {"electronvolts", "eV"},
    {"mev", "meV"},
    {"millielectronvolt", "meV"},
    {"hartree", "hartree"},
    {"hartrees", "hartree"},
    {"ha", "hartree"},
    {"eh", "hartree"},
    {"au", "hartree"},
    {"atomicunit", "hartree"},
    {"atomicunits", "hartree"},
    {"kcal", "kcal/mol"},
    {"kcalmol", "kcal/mol"},
    {"kcalmol1", "kcal/mol"},
    {"kcalmole", "kcal/mol"},
    {"kcalpermol", "kcal/mol"},
    {"kcalpermole", "kcal/mol"},
    {"kj", "kJ/mol"},
    {"kjmol", "kJ/mol"},
    {"kjmol1", "kJ/mol"},
    {"kjmole", "kJ/mol"},
    {"kjpermol", "kJ/mol"},
    {"kjpermole", "kJ/mol"},
    {"ry", "rydberg"},
    {"ryd", "rydberg"},
    {"rydberg", "rydberg"},
    {"rydbergs", "rydberg"},
    {"mha", "millihartree"},
    {"meh", "millihartree"},
    {"mhartree", "millihartree"},
    {"millihartree", "millihartree"},
    {"kev", "keV"},
    {"j", "joule"},
    {"joule", "joule"},
    {"joules", "joule"},
    {"k", "kelvin"},
    {"kelvin", "kelvin"},
    {"cm1", "1/cm"},
    {"1cm", "1/cm"},
    {"wavenumber", "1/cm"},
    {"wavenumbers", "1/cm"},
};

constexpr UnitSpelling lengths[] = {
    {"a", "Å"},
    {"ang", "Å"},
    {"angs", "Å"},
    {"angstrom", "Å"},
    {"angstroms", "Å"},
    {"ångström", "Å"},
    {"Å", "Å"},
    {"å", "Å"},
    {"\u212b", "Å"},
    {"aa", "Å"},
    {"bohr", "bohr"},
    {"bohrs", "bohr"},
    {"a0", "bohr"},
    {"au", "bohr"},
    {"atomicunits", "bohr"},
    {"atomicunit", "bohr"},
    {"nm", "nm"},
    {"nanometer", "nm"},
    {"nanometers", "nm"},
    {"nanometre", "nm"},
    {"nanometres", "nm"},
    {"pm", "pm"},
    {"picometer", "pm"},
    {"picometers", "pm"},
    {"picometre", "pm"},
    {"m", "m"},
    {"meter", "m"},
    {"metre", "m"},
};

struct System {
  std::string_view plain, energy, length;
};

constexpr System systems[] = {{"metal", "ev", "a"},       {"real", "kcal", "a"},
                              {"electron", "ha", "bohr"}, {"atomic", "ha", "bohr"},
                              {"si", "j", "m"},           {"atomicunits", "ha", "bohr"},
                              {"au", "ha", "bohr"},       {"hartreeatomic", "ha", "bohr"}};

std::string_view find(std::span<const UnitSpelling> known, std::string_view plain) {
  for (const auto& spelling : known)
    if (spelling.plain == plain)
      return spelling.name;
  return {};
}

bool drop_end(std::string& text, std::string_view end) {
  if (!text.ends_with(end) || text.size() == end.size())
    return false;
  text.resize(text.size() - end.size());
  return true;
}

} // namespace

std::string plain_form(std::string_view text) {
  std::string plain;
  for (const char c : text)
    if (const auto byte = static_cast<unsigned char>(c); byte >= 0x80 || std::isalnum(byte) != 0)
      plain += byte < 0x80 ? static_cast<char>(std::tolower(byte)) : c;
  return plain;
}

UnitName energy_unit(std::string_view word) {
  std::string plain = plain_form(word);
  const bool per_atom = drop_end(plain, "peratom") || drop_end(plain, "atom");
  const auto name = find(energies, plain);
  return {name, !energy_unit_name(name).empty(), per_atom && !name.empty()};
}

UnitName length_unit(std::string_view word) {
  const auto name = find(lengths, plain_form(word));
  return {name, name == "Å", false};
}

UnitList unit_list(std::string_view value) {
  const std::string whole = plain_form(value);
  for (const auto& system : systems)
    if (whole == system.plain)
      return {energy_unit(system.energy), length_unit(system.length)};
  UnitList list{energy_unit(value), length_unit(value)};
  while (!value.empty()) {
    const auto end = std::min(value.find_first_of(" ,;:=&+|()[]{}\"'\t"), value.size());
    const auto word = value.substr(0, end);
    if (list.energy.name.empty())
      list.energy = energy_unit(word);
    if (list.length.name.empty())
      list.length = length_unit(word);
    value.remove_prefix(std::min(end + 1, value.size()));
  }
  return list;
}

} // namespace soapstone::formats
