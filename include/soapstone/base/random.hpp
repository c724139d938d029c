// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <vector>

namespace soapstone {

/// Counter-based random numbers: value i of stream s depends on (seed, s, i) alone, on every platform, so
/// that no random choice depends on the number of ranks or on the standard library. Mixing function:
/// SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
class CounterRandom {
public:
  explicit CounterRandom(std::uint64_t seed, std::uint64_t stream = 0);
  std::uint64_t operator()(); ///< next 64 uniform bits
  double uniform();           ///< next number in [0, 1), 53 bits
  double normal();            ///< next standard normal number (Box-Muller)
  /// Uniform integer in [0, bound), without modulo bias; bound > 0.
  std::uint64_t below(std::uint64_t bound);

private:
  std::uint64_t key_;
  std::uint64_t counter_ = 0;
};

/// A uniformly random permutation of 0..n-1 (Fisher-Yates).
std::vector<std::int64_t> random_permutation(std::int64_t n, std::uint64_t seed, std::uint64_t stream = 0);

} // namespace soapstone
