// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/structure/elements.hpp"

#include "soapstone/base/check.hpp"

#include <array>
#include <cstddef>

namespace soapstone::structure {

namespace {

// IUPAC's symbols in the order of the atomic numbers.
constexpr std::array<std::string_view, max_atomic_number> symbols{
    "H",  "He", "Li", "Be", "B",  "C",  "N",  "O",  "F",  "Ne", "Na", "Mg", "Al", "Si", "P",  "S",  "Cl",
    "Ar", "K",  "Ca", "Sc", "Ti", "V",  "Cr", "Mn", "Fe", "Co", "Ni", "Cu", "Zn", "Ga", "Ge", "As", "Se",
    "Br", "Kr", "Rb", "Sr", "Y",  "Zr", "Nb", "Mo", "Tc", "Ru", "Rh", "Pd", "Ag", "Cd", "In", "Sn", "Sb",
    "Te", "I",  "Xe", "Cs", "Ba", "La", "Ce", "Pr", "Nd", "Pm", "Sm", "Eu", "Gd", "Tb", "Dy", "Ho", "Er",
    "Tm", "Yb", "Lu", "Hf", "Ta", "W",  "Re", "Os", "Ir", "Pt", "Au", "Hg", "Tl", "Pb", "Bi", "Po", "At",
    "Rn", "Fr", "Ra", "Ac", "Th", "Pa", "U",  "Np", "Pu", "Am", "Cm", "Bk", "Cf", "Es", "Fm", "Md", "No",
    "Lr", "Rf", "Db", "Sg", "Bh", "Hs", "Mt", "Ds", "Rg", "Cn", "Nh", "Fl", "Mc", "Lv", "Ts", "Og"};

constexpr std::size_t second_letters = 27; // none, a to z
using Table = std::array<unsigned char, 26 * second_letters>;

constexpr std::size_t slot(std::string_view symbol) {
  const auto first = static_cast<std::size_t>(symbol[0] - 'A');
  return first * second_letters + (symbol.size() == 1 ? 0u : static_cast<std::size_t>(symbol[1] - 'a' + 1));
}

// Symbols are looked up for every atom that is read, hence a table.
constexpr Table numbers = [] {
  Table table{};
  for (std::size_t i = 0; i < symbols.size(); ++i)
    table[slot(symbols[i])] = static_cast<unsigned char>(i + 1);
  return table;
}();

} // namespace

std::string_view element_symbol(int z) {
  expects(z >= 1 && z <= max_atomic_number, "an atomic number is 1 to 118");
  return symbols[static_cast<std::size_t>(z - 1)];
}

std::optional<int> atomic_number(std::string_view symbol) {
  if (symbol.empty() || symbol.size() > 2 || symbol[0] < 'A' || symbol[0] > 'Z')
    return std::nullopt;
  if (symbol.size() == 2 && (symbol[1] < 'a' || symbol[1] > 'z'))
    return std::nullopt;
  const int z = numbers[slot(symbol)];
  return z == 0 ? std::nullopt : std::optional<int>(z);
}

} // namespace soapstone::structure
