// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/structure/structure.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace soapstone::structure {

/// Numbers of atoms by atomic number, none of them zero.
using Composition = std::map<int, std::int64_t>;

/// Returns the composition of a structure.
Composition composition_of(const Structure& structure);

/// A relation that compositions obey: the sum of factor x number of atoms is zero. Factors by atomic number,
/// of which the heaviest element's is positive; small integers without a common divisor where there are such.
using CompositionRelation = std::map<int, double>;

/// The linear span of compositions. A sum of energies of elements is determined by the energies of some
/// structures just for compositions within their span.
///
/// Whether a composition is within the span is decided in the integers modulo the prime 2^61 - 1, and so by
/// no rounding: a wrong answer needs a minor of the matrix of counts, not zero, that the prime divides.
class CompositionSpan {
public:
  CompositionSpan() = default; ///< of nothing
  explicit CompositionSpan(std::span<const Structure> structures);

  /// Returns whether the composition was outside the span before.
  bool add(const Composition& composition);

  /// Atomic numbers, ascending.
  std::vector<int> elements() const;
  std::size_t rank() const noexcept { return rows_.size(); }
  /// Whether some elements cannot be told apart.
  bool deficient() const { return rank() < elements().size(); }
  bool contains(const Composition& composition) const;
  /// Returns the Euclidean distance of the composition from the span, in atoms.
  double distance(const Composition& composition) const;
  /// Returns a basis of the relations that all compositions of the span obey: elements().size() - rank().
  std::vector<CompositionRelation> relations() const;

private:
  static constexpr std::size_t width = 119; ///< atomic numbers 0..118
  /// One row of the reduced row echelon form, modulo the prime and in real numbers.
  struct Row {
    std::array<std::uint64_t, width> residues{};
    std::array<long double, width> values{};
  };
  /// Returns what is left of a composition after its leading elements are eliminated.
  Row reduced(const Composition& composition) const;

  std::map<int, Row> rows_; ///< by leading element, where the row is 1 and all others are 0
  std::array<bool, width> present_{};
};

/// Returns "H = 2 O".
std::string to_string(const CompositionRelation& relation);

/// Returns in words why elements cannot be told apart: "every structure has the composition H2O or a multiple
/// of it", or "in every structure the numbers of atoms obey Na = Cl, H = 2 O". Empty unless the span is
/// deficient.
std::string describe_deficiency(const CompositionSpan& span);

} // namespace soapstone::structure
