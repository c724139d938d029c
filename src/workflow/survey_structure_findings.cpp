// SPDX-License-Identifier: BSD-3-Clause
#include "finding_list.hpp"
#include "soapstone/structure/compositions.hpp"
#include "soapstone/structure/elements.hpp"
#include "soapstone/workflow/unit_check.hpp"

#include <cmath>
#include <map>
#include <set>

namespace soapstone::workflow {

namespace {

constexpr std::int64_t few_structures = 5; // An element in fewer structures is rare.
constexpr std::size_t longest_explanation = 200;

std::string symbol(int z) {
  return std::string(structure::element_symbol(z));
}

} // namespace

void judge_structures(FindingList& findings) {
  const auto& found = findings.survey().geometry;
  findings.add(Severity::fault, "atoms_coincide", found.unusable,
               frames_text(found.unusable.count) +
                   " with atoms at the same place (or an image of one is), or with a cell too flat to use",
               no_words);
  findings.add(
      Severity::look, "atoms_too_close", found.too_close,
      frames_text(found.too_close.count) + " with atoms closer than 0.6 of the sum of their covalent radii",
      [&](std::int64_t index, double ratio) {
        const auto& m = findings.record(index).measures;
        return format("atoms %d and %d are %.3f Å apart, %.2f of the sum of their radii", m.closest_first,
                      m.closest_second, static_cast<double>(m.closest_distance), ratio);
      });
  findings.add(Severity::look, "fractional_positions", found.fractional,
               frames_text(found.fractional.count) + " in which all coordinates are between 0 and 1 in a "
                                                     "larger cell: fractional coordinates? Å are expected",
               no_words);
  if (const auto unit = likely_length_unit(findings.data().first); !unit.empty())
    findings.add(Severity::look, "length_unit", found.frames,
                 "positions are read in Å, but the distances between atoms agree with those in " + unit +
                     ": convert positions and cells to Å");
  findings.add(
      Severity::note, "lone_atoms", found.lone_atoms,
      frames_text(found.lone_atoms.count) +
          " with atoms that have no neighbour within 5 Å: their features contain only the atom itself",
      [](std::int64_t, double atoms) { return format("%.0f such", atoms); });
  findings.add(Severity::note, "vacuum", found.vacuum,
               frames_text(found.vacuum.count) +
                   " with a gap of more than 8 Å in a periodic cell: surfaces, wires or molecules in a box",
               [](std::int64_t, double directions) {
                 return format("in %.0f direction%s", directions, directions > 1 ? "s" : "");
               });
}

void judge_periodicity(FindingList& findings) {
  const auto& found = findings.survey().geometry;
  const int kinds = (found.periodic > 0) + (found.not_periodic > 0) + (found.partly_periodic > 0);
  if (kinds < 2)
    return;
  // Free atoms beside crystals are in order.
  const auto is_mixed = [&](const survey::Record& r) {
    return !is_free_atom(r) && (r.periodic != 7) == (found.periodic >= found.not_periodic);
  };
  auto& finding = findings.add(
      Severity::look, "mixed_periodicity", std::min(found.periodic, found.frames - found.periodic),
      format("%lld frames are periodic in three directions, %lld in some and %lld in none: are "
             "some cells missing?",
             static_cast<long long>(found.periodic), static_cast<long long>(found.partly_periodic),
             static_cast<long long>(found.not_periodic)));
  for (std::size_t r = 0; r < findings.data().records.size() && finding.examples.size() < 10; ++r)
    if (is_mixed(findings.data().records[r]))
      finding.examples.push_back(findings.place(static_cast<std::int64_t>(r)));
  if (finding.examples.empty())
    finding.severity = Severity::note;
}

void judge_elements(FindingList& findings) {
  const auto& found = findings.survey().geometry;
  std::vector<std::string> rare;
  for (const auto& element : found.elements)
    if (element.structures < few_structures)
      rare.push_back(symbol(element.z) + " (" + std::to_string(element.structures) + ")");
  if (!rare.empty() && found.frames >= 10 * few_structures)
    findings.add(Severity::look, "rare_elements", static_cast<std::int64_t>(rare.size()),
                 "elements in fewer than 5 structures, of which little can be learnt: " + joined(rare));
  structure::CompositionSpan span;
  for (const auto& composition : findings.data().compositions.compositions())
    span.add({composition.begin(), composition.end()});
  if (span.deficient()) {
    auto why = structure::describe_deficiency(span);
    if (why.size() > longest_explanation)
      why = why.substr(0, why.rfind(' ', longest_explanation)) + " ...";
    findings.add(Severity::note, "dependent_compositions",
                 static_cast<std::int64_t>(span.elements().size() - span.rank()),
                 "a composition baseline cannot tell the elements apart: " + why +
                     "; energies of other compositions are guesses");
  }
}

void judge_free_atoms(FindingList& findings) {
  const auto& found = findings.survey().geometry.free_atoms;
  if (found.count == 0)
    return;
  std::map<int, std::set<double>> energies;
  for (const auto& record : findings.data().records)
    if (is_free_atom(record)) {
      auto& known = energies[findings.data()
                                 .compositions.compositions()[static_cast<std::size_t>(record.composition)]
                                 .front()
                                 .first];
      if (std::isfinite(record.target))
        known.insert(record.target);
    }
  std::vector<std::string> known_energies, differing;
  for (const auto& [z, values] : energies) {
    if (!values.empty())
      known_energies.push_back(symbol(z) + format(":%.8g", *values.begin()));
    if (values.size() > 1 && *values.rbegin() - *values.begin() > 1e-6 * std::abs(*values.begin()))
      differing.push_back(symbol(z) + format(" %.8g to %.8g", *values.begin(), *values.rbegin()));
  }
  std::string text = frames_text(found.count) + " of one atom alone";
  if (!known_energies.empty()) {
    text += "; their energies can be the baseline of the others: --`baseline` atoms --`atom_energies` ";
    for (std::size_t i = 0; i < known_energies.size(); ++i)
      text += (i == 0 ? "" : ",") + known_energies[i];
  }
  findings.add(Severity::note, "free_atoms", found, text, no_words);
  if (!differing.empty())
    findings.add(Severity::look, "free_atoms_differ", static_cast<std::int64_t>(differing.size()),
                 "atoms alone have several energies: " + joined(differing));
}

} // namespace soapstone::workflow
