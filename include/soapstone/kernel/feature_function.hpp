// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/features/feature_block.hpp"
#include "soapstone/kernel/feature_runs.hpp"

#include <concepts>
#include <functional>
#include <span>
#include <utility>

namespace soapstone::kernel {

/// Computes the features of a run of structures, or of some atoms of one. It is pure and may be called on any
/// rank for any run.
class FeatureFunction {
public:
  using Structures = std::span<const structure::Structure>;
  using OfStructures = std::function<features::FeatureBlock(Structures)>;
  using OfAtoms = std::function<features::FeatureBlock(const structure::Structure&, structure::AtomRange)>;

  FeatureFunction() = default;
  /// Uses a function of whole structures also for some atoms, whose features it takes out of those of all
  /// atoms.
  template <typename Function>
  requires(!std::same_as<Function, FeatureFunction> &&
           std::is_invocable_r_v<features::FeatureBlock, Function&, Structures>)
      FeatureFunction(Function of_structures) // NOLINT(google-explicit-constructor): as std::function is
      : of_structures_(std::move(of_structures)) {}
  FeatureFunction(OfStructures of_structures, OfAtoms of_atoms)
      : of_structures_(std::move(of_structures)), of_atoms_(std::move(of_atoms)) {}

  features::FeatureBlock operator()(Structures structures) const { return of_structures_(structures); }
  /// Returns the part of a structure's features that comes from these atoms: their rows, or what they add to
  /// a mean over the structure.
  features::FeatureBlock operator()(const structure::Structure& structure, structure::AtomRange atoms) const;
  features::FeatureBlock operator()(Structures structures, const FeatureRun& run) const;

private:
  OfStructures of_structures_;
  OfAtoms of_atoms_;
};

/// Returns runs whose blocks hold whole rows: where rows are means over structures, large structures are not
/// cut.
std::vector<FeatureRun> cut_rows(const FeatureFunction& features,
                                 std::span<const structure::Structure> structures, RunLimits limits);

} // namespace soapstone::kernel
