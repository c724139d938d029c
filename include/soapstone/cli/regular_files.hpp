// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/options/options.hpp"

namespace soapstone::cli {

/// Refuses pipes, devices and folders, looking at the file system, where they could never serve: models,
/// checkpoints and other HDF5 files, and a coupling that the run reads more than once. Structures and the
/// configuration may come through a pipe, and text may go to one. Throws IoError with key and file.
void require_regular_files(const options::Configuration& configuration);

} // namespace soapstone::cli
