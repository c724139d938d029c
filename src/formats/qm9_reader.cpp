// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/formats/qm9_reader.hpp"

#include "soapstone/base/text.hpp"
#include "soapstone/formats/tokens.hpp"

#include <algorithm>
#include <cmath>

namespace soapstone::formats {

namespace {

constexpr std::array<const char*, 15> property_names{"A",  "B",    "C",  "mu", "alpha", "homo", "lumo", "gap",
                                                     "r2", "zpve", "U0", "U",  "H",     "G",    "Cv"};
constexpr std::int64_t most_atoms = 100000; // QM9's largest has 29

std::string with_plain_exponent(std::string_view token) {
  std::string number(token);
  if (const auto at = number.find("*^"); at != std::string::npos)
    number.replace(at, 2, 1, 'e');
  return number;
}

void add(Frame& frame, const char* key, std::string value) {
  frame.info.push_back({key, std::move(value), false});
}

} // namespace

bool is_qm9_property_line(std::string_view line) {
  const auto words = split_whitespace(line);
  return words.size() == 2 + property_names.size() && words[0] == "gdb" &&
         parse_integer(words[1]).has_value();
}

bool Qm9Reader::next(Frame& frame) {
  std::string_view line;
  do {
    if (!text_->next(line))
      return false;
  } while (is_blank(line));
  ++frame_;
  const auto atoms = parse_integer(trim(line));
  if (!atoms || *atoms < 1 || *atoms > most_atoms)
    refuse("the number of atoms of a QM9 molecule", line);
  frame = {};
  frame.location = here();
  read_properties(frame);
  read_atoms(frame, *atoms);
  read_frequencies(frame, *atoms);
  read_pair(frame, "smiles", "smiles_relaxed");
  read_pair(frame, "inchi", "inchi_relaxed");
  return true;
}

std::string_view Qm9Reader::expect_line(const char* what) {
  std::string_view line;
  if (!text_->next(line))
    throw DataError(std::string("expected ") + what + ", found the end of the file", here());
  return line;
}

void Qm9Reader::read_properties(Frame& frame) {
  const std::string_view line = expect_line("the properties of a QM9 molecule");
  if (!is_qm9_property_line(line))
    refuse("the QM9 properties: gdb, an index and 15 numbers", line);
  const auto words = split_whitespace(line);
  add(frame, "gdb", std::string(words[1]));
  for (std::size_t i = 0; i < property_names.size(); ++i) {
    if (!to_number(words[i + 2]))
      refuse(std::string("a number for ") + property_names[i], words[i + 2]);
    add(frame, property_names[i], with_plain_exponent(words[i + 2]));
  }
}

void Qm9Reader::read_atoms(Frame& frame, std::int64_t atoms) {
  structure::Structure& structure = frame.structure;
  AtomArray charges{"mulliken_charges", 'R', 1, {}};
  for (std::int64_t i = 0; i < atoms; ++i) {
    const std::string_view line = expect_line("an atom of a QM9 molecule");
    const auto words = split_whitespace(line);
    if (words.size() != 5)
      refuse("an atom of a QM9 molecule: symbol, x, y, z, charge", line);
    const auto z = to_species(words[0]);
    if (!z)
      throw DataError("unknown element " + shown(words[0]), here());
    structure::Vec3 position{};
    for (std::size_t k = 0; k < 3; ++k) {
      const auto number = to_number(words[k + 1]);
      if (!number || !std::isfinite(*number))
        refuse("a finite coordinate", words[k + 1]);
      position[k] = *number;
    }
    if (!to_number(words[4]))
      refuse("a Mulliken charge", words[4]);
    structure.species.push_back(static_cast<std::uint8_t>(*z));
    structure.positions.push_back(position);
    charges.values.push_back(with_plain_exponent(words[4]));
  }
  frame.arrays.push_back(std::move(charges));
}

void Qm9Reader::read_frequencies(Frame& frame, std::int64_t atoms) {
  const std::string_view line = expect_line("the frequencies of a QM9 molecule");
  const auto words = split_whitespace(line);
  const auto count = static_cast<std::int64_t>(words.size());
  std::string all;
  for (const auto word : words) {
    if (!to_number(word))
      refuse("a frequency", word);
    if (!all.empty())
      all += ' ';
    all += with_plain_exponent(word);
  }
  if (count != std::max<std::int64_t>(0, 3 * atoms - 6) && count != std::max<std::int64_t>(0, 3 * atoms - 5))
    refuse("3N - 6 or 3N - 5 frequencies for N = " + std::to_string(atoms) + " atoms", line);
  frame.info.push_back({"frequencies", std::move(all), true});
}

void Qm9Reader::read_pair(Frame& frame, const char* first, const char* second) {
  const std::string_view line = expect_line(first);
  const auto words = split_whitespace(line);
  if (words.size() != 2)
    refuse(std::string(first) + " before and after relaxation", line);
  add(frame, first, std::string(words[0]));
  add(frame, second, std::string(words[1]));
}

void Qm9Reader::refuse(const std::string& expected, std::string_view found) const {
  throw DataError("expected " + expected + ", found " + shown(found), here());
}

} // namespace soapstone::formats
