// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/options/options.hpp"
#include "soapstone/report/report.hpp"
#include "soapstone/search/hyperparameters.hpp"
#include "soapstone/search/optimization.hpp"

#include <string>
#include <vector>

namespace soapstone::report {

/// "objective" at the start and after every iteration, "iterations", "evaluations", "converged", "reason";
/// "elements" and "u" (channels x elements) where there is a coupling, "couplings" of all kernels where there
/// are several; "parameters": key -> value of everything else that was optimised.
Json optimization_json(const options::Configuration& configuration, const search::Variables& variables,
                       const search::Hyperparameters& best, const search::OptimizationResult& result);

/// The two parts of a configuration file of the optimum, which `train` takes: its heading (comment lines),
/// ...
std::string optimum_heading(const search::OptimizationResult& result);
/// ... and its keys, with the optimum's values and with the couplings in the files named after `output`.
std::vector<options::EffectiveKey> optimum_keys(const options::Configuration& configuration,
                                                const search::Variables& variables,
                                                const search::Hyperparameters& best,
                                                const std::string& output);

/// A coupling as a file of species.coupling.
std::string optimum_coupling(const kernel::KernelSpec& spec, const search::OptimizationResult& result);

/// A running, stopped or finished optimisation, for `inspect`.
std::string describe_optimization(const search::Optimization& state);

} // namespace soapstone::report
