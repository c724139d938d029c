// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/options/about.hpp"

#include "soapstone/base/text.hpp"
#include "soapstone/linalg/blas_runtime.hpp"
#include "soapstone/parallel/mpi.hpp"

#include <array>

// From cmake/SoapstoneVersion.cmake.
#ifndef SOAPSTONE_VERSION
#define SOAPSTONE_VERSION "unknown"
#endif
#ifndef SOAPSTONE_BUILD_TYPE
#define SOAPSTONE_BUILD_TYPE "unknown"
#endif
#ifndef SOAPSTONE_BUILD_FLAGS
#define SOAPSTONE_BUILD_FLAGS ""
#endif
#ifndef SOAPSTONE_HDF5
#define SOAPSTONE_HDF5 "unknown"
#endif
#ifndef SOAPSTONE_COMPILER
#define SOAPSTONE_COMPILER __VERSION__
#endif

namespace soapstone::options {

namespace {

/// First line of what MPI says of itself; allowed before MPI_Init.
std::string mpi_library() {
  std::array<char, MPI_MAX_LIBRARY_VERSION_STRING> text{};
  int length = 0;
  MPI_Get_library_version(text.data(), &length);
  const std::string all(text.data(), static_cast<std::size_t>(length));
  return all.substr(0, all.find_first_of(",\n"));
}

std::string blas_library() {
  const auto info = linalg::blas_info();
  std::string text = info.library;
  if (!info.core.empty())
    text += ", kernels for " + info.core;
  if (info.threads > 0)
    text += format(", %d thread%s by default", info.threads, info.threads == 1 ? "" : "s");
  return text;
}

} // namespace

std::string version_number() {
  return SOAPSTONE_VERSION;
}

std::string version_text() {
  return "soapstone " SOAPSTONE_VERSION "\n"
         "compiler  " SOAPSTONE_COMPILER "\n"
         "build     " SOAPSTONE_BUILD_TYPE "\n"
         "flags     " SOAPSTONE_BUILD_FLAGS "\n"
         "MPI       " +
         mpi_library() + "\nHDF5      " + SOAPSTONE_HDF5 + "\nBLAS      " + blas_library() +
         "\nlicence   BSD-3-Clause\n";
}

std::string cite_text() {
  return R"(% The method: radial scaling and alchemical species coupling of SOAP.
@article{willatt2018feature,
  author  = {Willatt, Michael J. and Musil, F{\'e}lix and Ceriotti, Michele},
  title   = {Feature optimization for atomistic machine learning yields a data-driven construction
             of the periodic table of the elements},
  journal = {Phys. Chem. Chem. Phys.},
  volume  = {20},
  pages   = {29661--29668},
  year    = {2018},
  doi     = {10.1039/C8CP05921G}
}

% The program.
@software{soapstone,
  author  = {{The soapstone developers}},
  title   = {soapstone: kernel ridge regression on optimised SOAP representations},
  version = {)" SOAPSTONE_VERSION
         R"(}
}
)";
}

} // namespace soapstone::options
