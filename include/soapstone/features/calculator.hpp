// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/features/environment_store.hpp"
#include "soapstone/features/feature_block.hpp"
#include "soapstone/soap/density_contraction.hpp"
#include "soapstone/soap/density_covariance.hpp"
#include "soapstone/soap/parameters.hpp"
#include "soapstone/soap/species_coupling.hpp"
#include "soapstone/structure/structure.hpp"

#include <functional>
#include <memory>
#include <span>

namespace soapstone::features {

/// Holds what the features of one environment are made of.
struct EnvironmentDensity {
  std::size_t structure, atom;  ///< position among the structures, position in it
  std::span<const int> present; ///< elements of the structure, as positions in SoapCalculator::elements()
  soap::DensityView density;    ///< c^alpha_nlm, one channel for each of them
  std::span<const int> active;  ///< channels J of the coupling with something in them; empty without one
  soap::DensityView coupled;    ///< c^J_nlm (eq. 17); without values where there is no coupling
  double factor;                ///< that normalises the features: 1 / norm, or 1
};

/// Turns structures into environment features (eqs. 2-10 of Willatt, Musil, Ceriotti, PCCP 20, 29661 (2018)).
/// Immutable after construction and safe to use from several threads; construction tabulates the radial
/// integrals once.
class SoapCalculator {
public:
  /// `elements`: atomic numbers that have a species channel, ascending. Throws ConfigError for wrong
  /// parameters. With a coupling, for the same elements, the channels of all that follows are its channels
  /// instead of the elements. With a contraction, of these channels, the spectrum is that of the contracted
  /// density. A store shares neighbour lists and densities with other calculators.
  SoapCalculator(const soap::SoapParameters& parameters, std::vector<int> elements,
                 std::shared_ptr<const soap::DensityContraction> contraction = nullptr,
                 const std::shared_ptr<const soap::SpeciesCoupling>& coupling = nullptr,
                 std::shared_ptr<EnvironmentStore> store = nullptr);
  ~SoapCalculator();
  SoapCalculator(SoapCalculator&&) noexcept;
  SoapCalculator& operator=(SoapCalculator&&) noexcept;

  const soap::SoapParameters& parameters() const;
  const std::vector<int>& elements() const;

  /// body_order 3: one segment per unordered pair of channels (a <= b), id = a * S - a (a - 1) / 2 + (b - a)
  /// for S channels; within it the entries run over l slowest, then (n, n') (for a == b only n <= n',
  /// off-diagonals times sqrt 2; for a < b all n, n' times sqrt 2), so that a plain dot product over the
  /// whole row is the kernel of eq. 8. body_order 2: one segment per channel, n_max wide. With a contraction:
  /// one segment, contracted_width() wide.
  const FeatureLayout& layout() const;

  /// Returns one row per atom, in structure order within groups; groups in the order of their sets of
  /// elements (one group with a contraction; with a coupling one for each set of active channels, which is
  /// one group unless u has zeros). Throws DataError, with the structure's origin, when an atom has no
  /// channel (the element is named) or sits on another one, too many images are within the cutoff, or the
  /// radial scaling diverges. Blocks of some dozen structures are fastest: memory of larger ones comes fresh
  /// from the system every time, which costs more than the features.
  FeatureBlock compute(std::span<const structure::Structure> structures) const;

  /// Returns the features of some atoms of one structure, as a part of it.
  FeatureBlock compute(const structure::Structure& structure, structure::AtomRange atoms) const;

  /// Calls visit for every environment, structure by structure in an order of its own. What it is handed
  /// lives until it returns. Throws what compute() throws.
  void visit(std::span<const structure::Structure> structures,
             const std::function<void(const EnvironmentDensity&)>& visit) const;
  /// Calls visit for some atoms of one structure.
  void visit(const structure::Structure& structure, structure::AtomRange atoms,
             const std::function<void(const EnvironmentDensity&)>& visit) const;

  /// Adds the densities of the elements, neither coupled nor contracted, of all environments of these
  /// structures, scaled as those of features (of no contraction) that are normalised if these are to be;
  /// those of a structure share a weight of 1, as the average kernel weighs them. `covariance` is for the
  /// elements of this calculator and, for body_order 2, l_max = 0.
  void add_covariance(std::span<const structure::Structure> structures,
                      soap::DensityCovariance& covariance) const;

  /// Returns the memory of the tabulated radial integrals.
  std::size_t table_bytes() const;

private:
  struct Implementation;
  std::unique_ptr<const Implementation> implementation_;
};

} // namespace soapstone::features
