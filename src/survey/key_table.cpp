// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/survey/key_table.hpp"

#include "soapstone/formats/tokens.hpp"

#include <algorithm>
#include <cmath>

namespace soapstone::survey {

namespace {

constexpr std::size_t most_keys = 200, most_words = 12, longest_word = 60;

char type_of(const formats::InfoEntry& entry, int numbers) {
  if (numbers > 0)
    return 'R';
  return entry.value == "T" || entry.value == "F" ? 'L' : 'S';
}

void count_word(std::unordered_map<std::string, std::int64_t>& words, bool& many, const std::string& word) {
  if (many)
    return;
  ++words[word.size() > longest_word ? word.substr(0, longest_word) + "..." : word];
  if (words.size() > most_words) {
    many = true;
    words.clear();
  }
}

} // namespace

KeyTable::Entry* KeyTable::entry_of(const std::string& name, bool column) {
  auto& places = column ? columns_ : keys_;
  if (const auto found = places.find(name); found != places.end())
    return &entries_[found->second];
  if (entries_.size() == most_keys) {
    ++left_out_;
    return nullptr;
  }
  places.emplace(name, entries_.size());
  auto& entry = entries_.emplace_back();
  entry.summary.name = name;
  entry.summary.column = column;
  return &entry;
}

void KeyTable::add_numbers(Entry& entry, std::string_view value) {
  for (auto token = formats::next_value(value); !token.empty(); token = formats::next_value(value)) {
    const auto number = formats::to_number(token);
    if (number && std::isfinite(*number))
      entry.sample.add(*number);
    else
      ++entry.summary.not_finite;
  }
}

void KeyTable::add_key(const formats::InfoEntry& info) {
  Entry* entry = entry_of(info.key, false);
  if (entry == nullptr)
    return;
  auto& summary = entry->summary;
  const int numbers = count_numbers(info.value);
  const char type = type_of(info, numbers);
  if (summary.frames++ == 0) {
    summary.type = type;
    summary.width = std::max(1, numbers);
    summary.role = role_of_key(info.key, numbers);
  }
  summary.uneven = summary.uneven || type != summary.type || std::max(1, numbers) != summary.width;
  if (numbers > 0)
    add_numbers(*entry, info.value);
  count_word(entry->words, summary.many_words, info.value);
}

void KeyTable::add_column(const formats::AtomArray& array, std::size_t atoms) {
  Entry* entry = entry_of(array.name, true);
  if (entry == nullptr)
    return;
  auto& summary = entry->summary;
  if (summary.frames++ == 0) {
    summary.type = array.type;
    summary.width = array.columns;
    summary.role = role_of_column(array.name, array.type, array.columns);
  }
  summary.atoms += static_cast<std::int64_t>(atoms);
  summary.uneven = summary.uneven || array.type != summary.type || array.columns != summary.width;
  for (const auto& value : array.values)
    if (array.type == 'R' || array.type == 'I')
      add_numbers(*entry, value);
    else
      count_word(entry->words, summary.many_words, value);
}

void KeyTable::add(const formats::Frame& frame) {
  for (const auto& info : frame.info)
    add_key(info);
  for (const auto& array : frame.arrays)
    add_column(array, frame.structure.size());
}

std::vector<KeySummary> KeyTable::summaries() const {
  std::vector<KeySummary> all;
  for (const bool columns : {false, true})
    for (const auto& entry : entries_) {
      if (entry.summary.column != columns)
        continue;
      auto& summary = all.emplace_back(entry.summary);
      summary.numbers = entry.sample.range();
      summary.words.assign(entry.words.begin(), entry.words.end());
      std::sort(summary.words.begin(), summary.words.end(), [](const auto& a, const auto& b) {
        return a.second != b.second ? a.second > b.second : a.first < b.first;
      });
    }
  return all;
}

} // namespace soapstone::survey
