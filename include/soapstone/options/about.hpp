// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

namespace soapstone::options {

/// "0.1.0".
std::string version_number();

/// `--version`: the version and how the program was built: compiler and flags, MPI, HDF5, the BLAS found at
/// run time.
std::string version_text();

/// `--cite`: BibTeX of the method's paper and of the program.
std::string cite_text();

} // namespace soapstone::options
