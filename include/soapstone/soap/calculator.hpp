// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/soap/density_contraction.hpp"
#include "soapstone/soap/density_covariance.hpp"
#include "soapstone/soap/feature_block.hpp"
#include "soapstone/soap/parameters.hpp"
#include "soapstone/structure/structure.hpp"

#include <memory>
#include <span>

namespace soapstone::soap {

/// Turns structures into environment features (eqs. 2-10 of Willatt, Musil, Ceriotti, PCCP 20, 29661 (2018)).
/// Immutable after construction and safe to use from several threads; construction tabulates the radial
/// integrals once.
class SoapCalculator {
public:
  /// `elements`: atomic numbers that have a species channel, ascending. Throws ConfigError for wrong
  /// parameters. With a contraction the spectrum is that of the contracted density.
  SoapCalculator(const SoapParameters& parameters, std::vector<int> elements,
                 std::shared_ptr<const DensityContraction> contraction = nullptr);
  ~SoapCalculator();
  SoapCalculator(SoapCalculator&&) noexcept;
  SoapCalculator& operator=(SoapCalculator&&) noexcept;

  const SoapParameters& parameters() const;
  const std::vector<int>& elements() const;

  /// body_order 3: one segment per unordered pair of channels (a <= b), id = a * S - a (a - 1) / 2 + (b - a)
  /// for S channels; within it the entries run over l slowest, then (n, n') (for a == b only n <= n',
  /// off-diagonals times sqrt 2; for a < b all n, n' times sqrt 2), so that a plain dot product over the
  /// whole row is the kernel of eq. 8. body_order 2: one segment per channel, n_max wide. With a contraction:
  /// one segment, contracted_width() wide.
  const FeatureLayout& layout() const;

  /// One row per atom, in structure order within groups; groups in the order of their sets of elements (one
  /// group with a contraction).
  /// Throws DataError, whose frame is the structure's position in `structures`, when an atom has no channel
  /// (it names the element) or sits on another one. Blocks of some dozen structures are fastest: memory of
  /// larger ones comes fresh from the system every time, which costs more than the features.
  FeatureBlock compute(std::span<const structure::Structure> structures) const;

  /// Adds the uncontracted densities of all environments of these structures, those of a structure sharing a
  /// weight of 1, as the average kernel weighs them. `covariance` is for the channels of this calculator and,
  /// for body_order 2, l_max = 0.
  void add_covariance(std::span<const structure::Structure> structures, DensityCovariance& covariance) const;

  /// Memory of the tabulated radial integrals.
  std::size_t table_bytes() const;

private:
  struct Implementation;
  std::unique_ptr<const Implementation> implementation_;
};

} // namespace soapstone::soap
