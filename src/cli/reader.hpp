// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/base/check.hpp"
#include "soapstone/cli/settings.hpp"
#include "soapstone/cli/value.hpp"
#include "soapstone/soap/radial_basis.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace soapstone::cli {

/// Reads typed values of one kernel, or (kernel 0) of the whole model.
class Reader {
public:
  Reader(const Settings& settings, int kernel = 0) : settings_(settings), kernel_(kernel) {}
  options::Assignment given(std::string_view name) const { return settings_.get(name, kernel_); }
  std::string text(std::string_view name) const { return given(name).value; }
  double number(std::string_view name) const { return as_number(given(name), option_named(name)); }
  std::int64_t integer(std::string_view name) const { return as_integer(given(name), option_named(name)); }
  int small(std::string_view name) const { return narrow<int>(integer(name)); }
  bool boolean(std::string_view name) const { return as_boolean(given(name), option_named(name)); }
  std::string word(std::string_view name) const { return as_word(given(name), option_named(name)); }
  bool says(std::string_view name, std::string_view word) const {
    return is_word(given(name), option_named(name)) && as_word(given(name), option_named(name)) == word;
  }

  void read(std::string_view name, double& value) const { value = number(name); }
  void read(std::string_view name, int& value) const { value = small(name); }
  void read(std::string_view name, bool& value) const { value = boolean(name); }
  void read(std::string_view name, soap::RadialBasis& value) const {
    value = soap::radial_basis_named(word(name));
  }

private:
  const Settings& settings_;
  int kernel_;
};

/// The place that a user would change: that of `a`, or that of `b` if `a` is a default.
inline std::string place_of(const options::Assignment& a, const options::Assignment& b) {
  return a.source != "default" ? a.source : b.source != "default" ? b.source : "";
}

/// The value, and that it is a default where nobody gave it: a reader would search for it in vain.
inline std::string shown(const options::Assignment& given) {
  return given.value + (given.source == "default" ? " (the default)" : "");
}

} // namespace soapstone::cli
