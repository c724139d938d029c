// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/app/iteration_progress.hpp"
#include "soapstone/parallel/communicator.hpp"

#include <string>

namespace soapstone::app {

inline constexpr const char* training_checkpoint_format = "soapstone-training"; ///< attribute "format" of "/"

/// Writes the checkpoint of an iterative solution whole or not at all. Throws IoError.
void write_iteration(const std::string& path, const TrainingIdentity& identity,
                     const IterationProgress& progress);

/// Throws IoError when the file is damaged, or its parts do not fit together.
IterationProgress read_iteration(const std::string& path);

/// Collective. Rank 0 reads, all ranks have it. Throws AgreedError.
IterationProgress read_iteration(const parallel::Communicator& comm, const std::string& path);

} // namespace soapstone::app
