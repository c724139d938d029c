// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "feature_groups.hpp"
#include "soapstone/features/environment_store.hpp"
#include "soapstone/soap/density_expansion.hpp"

#include <functional>
#include <memory>
#include <vector>

namespace soapstone::features {

/// The memory in which AtomDensities works.
struct DensityWork {
  std::vector<int> channel_of_atom;
  soap::WeightedNeighbours neighbours;
  soap::DensityWorkspace expansion;
  std::vector<double> density; ///< of the atom that is visited
};

/// Computes the densities around atoms, or takes them from a store that knows them.
class AtomDensities {
public:
  AtomDensities(const soap::SoapParameters& parameters, const ChannelOfElement& channel_of,
                std::shared_ptr<EnvironmentStore> store);

  soap::DensityShape shape(int channels) const { return expansion_.shape(channels); }
  std::size_t bytes() const { return expansion_.bytes(); }

  /// Calls use(shape, atom) for each of these atoms in turn, while work.density holds its density. `channels`
  /// are those of the structure's elements.
  using Use = std::function<void(const soap::DensityShape& shape, std::size_t atom)>;
  void for_each(const structure::Structure& structure, structure::AtomRange atoms,
                const std::vector<int>& channels, DensityWork& work, const Use& use) const;

private:
  void expand(const structure::NeighbourList& list, const structure::Structure& structure,
              structure::AtomRange atoms, const soap::DensityShape& shape, DensityWork& work,
              const Use& use) const;

  soap::SoapParameters parameters_;
  ChannelOfElement channel_of_;
  soap::DensityExpansion expansion_;
  std::shared_ptr<EnvironmentStore> store_; ///< or null
};

} // namespace soapstone::features
