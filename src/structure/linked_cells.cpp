// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/structure/linked_cells.hpp"

#include "soapstone/base/error.hpp"
#include "soapstone/structure/cell.hpp"

#include <algorithm>
#include <cmath>

namespace soapstone::structure {

namespace {

constexpr double margin = 1e-6; // on the cutoff, for the rounding of fractional coordinates
constexpr std::int64_t most_bins = std::int64_t{1} << 20; // along an axis: three fit one 64-bit key
constexpr double most_wraps = 1e9;                        // cells between an atom and the home cell
constexpr double most_images = 1e7;                       // of the cell within the cutoff
constexpr double most_candidates = 1e6; // per atom; at the density of solids reached with a cutoff of 100 Å

} // namespace

LinkedCells::LinkedCells(const Structure& structure, double cutoff) {
  lay_out_axes(structure, cutoff);
  assign_bins();
}

void LinkedCells::lay_out_axes(const Structure& structure, double cutoff) {
  const auto reciprocal = reciprocal_vectors(completed_vectors(structure.cell));
  fractional_.reserve(structure.size());
  for (const Vec3& r : structure.positions)
    fractional_.push_back({dot(reciprocal[0], r), dot(reciprocal[1], r), dot(reciprocal[2], r)});
  const double reach = cutoff * (1 + margin);
  double images = 1, candidates = static_cast<double>(structure.size());
  for (std::size_t k = 0; k < 3; ++k) {
    Axis& axis = axes_[k];
    const double thickness = 1 / norm(reciprocal[k]); // of the cell, or 1 Å
    axis.periodic = structure.cell.periodic[k];
    if (axis.periodic) {
      axis.bins =
          static_cast<std::int64_t>(std::clamp(thickness / reach, 1.0, static_cast<double>(most_bins)));
      axis.scale = static_cast<double>(axis.bins);
      images *= 2 * std::ceil(reach * axis.scale / thickness) + 1;
      candidates /= axis.scale; // in one bin
      axis.reach =
          static_cast<std::int64_t>(std::min(std::ceil(reach * axis.scale / thickness), most_images));
      continue;
    }
    const auto [least, most] = std::minmax_element(fractional_.begin(), fractional_.end(),
                                                   [k](const Vec3& a, const Vec3& b) { return a[k] < b[k]; });
    const double extent = (*most)[k] - (*least)[k];
    const double width = std::max(reach, extent / static_cast<double>(most_bins - 1));
    axis.origin = (*least)[k];
    axis.scale = 1 / width;
    axis.bins = static_cast<std::int64_t>(extent / width) + 1;
    candidates *= std::min(1.0, 3 / static_cast<double>(axis.bins));
  }
  if (images > most_images || candidates * images > most_candidates)
    throw DataError("the cell is too small, too oblique or too full: more than " +
                    std::to_string(static_cast<long long>(most_candidates)) +
                    " atoms may lie within the cutoff of each atom; are the cell vectors in Å?");
}

void LinkedCells::assign_bins() {
  std::vector<std::size_t> numbers(fractional_.size());
  bins_.reserve(fractional_.size());
  wraps_.reserve(fractional_.size());
  for (std::size_t i = 0; i < fractional_.size(); ++i) {
    wraps_.push_back(wrap_of(i));
    bins_.push_back(bin_of(i));
    const auto [place, is_new] = occupied_.try_emplace(key_of(bins_[i]), occupied_.size());
    numbers[i] = place->second;
  }
  starts_.assign(occupied_.size() + 1, 0);
  for (const std::size_t number : numbers)
    ++starts_[number + 1];
  for (std::size_t b = 0; b < occupied_.size(); ++b)
    starts_[b + 1] += starts_[b];
  atoms_.resize(fractional_.size());
  auto next = starts_;
  for (std::size_t i = 0; i < numbers.size(); ++i)
    atoms_[next[numbers[i]]++] = static_cast<std::int32_t>(i);
}

Index3 LinkedCells::wrap_of(std::size_t i) const {
  Index3 wrap{};
  for (std::size_t k = 0; k < 3; ++k) {
    if (!axes_[k].periodic)
      continue;
    const double whole = std::floor(fractional_[i][k]);
    if (std::abs(whole) > most_wraps)
      throw DataError("atom " + std::to_string(i) + " lies more than 1e9 cells away from the origin");
    wrap[k] = static_cast<std::int64_t>(whole);
  }
  return wrap;
}

Index3 LinkedCells::bin_of(std::size_t i) const {
  Index3 bin{};
  for (std::size_t k = 0; k < 3; ++k) {
    const double s = fractional_[i][k] - static_cast<double>(wraps_[i][k]) - axes_[k].origin;
    bin[k] = std::clamp(static_cast<std::int64_t>(s * axes_[k].scale), std::int64_t{0}, axes_[k].bins - 1);
  }
  return bin;
}

std::uint64_t LinkedCells::key_of(const Index3& bin) {
  return (static_cast<std::uint64_t>(bin[0]) << 42) | (static_cast<std::uint64_t>(bin[1]) << 21) |
         static_cast<std::uint64_t>(bin[2]);
}

std::span<const std::int32_t> LinkedCells::atoms_in(const Index3& bin) const {
  const auto found = occupied_.find(key_of(bin));
  if (found == occupied_.end())
    return {};
  return {atoms_.data() + starts_[found->second], atoms_.data() + starts_[found->second + 1]};
}

} // namespace soapstone::structure
