// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/features/density_cache.hpp"

#include <algorithm>
#include <utility>

namespace soapstone::features {

DensityCache::DensityCache(const soap::SoapParameters& parameters, const std::vector<int>& elements,
                           std::span<const structure::Structure> structures, std::int64_t memory)
    : calculator_(parameters, elements), structures_(structures), memory_(memory), kept_(structures.size()) {}

StructureDensities DensityCache::compute(std::size_t structure) const {
  StructureDensities found;
  const auto atoms = structures_[structure].size();
  found.factors.resize(atoms);
  calculator_.visit(structures_.subspan(structure, 1), [&](const EnvironmentDensity& environment) {
    if (found.values.empty()) {
      found.present.assign(environment.present.begin(), environment.present.end());
      found.shape = environment.density.shape;
      found.values.resize(atoms * found.shape.size());
    }
    std::copy_n(environment.density.values, found.shape.size(),
                found.values.data() + environment.atom * found.shape.size());
    found.factors[environment.atom] = environment.factor;
  });
  return found;
}

const StructureDensities& DensityCache::of(std::size_t structure) {
  auto& kept = kept_.at(structure);
  if (kept)
    return *kept;
  auto found = compute(structure);
  const auto bytes = static_cast<std::int64_t>(found.values.size() * sizeof(double));
  if (bytes > memory_)
    return last_ = std::move(found);
  memory_ -= bytes;
  return kept.emplace(std::move(found));
}

} // namespace soapstone::features
