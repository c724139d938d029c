// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/features/environment_store.hpp"

#include "soapstone/soap/density_expansion.hpp"
#include "soapstone/structure/neighbour_list.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

namespace soapstone::features {

using structure::NeighbourList;
using structure::Structure;

namespace {

template <typename T>
std::size_t hash_of(const std::vector<T>& values) {
  return std::hash<std::string_view>()(
      {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)});
}

/// Returns the bytes of a structure in the keys of a memo.
std::int64_t bytes_of(const Structure& structure) {
  return static_cast<std::int64_t>(sizeof(Structure) + structure.size() * (1 + sizeof(structure::Vec3)));
}

} // namespace

template <soap::Stage stage, typename Value>
std::size_t StructureMemo<stage, Value>::Hash::operator()(const Structure& structure) const {
  return hash_of(structure.positions) ^ (hash_of(structure.species) << 1U);
}

template <soap::Stage stage, typename Value>
auto StructureMemo<stage, Value>::results_for(const soap::SoapParameters& parameters) -> Results& {
  const auto key = soap::up_to(stage, parameters);
  const auto found =
      std::find_if(results_.begin(), results_.end(), [&](const auto& results) { return results.key == key; });
  if (found == results_.end())
    results_.push_front({key, {}, 0});
  else
    results_.splice(results_.begin(), results_, found);
  return results_.front();
}

template <soap::Stage stage, typename Value>
auto StructureMemo<stage, Value>::find(const soap::SoapParameters& parameters, const Structure& structure)
    -> Shared {
  const auto& known = results_for(parameters).of;
  const auto found = known.find(structure);
  return found == known.end() ? nullptr : found->second;
}

template <soap::Stage stage, typename Value>
void StructureMemo<stage, Value>::keep(const soap::SoapParameters& parameters, const Structure& structure,
                                       Shared value, std::int64_t bytes, std::int64_t memory) {
  auto& results = results_for(parameters);
  const auto needed = bytes + bytes_of(structure);
  while (bytes_ + needed > memory && results_.size() > 1) {
    bytes_ -= results_.back().bytes;
    results_.pop_back();
  }
  if (bytes_ + needed > memory || !results.of.emplace(structure, std::move(value)).second)
    return;
  results.bytes += needed;
  bytes_ += needed;
}

std::shared_ptr<const NeighbourList> EnvironmentStore::neighbours(const soap::SoapParameters& parameters,
                                                                  const Structure& structure) {
  if (wanted_.neighbours) {
    const std::lock_guard lock(mutex_);
    if (auto found = neighbours_.find(parameters, structure)) {
      ++reused_;
      return found;
    }
  }
  auto list = std::make_shared<const NeighbourList>(structure::find_neighbours(structure, parameters.cutoff));
  if (wanted_.neighbours) {
    const std::lock_guard lock(mutex_);
    const auto bytes = list->pairs() * sizeof(structure::Neighbour) + structure.size() * sizeof(std::int64_t);
    neighbours_.keep(parameters, structure, list, static_cast<std::int64_t>(bytes),
                     memory_ - densities_.bytes());
  }
  return list;
}

std::shared_ptr<const EnvironmentStore::Densities>
EnvironmentStore::densities(const soap::SoapParameters& parameters, const Structure& structure) {
  if (!wanted_.densities)
    return nullptr;
  const std::lock_guard lock(mutex_);
  auto found = densities_.find(parameters, structure);
  if (found)
    ++reused_;
  return found;
}

void EnvironmentStore::keep(const soap::SoapParameters& parameters, const Structure& structure,
                            Densities densities) {
  const auto bytes = static_cast<std::int64_t>(densities.size() * sizeof(double));
  const std::lock_guard lock(mutex_);
  densities_.keep(parameters, structure, std::make_shared<const Densities>(std::move(densities)), bytes,
                  memory_ - neighbours_.bytes());
}

std::int64_t EnvironmentStore::bytes() const {
  const std::lock_guard lock(mutex_);
  return neighbours_.bytes() + densities_.bytes();
}

std::int64_t EnvironmentStore::reused() const {
  const std::lock_guard lock(mutex_);
  return reused_;
}

double density_bytes(const soap::SoapParameters& parameters,
                     std::span<const structure::Structure> structures) {
  double numbers = 0;
  for (const auto& structure : structures) {
    const std::set<std::uint8_t> present(structure.species.begin(), structure.species.end());
    const soap::DensityShape shape{static_cast<int>(present.size()), parameters.n_max,
                                   parameters.density_l_max()};
    numbers += static_cast<double>(structure.size() * shape.size());
  }
  return numbers * sizeof(double);
}

double neighbour_bytes(const soap::SoapParameters& parameters,
                       std::span<const structure::Structure> structures) {
  constexpr std::size_t sample = 50;
  const auto step = std::max<std::size_t>(1, structures.size() / sample);
  double pairs = 0, looked_at = 0;
  for (std::size_t i = 0; i < structures.size(); i += step, ++looked_at)
    pairs += static_cast<double>(structure::find_neighbours(structures[i], parameters.cutoff).pairs());
  return pairs / std::max(looked_at, 1.0) * static_cast<double>(structures.size()) *
         sizeof(structure::Neighbour);
}

} // namespace soapstone::features
