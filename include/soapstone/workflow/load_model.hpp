// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/regression/model.hpp"
#include "soapstone/workflow/stages.hpp"

namespace soapstone::workflow {

/// Collective. Every rank reads the model file (stage "read model"); errors are agreed.
regression::Model load_model(Stages& stages, const std::string& path);

} // namespace soapstone::workflow
