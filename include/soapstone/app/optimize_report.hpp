// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/app/evaluation.hpp"
#include "soapstone/app/report.hpp"
#include "soapstone/search/hyperparameters.hpp"
#include "soapstone/search/optimization.hpp"

#include <string>
#include <vector>

namespace soapstone::app {

/// --output, and the files named after it: coupling.txt (of several kernels coupling.N.txt, N as in
/// kernel.N), coupling.ini, coupling.checkpoint.h5. `kernel` counts Configuration::kernels from 0.
std::string coupling_file(const Configuration& configuration, std::size_t kernel);
std::string optimum_file(const Configuration& configuration);             ///< coupling.ini
std::string optimize_checkpoint_file(const Configuration& configuration); ///< coupling.checkpoint.h5

/// "objective" at the start and after every iteration, "iterations", "evaluations", "converged", "reason";
/// "elements" and "u" (channels x elements) where there is a coupling, "couplings" of all kernels where there
/// are several; "parameters": key -> value of everything else that was optimised.
Json optimization_json(const Configuration& configuration, const search::Variables& variables,
                       const search::Hyperparameters& best, const search::OptimizationResult& result);

/// The configuration with the optimum's values, as a file that `train` takes.
std::string optimum_ini(const Configuration& configuration, const search::Variables& variables,
                        const search::Hyperparameters& best, const search::OptimizationResult& result);

/// A coupling as a file of species.coupling.
std::string optimum_coupling(const kernel::KernelSpec& spec, const search::OptimizationResult& result);

/// A running, stopped or finished optimisation, for `inspect`.
std::string describe_optimization(const search::Optimization& state);

} // namespace soapstone::app
