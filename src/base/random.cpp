// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/base/random.hpp"

#include "soapstone/base/check.hpp"

#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>

namespace soapstone {

namespace {

constexpr std::uint64_t golden_gamma = 0x9e3779b97f4a7c15ULL;

/// SplitMix64's output function: a bijection of 64 bits without visible structure.
std::uint64_t mix(std::uint64_t z) {
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31U);
}

} // namespace

CounterRandom::CounterRandom(std::uint64_t seed, std::uint64_t stream)
    : key_(mix(mix(seed + golden_gamma) ^ (stream * golden_gamma))) {}

std::uint64_t CounterRandom::operator()() {
  return mix(key_ + ++counter_ * golden_gamma);
}

double CounterRandom::uniform() {
  return static_cast<double>((*this)() >> 11U) * 0x1p-53;
}

double CounterRandom::normal() {
  const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
  return radius * std::cos(2.0 * std::numbers::pi * uniform());
}

std::uint64_t CounterRandom::below(std::uint64_t bound) {
  expects(bound > 0, "a positive bound");
  const std::uint64_t rejected =
      (0 - bound) % bound; // 2^64 mod bound: the values that would make low results likelier
  std::uint64_t bits = (*this)();
  while (bits < rejected)
    bits = (*this)();
  return bits % bound;
}

std::vector<std::int64_t> random_permutation(std::int64_t n, std::uint64_t seed, std::uint64_t stream) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  CounterRandom random(seed, stream);
  for (std::size_t i = order.size(); i > 1; --i)
    std::swap(order[i - 1], order[random.below(i)]);
  return order;
}

} // namespace soapstone
