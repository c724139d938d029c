// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/app/options.hpp"

#include <string>

namespace soapstone::app {

/// Names of the files that go with the output of a command and are named after it.

/// search.csv -> search.checkpoint.h5, unless the options name another
std::string search_checkpoint_file(const SearchOptions& options, const std::string& table);
std::string search_best_file(const std::string& table); ///< search.csv -> search.best.ini
/// The configuration with optimised weights, beside the table of held-out predictions; without a table
/// evaluate.best.ini.
std::string weights_ini_file(const std::string& table);
/// coupling.txt; of several kernels coupling.N.txt, N as in kernel.N. `kernel` counts from 0.
std::string coupling_file(const std::string& output, const std::vector<KernelOptions>& kernels,
                          std::size_t kernel);
std::string optimum_file(const std::string& output); ///< coupling.txt -> coupling.ini
/// coupling.txt -> coupling.checkpoint.h5, unless the options name another
std::string optimize_checkpoint_file(const SearchOptions& options, const std::string& output);

} // namespace soapstone::app
