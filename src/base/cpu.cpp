// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/base/cpu.hpp"

namespace soapstone {

// The compiler's macros say what the flags of the build allowed it to use.
const char* missing_instructions() {
#ifdef __x86_64__
  __builtin_cpu_init();
#endif
#ifdef __AVX512VL__
  if (!__builtin_cpu_supports("avx512vl") || !__builtin_cpu_supports("avx512bw") ||
      !__builtin_cpu_supports("avx512dq"))
    return "AVX-512";
#endif
#ifdef __AVX2__
  if (!__builtin_cpu_supports("avx2"))
    return "AVX2";
#endif
#ifdef __FMA__
  if (!__builtin_cpu_supports("fma"))
    return "FMA";
#endif
#ifdef __BMI2__
  if (!__builtin_cpu_supports("bmi2"))
    return "BMI2";
#endif
  return nullptr;
}

} // namespace soapstone
