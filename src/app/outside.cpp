// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/outside.hpp"

#include "soapstone/app/data_elements.hpp"
#include "soapstone/base/text.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace soapstone::app {

using structure::Composition;
using structure::CompositionSpan;
using structure::Structure;

namespace {

/// The distinct compositions of structures that are ordered by fold, and their numbers of occurrences.
class FoldCompositions {
public:
  FoldCompositions(const std::vector<Structure>& structures, const regression::Folds& folds) : folds_(folds) {
    std::map<Composition, std::size_t> known;
    for (const auto& structure : structures) {
      auto composition = structure::composition_of(structure);
      for (const auto& [z, count] : composition)
        ++with_element_[z];
      const auto [entry, is_new] = known.emplace(std::move(composition), all_.size());
      if (is_new) {
        all_.push_back(&entry->first);
        occurrences_.push_back(0);
        if (whole_.add(entry->first))
          basis_.insert(entry->second);
      }
      ++occurrences_[entry->second];
      of_.push_back(entry->second);
    }
    compositions_ = std::move(known); // nodes stay where they are
  }

  /// Calls visit(structure, elements that the others lack, whether it is in the span of the others) for every
  /// structure of a fold whose composition no other structure has.
  template <typename Visit>
  void for_lone(std::int64_t fold, Visit&& visit) const {
    std::map<std::size_t, std::int64_t> here;
    std::map<int, std::int64_t> elements;
    for (auto s = folds_.begin(fold); s < folds_.end(fold); ++s) {
      ++here[of(s)];
      for (const auto& [z, count] : *all_[of(s)])
        ++elements[z];
    }
    const auto gone = [&](std::size_t composition) {
      const auto found = here.find(composition);
      return found != here.end() && found->second == occurrences_[composition];
    };
    // If the other compositions contain a basis, their span is the whole span.
    const bool whole = std::none_of(basis_.begin(), basis_.end(), gone);
    const auto others = whole ? CompositionSpan() : span_without(gone);
    for (auto s = folds_.begin(fold); s < folds_.end(fold); ++s) {
      if (!gone(of(s)))
        continue;
      std::vector<int> lacking;
      for (const auto& [z, count] : *all_[of(s)])
        if (elements.at(z) == with_element_.at(z))
          lacking.push_back(z);
      visit(s, lacking, whole || others.contains(*all_[of(s)]));
    }
  }

private:
  std::size_t of(std::int64_t structure) const { return of_[static_cast<std::size_t>(structure)]; }

  template <typename Gone>
  CompositionSpan span_without(const Gone& gone) const {
    CompositionSpan others;
    for (std::size_t c = 0; c < all_.size() && others.rank() < whole_.rank(); ++c)
      if (!gone(c))
        others.add(*all_[c]);
    return others;
  }

  const regression::Folds& folds_;
  std::map<Composition, std::size_t> compositions_;
  std::vector<const Composition*> all_;      ///< the distinct compositions
  std::vector<std::int64_t> occurrences_;    ///< of each composition
  std::vector<std::size_t> of_;              ///< number of each structure's composition
  std::map<int, std::int64_t> with_element_; ///< number of structures with an element
  CompositionSpan whole_;
  std::set<std::size_t> basis_; ///< of the whole span
};

} // namespace

Outside outside_of(const CompositionSpan& span, const std::vector<Structure>& structures) {
  Outside outside;
  std::map<Composition, double> known; // There are far fewer compositions than structures.
  for (std::size_t s = 0; s < structures.size(); ++s) {
    auto composition = structure::composition_of(structures[s]);
    if (span.contains(composition))
      continue;
    outside.places.push_back(static_cast<std::int64_t>(s));
    auto entry = known.find(composition);
    if (entry == known.end()) {
      const double distance = span.distance(composition);
      entry = known.emplace(std::move(composition), distance).first;
    }
    if (entry->second > outside.distance) {
      outside.distance = entry->second;
      outside.farthest = outside.places.back();
    }
  }
  return outside;
}

std::string describe_outside(const Outside& outside, const CompositionSpan& span,
                             const std::vector<Structure>& structures) {
  const auto place = [&](std::int64_t s) {
    return to_string(structures[static_cast<std::size_t>(s)].origin.location());
  };
  std::vector<Structure> strange;
  for (const auto s : outside.places)
    strange.push_back(structures[static_cast<std::size_t>(s)]);
  std::vector<int> unseen;
  with_known_elements(strange, span.elements(), unseen);
  std::string text = structure::describe_deficiency(span, "training structure");
  if (!unseen.empty())
    text += (text.empty() ? "" : ", and ") + ("no training structure contains " + element_list(unseen));
  return text +
         format(". First: %s; farthest: %s, %.3g atoms from the nearest composition that is determined",
                place(outside.places.front()).c_str(), place(outside.farthest).c_str(), outside.distance);
}

LeftOut left_out_of(const Configuration& configuration, const std::vector<Structure>& structures,
                    const regression::Folds& folds) {
  const FoldCompositions compositions(structures, folds);
  const bool fitted = configuration.data.baseline == regression::BaselineKind::composition;
  LeftOut left_out;
  std::vector<std::uint8_t> flags(structures.size(), 0);
  std::set<int> lacking;
  for (std::int64_t fold = 0; fold < folds.count(); ++fold)
    compositions.for_lone(fold, [&](std::int64_t s, std::vector<int> elements, bool in_span) {
      // The elements of species.elements have channels even if no training structure contains them.
      const auto channels = channels_for(configuration, {});
      std::erase_if(elements, [&](int z) { return std::binary_search(channels.begin(), channels.end(), z); });
      const bool outside = fitted && !in_span;
      if (elements.empty() && !outside)
        return;
      flags[static_cast<std::size_t>(s)] = 1;
      lacking.insert(elements.begin(), elements.end());
      ++(elements.empty() ? left_out.by_composition : left_out.by_elements);
    });
  left_out.lacking.assign(lacking.begin(), lacking.end());
  if (left_out.by_elements + left_out.by_composition > 0)
    left_out.flags = std::move(flags);
  return left_out;
}

} // namespace soapstone::app
