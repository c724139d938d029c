// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/survey/fingerprint.hpp"

#include "soapstone/base/random.hpp"
#include "soapstone/structure/elements.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace soapstone::survey {

using structure::Structure;

namespace {

using Channels = std::array<double, fingerprint_channels>;
struct Weights {
  Channels own, as_neighbour;
};
constexpr std::size_t elements = structure::max_atomic_number + 1;
using Table = std::array<Weights, elements>;

Table random_weights() {
  Table table{};
  for (std::size_t z = 0; z < table.size(); ++z) {
    CounterRandom random(20, z);
    for (double& weight : table[z].own)
      weight = 0.5 + random.uniform();
    for (double& weight : table[z].as_neighbour)
      weight = 0.5 + random.uniform();
  }
  return table;
}

/// Computes Σ_j w_jk T_k(2 s - 1) (1 - s)² over the neighbours j of an atom; weight(j)[k] is w_jk.
template <typename Weight>
Channels spectrum(std::span<const structure::Neighbour> around, const Weight& weight) {
  Channels sum{};
  for (const auto& neighbour : around) {
    const double s = neighbour.distance * neighbour.distance / (fingerprint_cutoff * fingerprint_cutoff);
    const double t = 2 * s - 1, fade = (1 - s) * (1 - s);
    const Channels& factors = weight(static_cast<std::size_t>(neighbour.atom));
    double before = t, now = 1; // T_-1 = T_1
    for (std::size_t k = 0; k < fingerprint_channels; ++k) {
      sum[k] += factors[k] * fade * now;
      const double next = 2 * t * now - before;
      before = now;
      now = next;
    }
  }
  return sum;
}

/// Adds to out[k] the mean over the atoms of u_k(z) |x_k - m_k(z)|, where m is the mean over the same
/// element.
void add_deviations(const Structure& structure, const std::vector<Channels>& values, const Table& weights,
                    float* out) {
  std::vector<Channels> means(elements, Channels{});
  std::array<double, elements> counts{};
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto z = structure.species[i];
    counts[z] += 1;
    for (std::size_t k = 0; k < fingerprint_channels; ++k)
      means[z][k] += (values[i][k] - means[z][k]) / counts[z];
  }
  Channels sums{};
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto z = structure.species[i];
    for (std::size_t k = 0; k < fingerprint_channels; ++k)
      sums[k] += weights[z].own[k] * std::abs(values[i][k] - means[z][k]);
  }
  for (std::size_t k = 0; k < fingerprint_channels; ++k)
    out[k] = static_cast<float>(sums[k] / static_cast<double>(values.size()));
}

/// Mixes the bits of a number as SplitMix64 does.
std::uint64_t mixed(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

std::uint64_t combined(std::uint64_t hash, double value) {
  return mixed(hash ^ std::bit_cast<std::uint64_t>(value + 0.0)); // -0 becomes 0
}

} // namespace

Fingerprint fingerprint(const Structure& structure, const structure::NeighbourList& neighbours) {
  static const Table weights = random_weights();
  constexpr double damping = 0.25;
  std::vector<Channels> first(structure.size()), second(structure.size()), factors(structure.size());
  Channels means{};
  for (std::size_t i = 0; i < structure.size(); ++i) {
    first[i] = spectrum(neighbours.of(i), [&](std::size_t j) -> const Channels& {
      return weights[structure.species[j]].as_neighbour;
    });
    for (std::size_t k = 0; k < fingerprint_channels; ++k) {
      means[k] += weights[structure.species[i]].own[k] * first[i][k] / static_cast<double>(structure.size());
      factors[i][k] = damping * weights[structure.species[i]].as_neighbour[k] * std::sin(first[i][k]);
    }
  }
  for (std::size_t i = 0; i < structure.size(); ++i)
    second[i] = spectrum(neighbours.of(i), [&](std::size_t j) -> const Channels& { return factors[j]; });
  Fingerprint found{};
  std::copy(means.begin(), means.end(), found.begin());
  add_deviations(structure, first, weights, found.data() + fingerprint_channels);
  add_deviations(structure, second, weights, found.data() + 2 * fingerprint_channels);
  return found;
}

double near_tolerance(std::size_t atoms) {
  return 0.005 / std::sqrt(static_cast<double>(atoms));
}

std::uint64_t exact_hash(const Structure& structure) {
  std::uint64_t sum = structure.size(); // a sum over the atoms does not depend on their order
  for (std::size_t i = 0; i < structure.size(); ++i) {
    std::uint64_t atom = mixed(structure.species[i]);
    for (const double x : structure.positions[i])
      atom = combined(atom, x);
    sum += atom;
  }
  std::uint64_t hash = mixed(sum);
  for (std::size_t k = 0; k < 3; ++k) {
    hash = mixed(hash ^ (structure.cell.periodic[k] ? 2U : 1U));
    if (structure.cell.periodic[k])
      for (const double x : structure.cell.vectors[k])
        hash = combined(hash, x);
  }
  return hash;
}

} // namespace soapstone::survey
