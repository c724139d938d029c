// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/parallel/communicator.hpp"

#include <string>
#include <vector>

namespace soapstone::commands {

/// Collective. The whole program after MPI's start: parses the arguments (without the program's name), runs
/// the command, returns the exit code. Throws what the command throws.
int run_program(const parallel::Communicator& comm, const std::vector<std::string>& arguments);

} // namespace soapstone::commands
