// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/options/options.hpp"
#include "soapstone/parallel/communicator.hpp"

namespace soapstone::commands {

/// Collective. Runs `inspect` for structures: reads the files, prints what looks wrong with them and writes
/// the report. Returns the exit code of the error that ended the reading early, else 0.
int survey_structures(const parallel::Communicator& comm, const options::Configuration& configuration,
                      const formats::DataSource& source);

} // namespace soapstone::commands
