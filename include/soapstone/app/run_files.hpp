// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/app/options.hpp"

#include <string>
#include <vector>

namespace soapstone::app {

/// The file of `output`, or the name that the command gives it otherwise; empty: none is written.
std::string output_file(const Configuration& configuration);

/// What a key stands for: a search may have several couplings.
std::vector<std::string> values_of(const Configuration& configuration, const Assignment& given);

/// The files that a run writes under names that follow from the output's; checkpoints among them.
std::vector<std::string> files_beside_the_output(const Configuration& configuration);

/// No file is written twice, or read and then written over, whatever its name: with ./, by a link, as one of
/// those of a folder that is read, or as a file that goes with the output. Looks at the file system. Throws
/// ConfigError with the key of what is written.
void require_distinct_files(const Configuration& configuration);

} // namespace soapstone::app
