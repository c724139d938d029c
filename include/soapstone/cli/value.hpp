// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/cli/option_table.hpp"
#include "soapstone/kernel/projection.hpp"
#include "soapstone/options/assignment.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace soapstone::cli {

/// Throws ConfigError ("key = value: expected ...") unless the value is one that the option takes.
void check_value(const options::Assignment& given, const Option& option);

/// "a number > 0", "an integer >= 1 or all": what an option takes, for error messages.
std::string expected_value(const Option& option);

/// Typed values. Each throws ConfigError with key, value, what was expected and where.
double as_number(const options::Assignment& given, const Option& option);
std::int64_t as_integer(const options::Assignment& given, const Option& option); ///< within the bounds
bool as_boolean(const options::Assignment& given, const Option& option); ///< true false yes no on off 1 0
/// The word of the table that the value spells (any case).
std::string as_word(const options::Assignment& given, const Option& option);
/// Atomic numbers, ascending, none twice.
std::vector<int> as_elements(const options::Assignment& given, const Option& option);
/// Atomic number -> value: of energies of atoms, or other properties of elements.
std::map<int, double> as_element_values(const options::Assignment& given, const Option& option);
/// A number of features, or a residual variance below 1.
kernel::ContractionGoal as_contraction(const options::Assignment& given, const Option& option);
/// Numbers of structures >= 1, ascending, none twice; what a range stands for is rounded to integers.
std::vector<std::int64_t> as_sizes(const options::Assignment& given, const Option& option);

/// Returns whether the value is one of the option's words (any case).
bool is_word(const options::Assignment& given, const Option& option);

} // namespace soapstone::cli
