// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/app/options.hpp"
#include "soapstone/parallel/communicator.hpp"

namespace soapstone::app {

/// Collective. Runs `inspect` for structures: reads the files, prints what looks wrong with them and writes
/// the report. Returns the exit code of the error that ended the reading early, else 0.
int survey_structures(const parallel::Communicator& comm, const Configuration& configuration,
                      const structure::DataSource& source);

} // namespace soapstone::app
