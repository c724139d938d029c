// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/planning/solver_plan.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace soapstone::planning {

/// Sizes of a curve up to `largest`: it and five times its half, as long as that is 1 or more.
std::vector<std::int64_t> default_sizes(std::int64_t largest);

/// learning-curve.sizes, or the default up to data.train, out of `structures` of which data.test are set
/// aside. Throws ConfigError (learning-curve.sizes) when there are not enough.
std::vector<std::int64_t> curve_sizes(const options::Configuration& configuration, std::size_t structures);

/// The run of one repeat, in whose training set all sizes are nested.
TrainingProblem curve_problem(const options::Configuration& configuration,
                              std::vector<kernel::KernelSpec> kernels,
                              std::span<const structure::Structure> train,
                              std::span<const structure::Structure> test, std::size_t sizes);

} // namespace soapstone::planning
