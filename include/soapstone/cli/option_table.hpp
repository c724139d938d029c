// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/base/error.hpp"
#include "soapstone/cli/command_table.hpp"

#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace soapstone::cli {

/// Says what the text of a value must look like.
enum class ValueKind {
  flag,           ///< boolean that needs no value on the command line
  boolean,        ///< true false yes no on off 1 0
  number,         ///< finite number within the bounds
  integer,        ///< integer within the bounds
  word,           ///< one of the words
  text,           ///< anything
  file,           ///< a path
  elements,       ///< comma-separated chemical symbols
  atom_energies,  ///< H:-0.5,C:-37.8
  element_values, ///< the same of other values
  contraction,    ///< number of features, or a residual variance in (0, 1)
  sizes,          ///< a,b,c or lo:hi:n or lo:hi:logN: numbers of structures
  grid            ///< ROWSxCOLUMNS
};

/// Allowed numbers: low <= x <= high, or low < x if `open`.
struct Bounds {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool open = false;
};

/// One row of the table from which the command line, the configuration file, --help and the effective
/// configuration come.
struct Option {
  std::string_view name = {}; ///< "soap.cutoff"; without a dot: an option of the program such as "output"
  ValueKind kind = ValueKind::text;
  std::string_view default_text = {}; ///< empty: not set
  std::string_view unit = {};         ///< what --help calls the value: "Å", "FILE"
  std::string_view meaning = {};
  CommandSet used_by = sets::none;
  Bounds bounds = {};
  std::string_view words = {}; ///< words accepted (besides numbers or paths), separated by |
  CommandSet required_by = sets::none;
  bool repeatable = false;
  bool per_kernel = false;                 ///< also as kernel.1.*, kernel.2.*, ...
  bool scannable = false;                  ///< `search` takes ranges
  CommandSet also_scanned_by = sets::none; ///< other commands that do
};

/// All keys, in the order of --help and of the effective configuration.
std::span<const Option> option_table();

/// The row of a name that is in the table; throws InternalError otherwise.
const Option& option_named(std::string_view name);

/// A key as users write it, found in the table. kernel: N of kernel.N.*, else 0.
struct KeyMatch {
  const Option* option = nullptr;
  int kernel = 0;
};
/// The row of a key as users write it, or nothing.
std::optional<KeyMatch> match_key(const std::string& key);

/// The error for a key that match_key does not find, with the nearest key that the commands in `set` take.
ConfigError unknown_key(const std::string& key, const std::string& where, CommandSet set = sets::all);

/// "soap" of "soap.cutoff", empty for the program's own options.
std::string_view section_of(const Option& option);

} // namespace soapstone::cli
