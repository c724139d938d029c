// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/app/report.hpp"
#include "soapstone/app/weight_optimization.hpp"

#include <string>

namespace soapstone::app {

/// "weights" of the report: for each kernel its number, the weight given, the one found, and its share of
/// the kernel's diagonal.
Json weights_json(const OptimizedEvaluation& result);

/// "optimization" of the report: loss (sum over targets and structures of the squared error per atom, eV^2),
/// regularisation and errors before and after, iterations, history.
Json optimization_json(const OptimizedEvaluation& result);

/// The weights before and after as a table.
std::string weights_table(const OptimizedEvaluation& result);

/// The heading (comment lines) of the configuration with the weights found, as a file that `train` takes.
std::string weights_heading(const OptimizedEvaluation& result);

} // namespace soapstone::app
