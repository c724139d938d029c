// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/formats/data_set.hpp"
#include "soapstone/options/options.hpp"
#include "soapstone/regression/baseline.hpp"

#include <cstddef>
#include <span>

namespace soapstone::workflow {

/// The configured baseline for one target of a training set.
regression::Baseline make_baseline(const options::Configuration& configuration, const formats::DataSet& train,
                                   std::size_t target);
/// Returns the same for some structures and their energies (eV each).
regression::Baseline make_baseline(const options::Configuration& configuration,
                                   std::span<const structure::Structure> structures,
                                   std::span<const double> energies, std::size_t target);

} // namespace soapstone::workflow
