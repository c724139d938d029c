// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/soap/parameters.hpp"
#include "soapstone/structure/neighbour_list.hpp"

#include <span>
#include <vector>

namespace soapstone::soap {

/// Neighbours of one centre with their weights f_c(r) u(r) (eq. 21), sorted by species channel, as arrays
/// padded to whole blocks of 8.
struct WeightedNeighbours {
  int count = 0;
  std::vector<int> starts;                ///< neighbours of channel a are starts[a] .. starts[a + 1] - 1
  std::vector<double> x, y, z;            ///< unit vectors from the centre
  std::vector<double> distances, weights; ///< Å and none

  int channels() const { return static_cast<int>(starts.size()) - 1; }
  /// Room for that many; the padding gets weight 0.
  void resize(int channels, int neighbours);
};

/// Fills `weighted` from the neighbours of one atom; atom i belongs to channel channel_of_atom[i] < channels.
/// Within a channel the order stays. Throws DataError where the radial scaling diverges because two atoms are
/// too close (rate 0).
void weigh_neighbours(std::span<const structure::Neighbour> neighbours, std::span<const int> channel_of_atom,
                      int channels, const SoapParameters& parameters, WeightedNeighbours& weighted);

} // namespace soapstone::soap
