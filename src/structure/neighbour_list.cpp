// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/structure/neighbour_list.hpp"

#include "soapstone/base/check.hpp"
#include "soapstone/base/error.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/structure/cell.hpp"
#include "soapstone/structure/linked_cells.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace soapstone::structure {

namespace {

constexpr std::size_t few_atoms = 64;      // below this, and without images, all pairs are faster than bins
constexpr double largest_coordinate = 1e9; // Å; differences of larger ones have no digits left that matter
constexpr double coincidence = 1e-8;       // Å

void check(const Structure& structure, double cutoff) {
  expects(cutoff > 0 && std::isfinite(cutoff), "a cutoff is a positive number");
  expects(structure.species.size() == structure.positions.size(), "one position per atom");
  narrow<std::int32_t>(structure.size(), "the number of atoms");
  for (std::size_t i = 0; i < structure.size(); ++i)
    for (const double x : structure.positions[i])
      if (!(std::abs(x) <= largest_coordinate))
        throw DataError("a coordinate of atom " + std::to_string(i) + " is " + format("%g", x) +
                        " Å: not finite, or beyond 1e9 Å");
  if (const auto defect = cell_defect(structure.cell); !defect.empty())
    throw DataError(defect);
}

[[noreturn]] void refuse_coincidence(std::size_t i, std::size_t j) {
  throw DataError("atoms " + std::to_string(i) + " and " + std::to_string(j) +
                  " (counted from 0) are at the same place, or one of them is at the place of a periodic "
                  "image of the other");
}

class ListBuilder {
public:
  ListBuilder(std::size_t atoms, double cutoff) : limit_(cutoff * cutoff * (1 + 1e-12)), cutoff_(cutoff) {
    starts_.reserve(atoms + 1);
    starts_.push_back(0);
  }

  /// False where the root can be spared.
  bool may_hold(const Vec3& displacement) const { return dot(displacement, displacement) < limit_; }

  void add(std::size_t i, std::size_t j, const Vec3& displacement) {
    if (!may_hold(displacement))
      return;
    const double distance = norm(displacement);
    if (!(distance < cutoff_))
      return;
    if (distance < coincidence)
      refuse_coincidence(i, j);
    neighbours_.push_back({static_cast<std::int32_t>(j), displacement, distance});
  }

  void end_atom() { starts_.push_back(static_cast<std::int64_t>(neighbours_.size())); }
  NeighbourList finish() { return {std::move(starts_), std::move(neighbours_)}; }

private:
  double limit_, cutoff_; ///< limit_ is a little more than the square: the root decides
  std::vector<std::int64_t> starts_;
  std::vector<Neighbour> neighbours_;
};

Vec3 difference(const Vec3& a, const Vec3& b) {
  return {a[0] - b[0], a[1] - b[1], a[2] - b[2]};
}

NeighbourList all_pairs(const Structure& structure, double cutoff, AtomRange centres) {
  ListBuilder list(centres.count, cutoff);
  for (std::size_t i = centres.first; i < centres.first + centres.count; ++i) {
    for (std::size_t j = 0; j < structure.size(); ++j)
      if (j != i)
        list.add(i, j, difference(structure.positions[j], structure.positions[i]));
    list.end_atom();
  }
  return list.finish();
}

Vec3 translation(const Cell& cell, const Index3& image) {
  Vec3 sum{};
  for (std::size_t k = 0; k < 3; ++k)
    if (cell.periodic[k])
      for (std::size_t x = 0; x < 3; ++x)
        sum[x] += static_cast<double>(image[k]) * cell.vectors[k][x];
  return sum;
}

struct Candidate {
  std::int32_t atom;
  Index3 image;
  Vec3 displacement;
  bool operator<(const Candidate& other) const {
    return std::tie(atom, image) < std::tie(other.atom, other.image);
  }
};

NeighbourList by_linked_cells(const Structure& structure, double cutoff, AtomRange centres) {
  const LinkedCells cells(structure, cutoff);
  ListBuilder list(centres.count, cutoff);
  std::vector<Candidate> candidates;
  for (std::size_t i = centres.first; i < centres.first + centres.count; ++i) {
    candidates.clear();
    cells.for_candidates(i, [&](std::int32_t j, const Index3& image) {
      const auto other = static_cast<std::size_t>(j);
      if (other == i && image == Index3{})
        return;
      const Vec3 d = difference(structure.positions[other], structure.positions[i]);
      const Vec3 t = translation(structure.cell, image);
      const Vec3 displacement{d[0] + t[0], d[1] + t[1], d[2] + t[2]};
      if (list.may_hold(displacement))
        candidates.push_back({j, image, displacement});
    });
    std::sort(candidates.begin(), candidates.end());
    for (const Candidate& candidate : candidates)
      list.add(i, static_cast<std::size_t>(candidate.atom), candidate.displacement);
    list.end_atom();
  }
  return list.finish();
}

} // namespace

NeighbourList::NeighbourList(std::vector<std::int64_t> starts, std::vector<Neighbour> neighbours)
    : starts_(std::move(starts)), neighbours_(std::move(neighbours)) {
  expects(!starts_.empty() && starts_.front() == 0 && std::is_sorted(starts_.begin(), starts_.end()) &&
              static_cast<std::size_t>(starts_.back()) == neighbours_.size(),
          "starts of a neighbour list");
}

std::span<const Neighbour> NeighbourList::of(std::size_t atom) const {
  expects(atom + 1 < starts_.size(), "an atom of the neighbour list");
  const auto begin = static_cast<std::size_t>(starts_[atom]),
             end = static_cast<std::size_t>(starts_[atom + 1]);
  return std::span(neighbours_).subspan(begin, end - begin);
}

NeighbourList find_neighbours(const Structure& structure, double cutoff) {
  return find_neighbours(structure, cutoff, {0, structure.size()});
}

NeighbourList find_neighbours(const Structure& structure, double cutoff, AtomRange centres) {
  expects(centres.first + centres.count <= structure.size(), "atoms of the structure");
  return located(structure.origin, [&] {
    check(structure, cutoff);
    const bool periodic = structure.cell.periodic != std::array<bool, 3>{};
    if (structure.size() == 0 || (!periodic && structure.size() <= few_atoms))
      return all_pairs(structure, cutoff, centres);
    return by_linked_cells(structure, cutoff, centres);
  });
}

} // namespace soapstone::structure
