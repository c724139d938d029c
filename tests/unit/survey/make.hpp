// SPDX-License-Identifier: BSD-3-Clause
// Small structures and frames for the tests of this room.
#pragma once

#include "soapstone/base/random.hpp"
#include "soapstone/survey/records.hpp"

#include <cmath>
#include <string>

namespace soapstone::survey {

using structure::Structure;
using structure::Vec3;

/// Returns atoms of alternating elements on a distorted cubic lattice, in a periodic cell or in none.
inline Structure crystal(std::vector<std::uint8_t> elements, std::size_t atoms, std::uint64_t seed,
                         bool periodic) {
  Structure made;
  CounterRandom random(seed);
  const auto side = static_cast<std::size_t>(std::ceil(std::cbrt(static_cast<double>(atoms)) - 1e-9));
  const double step = 2.2;
  for (std::size_t i = 0; i < atoms; ++i) {
    made.species.push_back(elements[i % elements.size()]);
    const std::array<std::size_t, 3> place{i % side, i / side % side, i / side / side};
    Vec3 r{};
    for (std::size_t k = 0; k < 3; ++k)
      r[k] = step * static_cast<double>(place[k]) + 0.3 * random.normal();
    made.positions.push_back(r);
  }
  if (periodic) {
    made.cell.periodic = {true, true, true};
    for (std::size_t k = 0; k < 3; ++k)
      made.cell.vectors[k][k] = step * static_cast<double>(side);
  }
  return made;
}

/// Returns the same atoms in another order, rotated about an axis, moved and displaced at random by `rattle`
/// (Å).
inline Structure disguised(const Structure& original, std::uint64_t seed, double rattle) {
  CounterRandom random(seed);
  const double angle = 6 * random.uniform(), c = std::cos(angle), s = std::sin(angle);
  const auto turned = [&](const Vec3& r) { return Vec3{c * r[0] - s * r[1], s * r[0] + c * r[1], r[2]}; };
  Structure made = original;
  const auto order = random_permutation(static_cast<std::int64_t>(original.size()), seed);
  for (std::size_t i = 0; i < original.size(); ++i) {
    const auto from = static_cast<std::size_t>(order[i]);
    made.species[i] = original.species[from];
    made.positions[i] = turned(original.positions[from]);
    for (double& x : made.positions[i])
      x += 3.7 + rattle * random.normal();
  }
  for (auto& vector : made.cell.vectors)
    vector = turned(vector);
  return made;
}

/// Measures a frame with an energy and adds it to a collection.
class Adder {
public:
  explicit Adder(Collection& collection) : collection_(collection), collector_(collection, "energy") {
    collection.paths = {"a.xyz", "b.xyz"};
  }
  void operator()(const Structure& structure, double energy, int source = 0) {
    formats::Frame frame;
    frame.structure = structure;
    if (std::isfinite(energy))
      frame.info.push_back({"energy", std::to_string(energy), false});
    frame.location = {collection_.paths.at(static_cast<std::size_t>(source)), number_++, 0};
    collector_.add(frame, source);
    collection_.records.back().measures = measure(structure, {});
  }

private:
  Collection& collection_;
  Collector collector_;
  std::int64_t number_ = 0;
};

} // namespace soapstone::survey
