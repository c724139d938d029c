// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/base/error.hpp"
#include "soapstone/formats/data_set.hpp"
#include "soapstone/survey/records.hpp"
#include "soapstone/workflow/stages.hpp"

#include <string>

namespace soapstone::workflow {

/// The frames that a data check read, and how reading ended.
struct Reading {
  survey::Collection collection; ///< on rank 0; empty elsewhere
  std::string stopped;           ///< why reading ended before the end of the files; empty: it did not
  ExitCode code = ExitCode::ok;  ///< the exit code of the program
};

/// Collective. Rank 0 reads the frames in batches, and all ranks measure their shares of each batch. Memory
/// grows by some 200 bytes per structure. Wrong input ends the reading; once some frames were read, no
/// exception is thrown.
Reading read_for_survey(Stages& stages, const formats::DataSource& source, const std::string& target);

} // namespace soapstone::workflow
