// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/formats/reserved_keys.hpp"

#include "soapstone/base/text.hpp"
#include "soapstone/formats/extxyz_columns.hpp"
#include "soapstone/formats/extxyz_comment.hpp"
#include "soapstone/formats/tokens.hpp"
#include "soapstone/formats/unit_names.hpp"
#include "soapstone/structure/cell.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace soapstone::formats {

namespace {

enum class Word { none, lattice, pbc, properties };
enum class Spelling { exact, variant, alias }; // Lattice, LATTICE, cell

struct Match {
  Word word = Word::none;
  Spelling spelling = Spelling::alias;
};

constexpr const char* names[] = {"", "Lattice", "pbc", "Properties"};
constexpr const char* forms[] = {"", "nine finite numbers", "one or three of T and F", "name:type:columns"};

const char* name_of(Word word) {
  return names[static_cast<std::size_t>(word)];
}

struct Alias {
  std::string_view plain; // see plain_form
  Word word;
};

constexpr Alias aliases[] = {{"lattice", Word::lattice},        {"pbc", Word::pbc},
                             {"properties", Word::properties},  {"cell", Word::lattice},
                             {"unitcell", Word::lattice},       {"cellvectors", Word::lattice},
                             {"latticevectors", Word::lattice}, {"box", Word::lattice},
                             {"periodic", Word::pbc},           {"periodicboundaryconditions", Word::pbc}};

Match match(const std::string& key) {
  constexpr std::string_view initials = "LlPpCcUuBb";
  if (key.empty() || initials.find(key[0]) == std::string_view::npos)
    return {};
  for (const Word word : {Word::lattice, Word::pbc, Word::properties})
    if (key == name_of(word))
      return {word, Spelling::exact};
  const auto plain = plain_form(key);
  for (const auto& alias : aliases)
    if (plain == alias.plain)
      return {alias.word, plain == to_lower(name_of(alias.word)) ? Spelling::variant : Spelling::alias};
  return {};
}

bool is_layout(const std::string& text) {
  if (text.find(':') == std::string::npos)
    return false;
  try {
    parse_columns(text, {});
    return true;
  } catch (const DataError&) {
    return false;
  }
}

bool spans(const std::array<structure::Vec3, 3>& vectors) {
  return structure::cell_defect({vectors, {true, true, true}}).empty();
}

// Returns how many numbers a value has, or 0 if it has anything else.
std::size_t count_of(std::string_view value) {
  std::size_t count = 0;
  for (auto token = next_value(value); !token.empty(); token = next_value(value), ++count)
    if (!to_number(token))
      return 0;
  return count;
}

class Reader {
public:
  Reader(Frame& frame, const std::function<DataLocation()>& here) : frame_(frame), here_(here) {}

  ReservedValues read() {
    std::vector<std::pair<Match, const InfoEntry*>> found;
    for (const InfoEntry& entry : frame_.info) {
      const auto known = match(entry.key);
      if (known.word == Word::none)
        continue;
      if (known.spelling == Spelling::exact || !entry.bare)
        found.emplace_back(known, &entry);
      else if (known.spelling == Spelling::variant &&
               entry.key.back() == ':') // other bare keys are words of prose
        remark(entry, std::string("looks like ") + name_of(known.word) + ", but no '=' follows: not read");
    }
    std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
      return std::pair(a.first.spelling, a.first.word) < std::pair(b.first.spelling, b.first.word);
    });
    std::erase_if(found, [&](const auto& one) { return !take(*one.second, one.first); });
    std::erase_if(frame_.info, [&](const InfoEntry& entry) {
      return std::any_of(found.begin(), found.end(), [&](const auto& one) { return one.second == &entry; });
    });
    return std::move(values_);
  }

private:
  // Returns whether the entry was read and therefore is no longer a key of the frame.
  bool take(const InfoEntry& entry, Match found) {
    switch (found.word) {
    case Word::lattice:
      return take_lattice(entry, found.spelling);
    case Word::pbc:
      return take_pbc(entry, found.spelling);
    default:
      return take_properties(entry, found.spelling);
    }
  }

  bool take_lattice(const InfoEntry& entry, Spelling spelling) {
    const auto vectors = parse_lattice(entry.value);
    if (spelling == Spelling::alias)
      return !lattice_is_said_ && take_cell_alias(entry, vectors);
    const bool constants = spelling == Spelling::variant && values_.lattice && count_of(entry.value) == 3;
    if (!vectors || constants)
      return not_read(Word::lattice, entry, spelling, lattice_is_said_);
    lattice_is_said_ = true;
    return merge(values_.lattice, *vectors, Word::lattice, entry);
  }

  bool take_cell_alias(const InfoEntry& entry, const std::optional<std::array<structure::Vec3, 3>>& vectors) {
    if (vectors && *vectors == std::array<structure::Vec3, 3>{})
      return false;
    if (!vectors || !spans(*vectors)) {
      if (count_of(entry.value) >= 3) // lengths and angles, say
        remark(entry, "looks like a cell, but extended XYZ has the cell in Lattice, nine numbers: not read");
      return false;
    }
    remark(entry, "is read as the cell, since there is no Lattice");
    return merge(values_.lattice, *vectors, Word::lattice, entry);
  }

  bool take_pbc(const InfoEntry& entry, Spelling spelling) {
    const auto flags = parse_pbc(entry.value);
    if (spelling == Spelling::alias) {
      if (pbc_is_said_ || !flags || (!values_.lattice && *flags == std::array<bool, 3>{}))
        return false;
      remark(entry, values_.lattice ? "is read as pbc, because there is no pbc"
                                    : "is not read: there is no Lattice");
      return values_.lattice && merge(values_.periodic, *flags, Word::pbc, entry);
    }
    if (!flags)
      return not_read(Word::pbc, entry, spelling, pbc_is_said_);
    pbc_is_said_ = true;
    return merge(values_.periodic, *flags, Word::pbc, entry);
  }

  bool take_properties(const InfoEntry& entry, Spelling spelling) {
    if (spelling == Spelling::exact || is_layout(entry.value))
      return merge(values_.properties, entry.value, Word::properties, entry);
    return entry.value.find(':') != std::string::npos &&
           not_read(Word::properties, entry, spelling, values_.properties.has_value());
  }

  // Different spellings must have the same value. If the same key is given twice, the last one counts, as in
  // ASE.
  template <typename Value>
  bool merge(std::optional<Value>& known, const Value& value, Word word, const InfoEntry& entry) {
    const auto*& last = last_[static_cast<std::size_t>(word)];
    if (known && *known != value && last->key != entry.key)
      throw DataError(std::string(name_of(word)) + " is given twice, and differently: as " + written(*last) +
                          " and as " + written(entry),
                      here_());
    if (known && *known != value)
      remark(entry, "is given twice with different values: the last one is used");
    last = &entry;
    known = value;
    return true;
  }

  static std::string written(const InfoEntry& entry) { return entry.key + "=" + shown(entry.value); }

  // Always returns false. `said` tells that another spelling was read, so that this one is a key like any
  // other.
  bool not_read(Word word, const InfoEntry& entry, Spelling spelling, bool said) {
    const std::string form = forms[static_cast<std::size_t>(word)];
    if (spelling == Spelling::exact)
      throw DataError("expected " + form + " in " + name_of(word) + ", found " + shown(entry.value), here_());
    if (!said)
      remark(entry, std::string("looks like ") + name_of(word) + ", but its value " + shown(entry.value) +
                        " is not understood (" + form + "): not read");
    return false;
  }

  void remark(const InfoEntry& entry, const std::string& text) {
    frame_.remarks.push_back({entry.key, "the key " + shown(entry.key) + " " + text});
  }

  Frame& frame_;
  const std::function<DataLocation()>& here_;
  ReservedValues values_;
  const InfoEntry* last_[4] = {}; // the entry that was read last for each word
  bool lattice_is_said_ = false, pbc_is_said_ = false;
};

} // namespace

ReservedValues take_reserved(Frame& frame, const std::function<DataLocation()>& here) {
  return Reader(frame, here).read();
}

} // namespace soapstone::formats
