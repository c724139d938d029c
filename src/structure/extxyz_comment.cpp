// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/structure/extxyz_comment.hpp"

#include "soapstone/base/text.hpp"
#include "soapstone/structure/tokens.hpp"

#include <cmath>

namespace soapstone::structure {

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

// Writes keys and values into `entries` as they come. `open_`: what is being written has begun, so that a
// blank ends it.
class EntryBuilder {
public:
  explicit EntryBuilder(std::vector<InfoEntry>& entries) : entries_(entries) { begin_entry(); }

  // A carriage return within a line, in quotes: no line that is written could hold it.
  void append(char c) {
    (in_value_ ? current().value : current().key) += c == '\r' ? ' ' : c;
    open_ = true;
  }

  void open_quote() {
    current().quoted = current().quoted || in_value_;
    open_ = true;
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
    in_value_ = true;
    open_ = false;
  }

  void finish() {
    const bool nothing = !open_ && !in_value_;
    if (!in_value_)
      current().value.assign(1, 'T');
    entries_.resize(used_ - (nothing ? 1 : 0));
  }

private:
  InfoEntry& current() { return entries_[used_ - 1]; }

  void begin_entry() {
    previous_has_value_ = in_value_;
    if (used_ > 0 && !in_value_)
      current().value.assign(1, 'T');
    if (used_ == entries_.size())
      entries_.emplace_back();
    ++used_;
    current().key.clear();
    current().value.clear();
    current().quoted = in_value_ = open_ = false;
  }

  std::vector<InfoEntry>& entries_;
  std::size_t used_ = 0;
  bool in_value_ = false, open_ = false, previous_has_value_ = false;
};

std::optional<bool> to_bool(std::string_view token) {
  if (const auto number = to_number(token))
    return *number != 0;
  const std::string word = to_lower(token);
  if (word == "t" || word == "true")
    return true;
  if (word == "f" || word == "false")
    return false;
  return std::nullopt;
}

} // namespace

void parse_comment(std::string_view comment, std::vector<InfoEntry>& entries) {
  EntryBuilder builder(entries);
  bool escaped = false;
  char until = '\0';
  for (const char c : trim(comment)) {
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
    } else if (closing(c) != '\0') {
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

std::optional<std::array<Vec3, 3>> parse_lattice(std::string_view value) {
  std::array<Vec3, 3> vectors{};
  for (Vec3& vector : vectors)
    for (double& x : vector) {
      const auto number = to_number(next_value(value));
      if (!number || !std::isfinite(*number))
        return std::nullopt;
      x = *number;
    }
  return next_value(value).empty() ? std::optional(vectors) : std::nullopt;
}

std::optional<std::array<bool, 3>> parse_pbc(std::string_view value) {
  std::array<bool, 3> periodic{};
  std::size_t count = 0;
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

} // namespace soapstone::structure
