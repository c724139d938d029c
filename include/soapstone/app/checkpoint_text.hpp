// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/app/iteration_progress.hpp"

#include <optional>
#include <string>
#include <vector>

namespace soapstone::app {

// Texts in the checkpoint of a training run. They are JSON, which nothing else sees: files of all versions
// can be read.

std::string to_text(const TrainingIdentity& identity);            ///< an object
std::string to_text(const std::vector<TargetIterations>& solved); ///< a list with an object for each target

/// Nothing where the text is not an object of strings.
std::optional<TrainingIdentity> parse_identity(const std::string& text);
/// Nothing where the text is not a list of solved targets.
std::optional<std::vector<TargetIterations>> parse_iterations(const std::string& text);

} // namespace soapstone::app
