// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/soap/parameters.hpp"
#include "soapstone/structure/neighbour_list.hpp"

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <span>
#include <unordered_map>
#include <vector>

namespace soapstone::features {

/// Results of one stage for structures, by the parameters that they were computed with: those of the
/// parameters used last are kept longest.
template <soap::Stage stage, typename Value>
class StructureMemo {
public:
  using Shared = std::shared_ptr<const Value>;

  /// Null if there is none.
  Shared find(const soap::SoapParameters& parameters, const structure::Structure& structure);

  /// Keeps it if that takes no more than `memory` bytes in all, at the cost of results of other parameters.
  void keep(const soap::SoapParameters& parameters, const structure::Structure& structure, Shared value,
            std::int64_t bytes, std::int64_t memory);

  std::int64_t bytes() const { return bytes_; }

private:
  struct Hash {
    std::size_t operator()(const structure::Structure& structure) const;
  };
  struct Results {
    soap::SoapParameters key; ///< up to the stage
    std::unordered_map<structure::Structure, Shared, Hash> of;
    std::int64_t bytes = 0;
  };
  Results& results_for(const soap::SoapParameters& parameters);

  std::list<Results> results_; // last used first
  std::int64_t bytes_ = 0;
};

/// Holds what calculators of one search share: neighbour lists of the same cutoff and densities of the same
/// expansion, which do not depend on species coupling, contraction, normalisation or the kernel. Structures
/// are told apart by what is in them. The numbers are the same with a store as without. Safe to use from
/// several threads.
class EnvironmentStore {
public:
  /// Holds what is kept.
  struct Wanted {
    bool neighbours = false, densities = false;
  };
  /// Keeps what is wanted, in at most `memory` bytes.
  EnvironmentStore(Wanted wanted, std::int64_t memory) : wanted_(wanted), memory_(memory) {}

  /// structure::find_neighbours(structure, parameters.cutoff), or what it found before.
  std::shared_ptr<const structure::NeighbourList> neighbours(const soap::SoapParameters& parameters,
                                                             const structure::Structure& structure);

  /// Densities of all atoms of a structure, one after the other; null if they are not there.
  using Densities = std::vector<double>;
  std::shared_ptr<const Densities> densities(const soap::SoapParameters& parameters,
                                             const structure::Structure& structure);
  bool wants_densities() const { return wanted_.densities; }
  void keep(const soap::SoapParameters& parameters, const structure::Structure& structure,
            Densities densities);

  std::int64_t bytes() const;
  std::int64_t reused() const; ///< times that something was found here

private:
  Wanted wanted_;
  std::int64_t memory_;
  mutable std::mutex mutex_;
  StructureMemo<soap::Stage::neighbours, structure::NeighbourList> neighbours_;
  StructureMemo<soap::Stage::densities, Densities> densities_;
  std::int64_t reused_ = 0;
};

/// Returns the bytes of the densities of some structures.
double density_bytes(const soap::SoapParameters& parameters,
                     std::span<const structure::Structure> structures);
/// Estimates the bytes of their neighbour lists from some of them.
double neighbour_bytes(const soap::SoapParameters& parameters,
                       std::span<const structure::Structure> structures);

} // namespace soapstone::features
