// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <vector>

namespace soapstone::linalg {

/// Holds what BLAS the process runs on, found at run time (dlsym), so that any BLAS can be linked.
struct BlasInfo {
  std::string library; ///< e.g. "OpenBLAS 0.3.21", "MKL", "BLIS", or "unknown (reference BLAS?)"
  std::string core;    ///< OpenBLAS core type, e.g. "SkylakeX"; empty if unknown
  int threads = 0;     ///< 0 if unknown
};

BlasInfo blas_info(); ///< of the library that is loaded now

/// Sets the number of BLAS threads of this process where the library allows it; returns whether it did.
bool set_blas_threads(int threads);

/// Returns whether this CPU has AVX-512.
bool cpu_has_avx512();

/// Advice for the user, one sentence with the remedy each: reference BLAS, an AVX2 core type on an AVX-512
/// CPU, more ranks x threads than cores on this node. Empty when all is well.
std::vector<std::string> blas_warnings(const BlasInfo& info, int ranks_on_node, int threads_per_rank,
                                       int cores, bool avx512 = cpu_has_avx512());

/// Before the first product of a process. OpenBLAS maps a buffer then, and where it gets none (ulimit -v) it
/// tries for ever: throws ResourceError instead.
void require_blas_memory();

/// GFLOP/s of one dgemm of order n in this process now: the machine's own limit that stages are compared
/// with.
double measure_dgemm_gflops(int n = 1024, double seconds = 0.2);

} // namespace soapstone::linalg
