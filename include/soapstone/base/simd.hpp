// SPDX-License-Identifier: BSD-3-Clause
#pragma once
// Vectors as wide as the target's registers, on the compiler's vector extension (g++, clang++).

#include <algorithm>
#include <cstdint>
#include <cstring>
#if defined(__AVX512F__)
#include <immintrin.h>
#endif

namespace soapstone::simd {

#if defined(__AVX512F__)
inline constexpr int lanes = 8;
#elif defined(__AVX__)
inline constexpr int lanes = 4;
#else
inline constexpr int lanes = 2;
#endif

using Vector [[gnu::vector_size(lanes * sizeof(double))]] = double;

inline Vector load(const double* from) {
  Vector value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

inline void store(double* to, const Vector& value) {
  std::memcpy(to, &value, sizeof value);
}

#if defined(__AVX512F__)
using Mask = __mmask8;
#else
/// Lanes first .. last - 1 of a vector.
struct Mask {
  int first, last;
};
#endif

/// Lanes first .. last - 1; bounds outside the vector are cut.
inline Mask lanes_between(int first, int last) {
  first = std::clamp(first, 0, lanes);
  last = std::clamp(last, first, lanes);
#if defined(__AVX512F__)
  return static_cast<Mask>((0xffu << first) & (0xffu >> (lanes - last)));
#else
  return {first, last};
#endif
}

/// Writes the lanes of `mask` to their places and leaves the rest of to[0 .. lanes - 1] alone.
inline void store(double* to, const Vector& value, Mask mask) {
#if defined(__AVX512F__)
  _mm512_mask_storeu_pd(to, mask, value);
#else
  if (mask.first == 0 && mask.last == lanes)
    return store(to, value);
  for (int lane = mask.first; lane < mask.last; ++lane)
    to[lane] = value[lane];
#endif
}

/// sums[r][v] += sum_k a[r * a_row + k * a_step] * b[k * b_step + v * lanes ...], k < depth: a matrix product
/// whose result stays in registers.
template <int Rows, int Vectors>
[[gnu::always_inline]] inline void multiply_tile(int depth, const double* a, long a_row, long a_step,
                                                 const double* b, long b_step,
                                                 Vector (&sums)[Rows][Vectors]) {
  for (int k = 0; k < depth; ++k, a += a_step, b += b_step) {
    Vector right[Vectors];
#pragma GCC unroll 16
    for (long v = 0; v < Vectors; ++v)
      right[v] = load(b + v * lanes);
#pragma GCC unroll 16
    for (int r = 0; r < Rows; ++r)
#pragma GCC unroll 16
      for (int v = 0; v < Vectors; ++v)
        sums[r][v] += a[r * a_row] * right[v];
  }
}

/// to[i] = factor * from[i], past the caches: for results that are not read again soon, which would otherwise
/// be fetched from memory only to be overwritten.
inline double* scale_past_caches(const double* from, long count, double factor, double* to) {
  long i = 0;
#if defined(__AVX512F__)
  const auto bytes = lanes * sizeof(double);
  for (; i < count && reinterpret_cast<std::uintptr_t>(to + i) % bytes != 0; ++i)
    to[i] = factor * from[i];
  for (; i + lanes <= count; i += lanes)
    _mm512_stream_pd(to + i, factor * load(from + i));
#endif
  for (; i < count; ++i)
    to[i] = factor * from[i];
  return to + count;
}

/// Four independent sums, or the latency of the addition would set the pace.
inline double sum_of_squares(const double* values, long count) {
  Vector sums[4] = {};
  long i = 0;
  constexpr long step = 4L * lanes;
  for (; i + step <= count; i += step)
    for (long v = 0; v < 4; ++v) {
      const Vector value = load(values + i + v * lanes);
      sums[v] += value * value;
    }
  const Vector sum = (sums[0] + sums[1]) + (sums[2] + sums[3]);
  double total = 0;
  for (int lane = 0; lane < lanes; ++lane)
    total += sum[lane];
  for (; i < count; ++i)
    total += values[i] * values[i];
  return total;
}

} // namespace soapstone::simd
