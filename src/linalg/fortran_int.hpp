// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/base/check.hpp"

#include <cstdint>

namespace soapstone::linalg {

/// A size on its way to Fortran: the one place where 64-bit sizes become the 32 bits of BLAS, LAPACK and
/// ScaLAPACK (LP64). Throws ResourceError where they do not fit. Converts to the pointer that Fortran wants,
/// valid for the call it is written in.
class FortranInt {
public:
  FortranInt(std::int64_t value) : value_(narrow<int>(value, "a matrix size or index")) {}
  operator const int*() const noexcept { return &value_; }
  int value() const noexcept { return value_; }

private:
  int value_;
};

/// Leading dimension as BLAS accepts it: at least 1, also for empty matrices.
inline FortranInt leading(std::int64_t ld) {
  return {ld < 1 ? 1 : ld};
}

} // namespace soapstone::linalg
