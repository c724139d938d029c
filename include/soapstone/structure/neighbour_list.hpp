// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/structure/structure.hpp"

#include <span>

namespace soapstone::structure {

/// One neighbour of an atom: which atom (of the unit cell) it is an image of, and the vector from the centre
/// to that image, Å.
struct Neighbour {
  std::int32_t atom;
  Vec3 displacement;
  double distance;
};

/// All pairs within the cutoff; the neighbours of atom i are of(i). An atom is its own neighbour only through
/// its periodic images.
class NeighbourList {
public:
  NeighbourList(std::vector<std::int64_t> starts, std::vector<Neighbour> neighbours);
  std::span<const Neighbour> of(std::size_t atom) const;
  std::size_t pairs() const noexcept { return neighbours_.size(); }

private:
  std::vector<std::int64_t> starts_;
  std::vector<Neighbour> neighbours_;
};

/// Neighbours with distance < cutoff (Å), periodic images included, for any cell (triclinic, smaller than the
/// cutoff, partly periodic). Linked cells: linear in the number of atoms. Order within an atom's list: by
/// atom, then by image, so the result does not depend on how it was found. Throws DataError with the
/// structure's origin for coordinates that are not finite, a cell without volume along its periodic
/// directions or with too many images within the cutoff, or atoms that coincide.
NeighbourList find_neighbours(const Structure& structure, double cutoff);

/// Finds the neighbours of some atoms alone. of(i) are those of atom centres.first + i, wherever in the
/// structure they are.
NeighbourList find_neighbours(const Structure& structure, double cutoff, AtomRange centres);

} // namespace soapstone::structure
