// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/soap/weighted_neighbours.hpp"

#include "soapstone/base/check.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/soap/cutoff_function.hpp"
#include "soapstone/soap/radial_scaling.hpp"
#include "soapstone/soap/spherical_harmonics.hpp"

#include <algorithm>
#include <numeric>

namespace soapstone::soap {
namespace {

// The norm of a power spectrum contains fourth powers of weights, which must stay far from overflow.
constexpr double largest_weight = 1e60;

double weight_of(double r, const SoapParameters& parameters) {
  const double weight =
      cutoff_function(r, parameters.cutoff, parameters.cutoff_width) * radial_scaling(r, parameters.scaling);
  if (!(weight < largest_weight))
    throw DataError(format("two atoms are %g Å apart, where the radial scaling diverges (with "
                           "`radial_rate` = 0, atoms must not be this close)",
                           r));
  return weight;
}

} // namespace

void WeightedNeighbours::resize(int channels, int neighbours) {
  count = neighbours;
  starts.resize(static_cast<std::size_t>(channels) + 1);
  constexpr std::ptrdiff_t block = SphericalHarmonics::block;
  const auto padded = static_cast<std::size_t>((neighbours + block - 1) / block * block);
  for (auto* array : {&x, &y, &z, &distances, &weights}) {
    array->resize(padded);
    std::fill(array->begin() + neighbours, array->end(), 0.0);
  }
}

// A counting sort by channel.
void weigh_neighbours(std::span<const structure::Neighbour> neighbours, std::span<const int> channel_of_atom,
                      int channels, const SoapParameters& parameters, WeightedNeighbours& weighted) {
  weighted.resize(channels, narrow<int>(neighbours.size(), "neighbours of an atom"));
  const auto channel_of = [&](const structure::Neighbour& neighbour) {
    return static_cast<std::size_t>(channel_of_atom[static_cast<std::size_t>(neighbour.atom)]);
  };
  auto& starts = weighted.starts;
  std::fill(starts.begin(), starts.end(), 0);
  for (const auto& neighbour : neighbours)
    ++starts[channel_of(neighbour)];
  std::exclusive_scan(starts.begin(), starts.end(), starts.begin(), 0);
  for (const auto& neighbour : neighbours) {
    const auto i = static_cast<std::size_t>(starts[channel_of(neighbour)]++);
    weighted.x[i] = neighbour.displacement[0] / neighbour.distance;
    weighted.y[i] = neighbour.displacement[1] / neighbour.distance;
    weighted.z[i] = neighbour.displacement[2] / neighbour.distance;
    weighted.distances[i] = neighbour.distance;
    weighted.weights[i] = weight_of(neighbour.distance, parameters);
  }
  // Every start has moved to the next one's place: shift them back.
  for (std::size_t channel = starts.size() - 1; channel > 0; --channel)
    starts[channel] = starts[channel - 1];
  starts[0] = 0;
}

} // namespace soapstone::soap
