// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/app/stages.hpp"
#include "soapstone/base/error.hpp"
#include "soapstone/structure/data_set.hpp"
#include "soapstone/survey/records.hpp"

#include <string>

namespace soapstone::app {

/// What reading the files of a data check gave.
struct Reading {
  survey::Collection collection; ///< on rank 0; empty elsewhere
  std::string stopped;           ///< why reading ended before the end of the files; empty: it did not
  ExitCode code = ExitCode::ok;  ///< what the program is to end with
};

/// Collective. Rank 0 reads the frames in batches, all ranks measure their shares of each; memory does not
/// grow with the structures but by some 200 bytes for each. Wrong input ends the reading, after some frames
/// without an exception.
Reading read_for_survey(Stages& stages, const structure::DataSource& source, const std::string& target);

} // namespace soapstone::app
