// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/options/options.hpp"
#include "soapstone/regression/model.hpp"

#include <string>
#include <vector>

namespace soapstone::workflow {

/// The names given for a model's targets in the order of these. Names that are all the model's are matched to
/// them; others stand for the model's targets in the order in which they are given. Throws ConfigError unless
/// they are as many, or if a name of the model is given among others in another place than the model's: it
/// would stand for something else. `source`: who gave them.
std::vector<std::string> in_order_of(const std::vector<std::string>& targets,
                                     const std::vector<std::string>& given, const std::string& source);

/// The configuration of predict with the targets that are read: data.target as in_order_of has it, or else
/// the model's own. Unit and scope are the model's unless data.target-unit or data.target-scope are given.
options::Configuration with_targets_of(const regression::Model& model,
                                       const options::Configuration& configuration,
                                       const options::WithValues& with_values);

/// Returns whether a key of the configuration was given by somebody.
bool is_given(const options::Configuration& configuration, const std::string& key);

std::vector<std::string> target_names(const regression::Model& model); ///< in the model's order

} // namespace soapstone::workflow
