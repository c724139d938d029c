// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/survey/roles.hpp"
#include "soapstone/survey/sample.hpp"

#include <unordered_map>

namespace soapstone::survey {

/// The values of one key, or of one column, in all frames.
struct KeySummary {
  std::string name;
  bool column = false;
  char type = 'S';                    ///< of a column as in Properties; of a key R (numbers), L (T or F) or S
  int width = 1;                      ///< numbers of a value or columns, in the first frame that has it
  bool uneven = false;                ///< other frames have it with another width or type
  std::int64_t frames = 0, atoms = 0; ///< frames that have it; atoms for a column
  std::int64_t not_finite = 0;        ///< numbers that are NaN or infinite
  Range numbers;                      ///< of all components
  std::vector<std::pair<std::string, std::int64_t>> words; ///< distinct values and their counts, by count
  bool many_words = false; ///< there are too many values for `words`, which is empty
  Role role = Role::other;
};

/// Collects keys of comment lines and columns over frames, in bounded memory.
class KeyTable {
public:
  void add(const formats::Frame& frame);
  /// Returns the keys in the order of their first appearance, columns last.
  std::vector<KeySummary> summaries() const;
  std::int64_t keys_left_out() const noexcept { return left_out_; } ///< beyond the first 200 names

private:
  struct Entry {
    KeySummary summary;
    Sample sample;
    std::unordered_map<std::string, std::int64_t> words;
  };
  Entry* entry_of(const std::string& name, bool column);
  void add_key(const formats::InfoEntry& info);
  void add_column(const formats::AtomArray& array, std::size_t atoms);
  void add_numbers(Entry& entry, std::string_view value);

  std::vector<Entry> entries_;
  std::unordered_map<std::string, std::size_t> keys_, columns_;
  std::int64_t left_out_ = 0;
};

} // namespace soapstone::survey
