// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/app/options.hpp"
#include "soapstone/regression/folds.hpp"
#include "soapstone/structure/compositions.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace soapstone::app {

/// Structures whose energies a composition baseline can only guess: their compositions are outside the span
/// of those that it was fitted to.
struct Outside {
  std::vector<std::int64_t> places; ///< ascending
  std::int64_t farthest = -1;       ///< the one of these places that is farthest from the span
  double distance = 0;              ///< of the farthest one from the span, in atoms
};

/// Returns which structures are outside the span.
Outside outside_of(const structure::CompositionSpan& span,
                   const std::vector<structure::Structure>& structures);

/// Returns for a message why they are outside, where they are, and how far: "every training structure has the
/// composition H2O or a multiple of it. First: a.xyz, frame 1; ...".
std::string describe_outside(const Outside& outside, const structure::CompositionSpan& span,
                             const std::vector<structure::Structure>& structures);

/// Structures of a cross-validation that `train` would leave out of its test set if it trained on the
/// structures outside their fold: with elements that those lack, or (data.baseline = composition)
/// compositions outside their span.
struct LeftOut {
  std::vector<std::uint8_t> flags; ///< of each structure; empty if none is left out
  std::vector<int> lacking;        ///< elements that a fold's training structures lack
  std::int64_t by_elements = 0, by_composition = 0;
};

/// Returns those of structures that are ordered by fold. The time does not grow with the number of folds.
LeftOut left_out_of(const Configuration& configuration, const std::vector<structure::Structure>& structures,
                    const regression::Folds& folds);

} // namespace soapstone::app
