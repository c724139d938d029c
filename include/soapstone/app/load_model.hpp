// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/app/stages.hpp"
#include "soapstone/regression/model.hpp"

namespace soapstone::app {

/// Collective. Every rank reads the model file (stage "read model"); errors are agreed.
regression::Model load_model(Stages& stages, const std::string& path);

} // namespace soapstone::app
