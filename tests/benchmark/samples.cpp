// SPDX-License-Identifier: BSD-3-Clause
#include "samples.hpp"

#include "soapstone/base/random.hpp"
#include "soapstone/formats/frame.hpp"

#include <cmath>

namespace soapstone::benchmark {

std::vector<structure::Structure> read_molecules(const std::string& path, std::int64_t count) {
  std::vector<structure::Structure> molecules;
  const auto reader = formats::open_frames(path);
  formats::Frame frame;
  while (static_cast<std::int64_t>(molecules.size()) < count && reader->next(frame))
    molecules.push_back(frame.structure);
  return molecules;
}

kernel::KernelSpec organic_kernel(int n_max, int l_max) {
  kernel::KernelSpec spec;
  spec.soap.n_max = n_max;
  spec.soap.l_max = l_max;
  spec.elements = {1, 6, 7, 8, 9};
  return spec;
}

std::vector<structure::Structure> made_up_molecules(std::int64_t count) {
  std::vector<structure::Structure> molecules(static_cast<std::size_t>(count));
  double number = 0; // the first coordinate tells the molecules apart: it seeds their features
  for (auto& molecule : molecules) {
    molecule.species.assign(atoms_per_molecule, 6);
    molecule.positions.assign(atoms_per_molecule, {number, 0, 0});
    number += 1;
  }
  return molecules;
}

std::vector<structure::Structure> made_up_crystals(std::int64_t count) {
  constexpr double edge = 3.0; // between the sites of a 3 x 3 x 2 grid, of which ten are taken
  std::vector<structure::Structure> crystals(static_cast<std::size_t>(count));
  CounterRandom random(7);
  for (auto& crystal : crystals) {
    crystal.cell = {{{{3 * edge, 0, 0}, {0, 3 * edge, 0}, {0, 0, 2 * edge}}}, {true, true, true}};
    std::uint8_t kinds[4];
    for (auto& kind : kinds)
      kind = static_cast<std::uint8_t>(1 + random.below(crystal_elements));
    for (int atom = 0; atom < 10; ++atom) {
      const int site = atom * 9 / 5; // sites 0 to 16, one apart at least
      crystal.species.push_back(kinds[atom < 6 ? 0 : atom - 6]);
      crystal.positions.push_back({edge * (site % 3) + random.uniform(),
                                   edge * (site / 3 % 3) + random.uniform(),
                                   edge * (site / 9) + random.uniform()});
    }
  }
  return crystals;
}

kernel::FeatureFunction made_up_features(std::int64_t width) {
  return [width](std::span<const structure::Structure> molecules) {
    features::FeatureGroup group;
    group.segments = {{0, static_cast<std::int32_t>(width), 0}};
    group.width = width;
    const double scale = std::sqrt(12.0 / static_cast<double>(width));
    for (const auto& molecule : molecules) {
      CounterRandom random(static_cast<std::uint64_t>(molecule.positions.front()[0]));
      group.structures.push_back(static_cast<std::int32_t>(group.structures.size()));
      group.environments.push_back(static_cast<std::int32_t>(molecule.size()));
      for (std::int64_t i = 0; i < static_cast<std::int64_t>(molecule.size()) * width; ++i)
        group.values.push_back(scale * (random.uniform() - 0.5));
    }
    features::FeatureBlock block;
    block.structures = static_cast<std::int64_t>(molecules.size());
    block.groups.push_back(std::move(group));
    return block;
  };
}

} // namespace soapstone::benchmark
