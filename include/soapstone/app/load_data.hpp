// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/app/data_elements.hpp"
#include "soapstone/app/options.hpp"
#include "soapstone/app/stages.hpp"
#include "soapstone/structure/data_set.hpp"

#include <span>
#include <string>
#include <vector>

namespace soapstone::app {

/// Collective. Rank 0 reads, all ranks get the data set (stage "read"). Errors of reading are agreed. Throws
/// ConfigError when no structures are given and DataError when the files hold none.
structure::DataSet load_data(Stages& stages, const DataOptions& options, structure::Presence targets_are);
/// The same from another source, or with other targets.
structure::DataSet load_data(Stages& stages, const structure::DataSource& source,
                             const std::vector<structure::TargetSpec>& targets,
                             structure::Presence targets_are);

/// Collective. Gives the structures of rank 0, without their origins, to all ranks.
void share_structures(const parallel::Communicator& comm, std::vector<structure::Structure>& structures);

} // namespace soapstone::app
