// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/features/calculator.hpp"

#include <optional>
#include <span>
#include <vector>

namespace soapstone::features {

/// Densities of the elements, before any coupling, of all environments of one structure.
struct StructureDensities {
  std::vector<int> present;    ///< elements of the structure, as positions in the calculator's
  soap::DensityShape shape{};  ///< of each density: one channel for each of them
  std::vector<double> values;  ///< environments x shape.size()
  std::vector<double> factors; ///< that normalise the features of each, before a coupling
  soap::DensityView density(std::size_t atom) const { return {shape, values.data() + atom * shape.size()}; }
};

/// Densities of a fixed run of structures, which do not depend on the species coupling: those of a structure
/// are computed when they are first asked for and kept while memory allows, else computed again. Not for
/// several threads.
class DensityCache {
public:
  /// Keeps at most `memory` bytes. The structures outlive the cache.
  DensityCache(const soap::SoapParameters& parameters, const std::vector<int>& elements,
               std::span<const structure::Structure> structures, std::int64_t memory);

  const soap::SoapParameters& parameters() const { return calculator_.parameters(); }
  const std::vector<int>& elements() const { return calculator_.elements(); }
  std::span<const structure::Structure> structures() const { return structures_; }

  /// Valid until the next call. Throws what SoapCalculator::visit() throws.
  const StructureDensities& of(std::size_t structure);

private:
  StructureDensities compute(std::size_t structure) const;

  SoapCalculator calculator_;
  std::span<const structure::Structure> structures_;
  std::int64_t memory_;
  std::vector<std::optional<StructureDensities>> kept_;
  StructureDensities last_; ///< that was not kept
};

} // namespace soapstone::features
