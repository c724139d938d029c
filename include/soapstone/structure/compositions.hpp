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

/// A relation that compositions obey: the sum of factor x number of atoms is zero. The factors are ordered by
/// atomic number. They are small integers without a common divisor where that is possible, and that of the
/// heaviest element is positive.
using CompositionRelation = std::map<int, double>;

/// The linear span of compositions. The energies of some structures determine a sum of energies of elements
/// only for compositions within their span.
///
/// The test whether a composition is within the span uses integers modulo the prime 2^61 - 1, so that
/// rounding plays no part. It is wrong only if the prime divides a minor of the matrix of counts that is not
/// zero.
class CompositionSpan {
public:
  CompositionSpan() = default; ///< the span of no compositions
  explicit CompositionSpan(std::span<const Structure> structures);

  /// Adds a composition. Returns whether it was outside the span before.
  bool add(const Composition& composition);

  /// Returns the atomic numbers of the elements, ascending.
  std::vector<int> elements() const;
  std::size_t rank() const noexcept { return rows_.size(); }
  /// Returns whether some elements cannot be told apart.
  bool deficient() const { return rank() < elements().size(); }
  bool contains(const Composition& composition) const;
  /// Returns the Euclidean distance of the composition from the span, in atoms.
  double distance(const Composition& composition) const;
  /// Returns a basis of the relations that all compositions of the span obey: elements().size() - rank().
  std::vector<CompositionRelation> relations() const;

private:
  static constexpr std::size_t width = 119; ///< atomic numbers 0..118
  /// One row of the projected row echelon form, modulo the prime and in real numbers.
  struct Row {
    std::array<std::uint64_t, width> residues{};
    std::array<long double, width> values{};
  };
  /// Returns what is left of a composition after its leading elements are eliminated.
  Row projected(const Composition& composition) const;

  std::map<int, Row> rows_; ///< by leading element, where the row is 1 and all others are 0
  std::array<bool, width> present_{};
};

/// Returns the relation as an equation: "H = 2 O".
std::string to_string(const CompositionRelation& relation);

/// Returns in words why elements cannot be told apart: "every structure has the composition H2O or a multiple
/// of it", or "in every structure the numbers of atoms obey Na = Cl, H = 2 O". The text is empty unless the
/// span is deficient.
std::string describe_deficiency(const CompositionSpan& span, const std::string& noun = "structure");

/// Returns the elements that take part in a relation: their energies are not determined.
std::vector<int> undetermined_elements(const CompositionSpan& span);

} // namespace soapstone::structure
