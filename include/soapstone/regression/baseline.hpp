// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/structure/structure.hpp"

#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace soapstone::regression {

/// See Baseline.
enum class BaselineKind { composition, atoms, mean, none };

/// Holds what is subtracted from the energies before the fit and added to the predictions: a sum of energies
/// of the elements. With kind mean every element has the same one.
class Baseline {
public:
  Baseline() = default; ///< none: zero

  /// Least squares of the energies per atom in the composition (fractions of elements). Directions that the
  /// training set does not determine (an element that is not there, compositions that vary only together)
  /// keep the mean energy per atom: the solution of least norm of the deviations from it.
  static Baseline fit_composition(std::span<const structure::Structure> structures,
                                  std::span<const double> energies);
  /// Mean energy per atom.
  static Baseline fit_mean(std::span<const structure::Structure> structures,
                           std::span<const double> energies);
  /// Given energies of the elements, eV.
  static Baseline from_atoms(std::map<int, double> energies);

  BaselineKind kind() const noexcept { return kind_; }
  /// Baseline energy of a structure, eV. Elements unknown to a composition fit count with the mean energy per
  /// atom; for given atomic energies they are a DataError naming the element.
  double energy(const structure::Structure& structure) const;
  double energy_of(int element) const; ///< of one atom, by atomic number; the same errors
  /// Returns whether a composition fit has nothing that tells the energy of this element: energy_of is a
  /// guess then.
  bool is_guess(int element) const;
  const std::map<int, double>& element_energies() const noexcept {
    return elements_;
  }                                                           ///< eV, by atomic number
  double default_energy() const noexcept { return default_; } ///< eV, of all other elements

  static Baseline restore(BaselineKind kind, std::map<int, double> elements, double default_energy);

private:
  BaselineKind kind_ = BaselineKind::none;
  std::map<int, double> elements_;
  double default_ = 0;
};

std::string to_string(BaselineKind kind);            ///< as data.baseline spells it
BaselineKind baseline_kind(const std::string& name); ///< throws ConfigError for an unknown name

/// Fits the baseline of one target to some structures and their energies (eV per structure).
using BaselineFit = std::function<Baseline(std::span<const structure::Structure> structures,
                                           std::span<const double> energies, std::size_t target)>;

} // namespace soapstone::regression
