// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/formats/data_set.hpp"
#include "soapstone/options/options.hpp"
#include "soapstone/workflow/data_elements.hpp"
#include "soapstone/workflow/stages.hpp"

#include <span>
#include <string>
#include <vector>

namespace soapstone::workflow {

/// Collective. Rank 0 reads, all ranks get the data set (stage "read"). Errors of reading are agreed. Throws
/// ConfigError when no structures are given and DataError when the files hold none.
formats::DataSet load_data(Stages& stages, const options::DataOptions& options,
                           formats::Presence targets_are);
/// Returns the same from another source, or with other targets.
formats::DataSet load_data(Stages& stages, const formats::DataSource& source,
                           const std::vector<formats::TargetSpec>& targets, formats::Presence targets_are);

/// Collective. Gives the structures of rank 0, without their origins, to all ranks.
void share_structures(const parallel::Communicator& comm, std::vector<structure::Structure>& structures);

} // namespace soapstone::workflow
