// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/app/options.hpp"

#include <string>
#include <vector>

namespace soapstone::app {

/// Returns the file of `output`, or the name that the command gives it otherwise; empty if none is written.
std::string output_file(const Configuration& configuration);

/// Returns the values of a key. In a search it may have several, as species.coupling.
std::vector<std::string> values_of(const Configuration& configuration, const Assignment& given);

/// Returns the files, checkpoints among them, that a run writes under names that follow from the output's.
std::vector<std::string> files_beside_the_output(const Configuration& configuration);

/// Throws ConfigError, with the key of the file that is written, if a file would be written twice, or read
/// and then written over, whatever its name: with ./, by a link, as one of those of a folder that is read, or
/// as a file that goes with the output. Looks at the file system.
void require_distinct_files(const Configuration& configuration);

} // namespace soapstone::app
