// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/formats/extxyz_comment.hpp"

#include "soapstone/base/text.hpp"
#include "soapstone/formats/tokens.hpp"

#include <cmath>

namespace soapstone::formats {

namespace {

char closing(char opening) {
  switch (opening) {
  case '"':
  case '\'':
    return opening;
  case '{':
    return '}';
  case '[':
    return ']';
  default:
    return '\0';
  }
}

// Returns the length of the list with lists in it, or of the braces with braces, at the beginning of `text`,
// up to the bracket that closes the first one. Returns 0 where there is none, or something follows it, and
// npos where no bracket closes it. Brackets in double quotes do not count.
std::size_t nested_length(std::string_view text) {
  if (!text.starts_with('[') && !text.starts_with('{'))
    return 0;
  std::string open;
  bool nested = false, quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\\')
      ++i;
    else if (c == '"')
      quoted = !quoted;
    else if (!quoted && (c == '[' || c == '{')) {
      nested = nested || !open.empty();
      open += closing(c);
    } else if (!quoted && (c == ']' || c == '}')) {
      if (open.back() != c)
        break;
      open.pop_back();
      if (open.empty())
        return nested && (i + 1 == text.size() || is_blank(text[i + 1])) ? i + 1 : 0;
    }
  }
  return std::string_view::npos;
}

// Writes keys and values into `entries` as they come. `open_` tells that the key or value has begun, so that
// a blank ends it.
class EntryBuilder {
public:
  explicit EntryBuilder(std::vector<InfoEntry>& entries) : entries_(entries) { begin_entry(); }

  // A carriage return within quotes becomes a blank, since no line of an output could contain it.
  void append(char c) {
    (in_value_ ? current().value : current().key) += c == '\r' ? ' ' : c;
    open_ = true;
  }

  void open_quote() {
    current().quoted = current().quoted || in_value_;
    open_ = true;
  }

  // Returns whether a value must begin here.
  bool expects_value() const { return in_value_ && !open_ && entries_[used_ - 1].value.empty(); }

  void append_nested(std::string_view text) {
    for (const char c : text)
      append(c);
    current().nested = true;
  }

  void blank() {
    if (open_)
      begin_entry();
  }

  void equals() {
    if (!open_ && !in_value_ && used_ > 1) { // "key = ": the blank before = did not begin another entry
      --used_;
      in_value_ = previous_has_value_;
    }
    if (in_value_)
      current().value += '=';
    else
      current().value.clear();
    current().bare = current().nested = false; // a list with something behind it is a text
    in_value_ = true;
    open_ = false;
  }

  void finish() {
    const bool nothing = !open_ && !in_value_;
    end_entry();
    entries_.resize(used_ - (nothing ? 1 : 0));
  }

private:
  InfoEntry& current() { return entries_[used_ - 1]; }

  void end_entry() {
    if (in_value_)
      return;
    current().value.assign(1, 'T');
    current().bare = true;
  }

  void begin_entry() {
    previous_has_value_ = in_value_;
    if (used_ > 0)
      end_entry();
    if (used_ == entries_.size())
      entries_.emplace_back();
    ++used_;
    current().key.clear();
    current().value.clear();
    current().quoted = current().bare = current().nested = in_value_ = open_ = false;
  }

  std::vector<InfoEntry>& entries_;
  std::size_t used_ = 0;
  bool in_value_ = false, open_ = false, previous_has_value_ = false;
};

std::optional<bool> to_bool(std::string_view token) {
  if (const auto number = to_number(token))
    return *number != 0;
  const std::string word = to_lower(token);
  for (const char* yes : {"t", "true", ".true.", ".t.", "yes"})
    if (word == yes)
      return true;
  for (const char* no : {"f", "false", ".false.", ".f.", "no"})
    if (word == no)
      return false;
  return std::nullopt;
}

} // namespace

void parse_comment(std::string_view comment, std::vector<InfoEntry>& entries) {
  EntryBuilder builder(entries);
  bool escaped = false, balanced = true;
  char until = '\0';
  const auto line = trim(comment);
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (escaped) {
      builder.append(c);
      escaped = false;
    } else if (c == '\\') {
      escaped = true;
    } else if (until != '\0') {
      if (c == until)
        until = '\0';
      else
        builder.append(c);
    } else if (const auto length = balanced && builder.expects_value() ? nested_length(line.substr(i)) : 0;
               length > 0 && length != std::string_view::npos) {
      builder.append_nested(line.substr(i, length));
      i += length - 1;
    } else if (closing(c) != '\0') {
      balanced = balanced && length == 0; // saves a search to the end of the line for every further bracket
      until = closing(c);
      builder.open_quote();
    } else if (is_blank(c)) {
      builder.blank();
    } else if (c == '=') {
      builder.equals();
    } else {
      builder.append(c);
    }
  }
  builder.finish();
}

std::string_view without_json_mark(std::string_view value) {
  constexpr std::string_view mark = "_JSON";
  value = trim(value);
  return value.starts_with(mark) ? trim(value.substr(mark.size())) : value;
}

std::optional<std::array<structure::Vec3, 3>> parse_lattice(std::string_view value) {
  std::array<double, 9> numbers{};
  std::size_t count = 0;
  value = without_json_mark(value);
  for (auto token = next_value(value); !token.empty(); token = next_value(value)) {
    const auto number = to_number(token);
    if (!number || !std::isfinite(*number) || count == numbers.size())
      return std::nullopt;
    numbers[count++] = *number;
  }
  const auto& n = numbers;
  if (count == 3)
    return std::array<structure::Vec3, 3>{structure::Vec3{n[0], 0, 0}, structure::Vec3{0, n[1], 0},
                                          structure::Vec3{0, 0, n[2]}};
  if (count == 9)
    return std::array<structure::Vec3, 3>{structure::Vec3{n[0], n[1], n[2]},
                                          structure::Vec3{n[3], n[4], n[5]},
                                          structure::Vec3{n[6], n[7], n[8]}};
  return std::nullopt;
}

std::optional<std::array<bool, 3>> parse_pbc(std::string_view value) {
  std::array<bool, 3> periodic{};
  std::size_t count = 0;
  value = without_json_mark(value);
  if (value.size() == 3 && value.find_first_not_of("TtFf") == std::string_view::npos) { // TTF
    for (std::size_t k = 0; k < 3; ++k)
      periodic[k] = value[k] == 'T' || value[k] == 't';
    return periodic;
  }
  for (auto token = next_value(value); !token.empty(); token = next_value(value)) {
    const auto flag = to_bool(token);
    if (!flag || count == 3)
      return std::nullopt;
    periodic[count++] = *flag;
  }
  if (count == 1)
    periodic = {periodic[0], periodic[0], periodic[0]};
  return count == 1 || count == 3 ? std::optional(periodic) : std::nullopt;
}

} // namespace soapstone::formats
