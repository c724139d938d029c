// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/app/options.hpp"
#include "soapstone/parallel/communicator.hpp"

namespace soapstone::app {

/// Collective. `inspect` of structures: reads the files, prints what looks wrong with them, writes the
/// report. Returns the exit code: that of an error which ended the reading early, else 0.
int survey_structures(const parallel::Communicator& comm, const Configuration& configuration,
                      const structure::DataSource& source);

} // namespace soapstone::app
