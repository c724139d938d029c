// SPDX-License-Identifier: BSD-3-Clause
#include "atom_densities.hpp"

#include "spline_cache.hpp"

#include <algorithm>
#include <utility>

namespace soapstone::features {

namespace {

// The neighbours of so many atoms are in memory at once.
constexpr std::size_t listed_atoms = 1024;

} // namespace

AtomDensities::AtomDensities(const soap::SoapParameters& parameters, const ChannelOfElement& channel_of,
                             std::shared_ptr<EnvironmentStore> store)
    : parameters_(parameters), channel_of_(channel_of), expansion_(shared_spline(parameters)),
      store_(std::move(store)) {}

// `list` contains the neighbours of these atoms alone.
void AtomDensities::expand(const structure::NeighbourList& list, const structure::Structure& structure,
                           structure::AtomRange atoms, const soap::DensityShape& shape, DensityWork& work,
                           const Use& use) const {
  for (std::size_t i = 0; i < atoms.count; ++i) {
    const auto atom = atoms.first + i;
    structure::located(structure.origin, [&] {
      soap::weigh_neighbours(list.of(i), work.channel_of_atom, shape.channels, parameters_, work.neighbours);
    });
    expansion_.expand(work.neighbours, work.channel_of_atom[atom], parameters_.central_weight, work.expansion,
                      {shape, work.density.data()});
    use(shape, atom);
  }
}

// A store only keeps whole structures that are not large. For all others the neighbours are listed for some
// atoms at a time, which bounds the memory.
void AtomDensities::for_each(const structure::Structure& structure, structure::AtomRange atoms,
                             const std::vector<int>& channels, DensityWork& work, const Use& use) const {
  const soap::DensityShape shape = expansion_.shape(static_cast<int>(channels.size()));
  const bool stored = store_ && atoms.count == structure.size() && atoms.count <= listed_atoms;
  work.density.resize(shape.size());
  if (const auto known = stored ? store_->densities(parameters_, structure) : nullptr) {
    for (std::size_t atom = 0; atom < structure.size(); ++atom) {
      std::copy_n(known->data() + atom * shape.size(), shape.size(), work.density.data());
      use(shape, atom);
    }
    return;
  }
  work.channel_of_atom.clear();
  for (const std::uint8_t z : structure.species) {
    const auto place = std::lower_bound(channels.begin(), channels.end(), channel_of_[z]);
    work.channel_of_atom.push_back(static_cast<int>(place - channels.begin()));
  }
  if (!stored) {
    for (std::size_t done = 0; done < atoms.count; done += listed_atoms) {
      const structure::AtomRange some{atoms.first + done, std::min(listed_atoms, atoms.count - done)};
      expand(structure::find_neighbours(structure, parameters_.cutoff, some), structure, some, shape, work,
             use);
    }
    return;
  }
  EnvironmentStore::Densities all;
  if (store_->wants_densities())
    all.reserve(structure.size() * shape.size());
  expand(*store_->neighbours(parameters_, structure), structure, atoms, shape, work,
         [&](const soap::DensityShape& same, std::size_t atom) {
           if (store_->wants_densities())
             all.insert(all.end(), work.density.begin(), work.density.end());
           use(same, atom);
         });
  if (!all.empty())
    store_->keep(parameters_, structure, std::move(all));
}

} // namespace soapstone::features
