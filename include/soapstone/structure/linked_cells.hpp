// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/structure/structure.hpp"

#include <span>
#include <unordered_map>

namespace soapstone::structure {

using Index3 = std::array<std::int64_t, 3>; ///< a cell of the grid, or a shift by whole cells

/// Atoms sorted into bins that are parallelepipeds along the (completed) cell vectors, at least as thick as
/// the cutoff unless the cell is thinner. Only bins with atoms are stored: memory is linear in the number of
/// atoms, however far apart they are.
///
///     fractional coordinate s = b·r;  periodic: wrap w = floor(s), bin = floor((s - w) n);  else bin =
///     floor((s - s_min) / thickness)
class LinkedCells {
public:
  /// Precondition: finite coordinates, a cell without defect, cutoff > 0. Throws DataError for an atom too
  /// many cells away from the first, and for a cell of which the cutoff holds absurdly many images.
  LinkedCells(const Structure& structure, double cutoff);

  /// Calls visit(atom, image) for each atom j and lattice vector n = image for which r_j + n·cell may be
  /// within the cutoff of r_i.
  template <typename Visit>
  void for_candidates(std::size_t i, Visit&& visit) const;

private:
  struct Axis {
    bool periodic = false;
    std::int64_t bins = 1;
    std::int64_t reach = 1;       ///< bins on either side that the cutoff touches
    double origin = 0, scale = 1; ///< bin = floor((s - origin) * scale)
  };
  void lay_out_axes(const Structure& structure, double cutoff);
  void assign_bins();
  Index3 wrap_of(std::size_t i) const;
  Index3 bin_of(std::size_t i) const;
  static std::uint64_t key_of(const Index3& bin);
  std::span<const std::int32_t> atoms_in(const Index3& bin) const;

  std::array<Axis, 3> axes_;
  std::vector<Vec3> fractional_;
  std::vector<Index3> bins_, wraps_;                        ///< of each atom
  std::unordered_map<std::uint64_t, std::size_t> occupied_; ///< key of a bin -> its number
  std::vector<std::size_t> starts_;                         ///< number of a bin -> its first place in atoms_
  std::vector<std::int32_t> atoms_;
};

template <typename Visit>
void LinkedCells::for_candidates(std::size_t i, Visit&& visit) const {
  const Index3& home = bins_[i];
  Index3 offset{}, bin{}, image{};
  const auto place = [&](std::size_t k) { // false: beyond the last bin of a direction that does not repeat
    const std::int64_t raw = home[k] + offset[k], n = axes_[k].bins;
    image[k] = 0;
    bin[k] = raw;
    if (!axes_[k].periodic)
      return raw >= 0 && raw < n;
    image[k] = raw >= 0 ? raw / n : -((-raw + n - 1) / n);
    bin[k] = raw - image[k] * n;
    return true;
  };
  for (offset[0] = -axes_[0].reach; offset[0] <= axes_[0].reach; ++offset[0]) {
    if (!place(0))
      continue;
    for (offset[1] = -axes_[1].reach; offset[1] <= axes_[1].reach; ++offset[1]) {
      if (!place(1))
        continue;
      for (offset[2] = -axes_[2].reach; offset[2] <= axes_[2].reach; ++offset[2]) {
        if (!place(2))
          continue;
        for (const std::int32_t j : atoms_in(bin)) {
          const Index3& other = wraps_[static_cast<std::size_t>(j)];
          visit(j, Index3{image[0] - other[0] + wraps_[i][0], image[1] - other[1] + wraps_[i][1],
                          image[2] - other[2] + wraps_[i][2]});
        }
      }
    }
  }
}

} // namespace soapstone::structure
