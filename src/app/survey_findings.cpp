// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/survey_findings.hpp"

#include "soapstone/app/unit_check.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/base/units.hpp"
#include "soapstone/structure/compositions.hpp"
#include "soapstone/structure/elements.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace soapstone::app {

using survey::Cases;
using survey::Collection;
using survey::Survey;

namespace {

constexpr std::int64_t few_structures = 5; // of an element
constexpr std::size_t longest_explanation = 200;

std::string symbol(int z) {
  return std::string(structure::element_symbol(z));
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words)
    text += (text.empty() ? "" : ", ") + word;
  return text;
}

std::string frames_text(std::int64_t count) {
  return format_count(count, "frame");
}

/// Collects findings about one data set.
class Critic {
public:
  Critic(const Collection& data, const Survey& survey) : data_(data), survey_(survey) {}

  Finding& add(Severity severity, const std::string& kind, std::int64_t count, const std::string& text) {
    return findings_.emplace_back(Finding{severity, kind, count, text, {}});
  }
  /// Adds nothing where there are no such frames. words: of the number that goes with each, or empty.
  template <typename Words>
  void add(Severity severity, const std::string& kind, const Cases& cases, const std::string& text,
           const Words& words) {
    if (cases.count == 0)
      return;
    auto& finding = add(severity, kind, cases.count, text);
    for (const auto& [record, number] : cases.listed) {
      const std::string value = words(record, number);
      finding.examples.push_back(place(record) + (value.empty() ? "" : ": " + value));
    }
  }
  std::string place(std::int64_t record) const { return to_string(data_.place(record)); }
  const survey::Record& record(std::int64_t index) const {
    return data_.records[static_cast<std::size_t>(index)];
  }
  const Collection& data() const { return data_; }
  const Survey& survey() const { return survey_; }
  std::vector<Finding> sorted() {
    std::stable_sort(findings_.begin(), findings_.end(),
                     [](const Finding& a, const Finding& b) { return a.severity < b.severity; });
    return std::move(findings_);
  }

private:
  const Collection& data_;
  const Survey& survey_;
  std::vector<Finding> findings_;
};

const auto no_words = [](std::int64_t, double) { return std::string(); };

void look_at_structures(Critic& critic) {
  const auto& found = critic.survey().geometry;
  critic.add(Severity::fault, "atoms_coincide", found.unusable,
             frames_text(found.unusable.count) +
                 " with atoms at the same place (or an image of one is), or with a cell too flat to use",
             no_words);
  critic.add(
      Severity::look, "atoms_too_close", found.too_close,
      frames_text(found.too_close.count) + " with atoms closer than 0.6 of the sum of their covalent radii",
      [&](std::int64_t index, double ratio) {
        const auto& m = critic.record(index).measures;
        return format("atoms %d and %d are %.3f Å apart, %.2f of the sum of their radii", m.closest_first,
                      m.closest_second, static_cast<double>(m.closest_distance), ratio);
      });
  critic.add(Severity::look, "fractional_positions", found.fractional,
             frames_text(found.fractional.count) + " in which all coordinates are between 0 and 1 in a "
                                                   "larger cell: fractional coordinates? Å are expected",
             no_words);
  if (const auto unit = likely_length_unit(critic.data().first); !unit.empty())
    critic.add(Severity::look, "length_unit", found.frames,
               "atoms are as far apart as in " + unit +
                   "; positions and cells are taken for Å: convert them");
  critic.add(Severity::note, "lone_atoms", found.lone_atoms,
             frames_text(found.lone_atoms.count) +
                 " with atoms that have no neighbour within 5 Å: their features contain only the atom itself",
             [](std::int64_t, double atoms) { return format("%.0f such", atoms); });
  critic.add(Severity::note, "vacuum", found.vacuum,
             frames_text(found.vacuum.count) +
                 " with a gap of more than 8 Å in a periodic cell: surfaces, wires or molecules in a box",
             [](std::int64_t, double directions) {
               return format("in %.0f direction%s", directions, directions > 1 ? "s" : "");
             });
}

void look_at_periodicity(Critic& critic) {
  const auto& found = critic.survey().geometry;
  const int kinds = (found.periodic > 0) + (found.not_periodic > 0) + (found.partly_periodic > 0);
  if (kinds < 2)
    return;
  // Free atoms beside crystals are as they should be.
  const auto is_mixed = [&](const survey::Record& r) {
    return !is_free_atom(r) && (r.periodic != 7) == (found.periodic >= found.not_periodic);
  };
  auto& finding =
      critic.add(Severity::look, "mixed_periodicity", std::min(found.periodic, found.frames - found.periodic),
                 format("%lld frames are periodic in three directions, %lld in some and %lld in none: are "
                        "some cells missing?",
                        static_cast<long long>(found.periodic), static_cast<long long>(found.partly_periodic),
                        static_cast<long long>(found.not_periodic)));
  for (std::size_t r = 0; r < critic.data().records.size() && finding.examples.size() < 10; ++r)
    if (is_mixed(critic.data().records[r]))
      finding.examples.push_back(critic.place(static_cast<std::int64_t>(r)));
  if (finding.examples.empty())
    finding.severity = Severity::note;
}

void look_at_elements(Critic& critic) {
  const auto& found = critic.survey().geometry;
  std::vector<std::string> rare;
  for (const auto& element : found.elements)
    if (element.structures < few_structures)
      rare.push_back(symbol(element.z) + " (" + std::to_string(element.structures) + ")");
  if (!rare.empty() && found.frames >= 10 * few_structures)
    critic.add(Severity::look, "rare_elements", static_cast<std::int64_t>(rare.size()),
               "elements in fewer than 5 structures, of which little can be learnt: " + joined(rare));
  structure::CompositionSpan span;
  for (const auto& composition : critic.data().compositions.compositions())
    span.add({composition.begin(), composition.end()});
  if (span.deficient()) {
    auto why = structure::describe_deficiency(span);
    if (why.size() > longest_explanation)
      why = why.substr(0, why.rfind(' ', longest_explanation)) + " ...";
    critic.add(Severity::note, "dependent_compositions",
               static_cast<std::int64_t>(span.elements().size() - span.rank()),
               "a composition baseline cannot tell the elements apart: " + why +
                   "; energies of other compositions are guesses");
  }
}

/// "--data.target E_scf_Ha --data.target-unit hartree".
std::string keys_for(const Survey& survey, const std::string& target) {
  return "--data.target " + target + (survey.unit == "eV" ? "" : " --data.target-unit " + survey.unit) +
         (survey.per_atom ? " --data.target-scope per-atom" : "");
}

void look_for_target(Critic& critic, const std::string& wanted) {
  const auto& survey = critic.survey();
  const auto& target = critic.data().chosen.target;
  if (target.empty()) {
    critic.add(Severity::look, "no_target", survey.geometry.frames,
               "no frame has '" + wanted +
                   "', and no other key looks like an energy: choose the target with --data.target KEY");
    return;
  }
  if (target != wanted)
    critic.add(Severity::note, "target", survey.energies.known,
               "no frame at the beginning has '" + wanted + "'; " + target +
                   " looks like the target: " + keys_for(survey, target));
  if (const auto& energies = survey.energies; energies.missing > 0)
    critic
        .add(Severity::look, "target_missing", energies.missing,
             frames_text(energies.missing) + " without " + target)
        .examples.push_back(critic.place(energies.first_missing));
  if (const auto& energies = survey.energies; energies.not_finite > 0)
    critic
        .add(Severity::fault, "target_not_finite", energies.not_finite,
             frames_text(energies.not_finite) + " in which " + target + " is not a finite number")
        .examples.push_back(critic.place(energies.first_not_finite));
  if (const auto& range = survey.energies.total; range.count > 1 && range.low == range.high)
    critic.add(Severity::look, "target_constant", range.count,
               target + format(" is %.10g eV in all frames", range.low));
}

/// Whether the target is probably read in the wrong scope: what else energies say means little then.
bool misreads_scope(Critic& critic) {
  const auto& survey = critic.survey();
  const auto& [total, per_atom] =
      std::pair(survey.energies.explained_as_total, survey.energies.explained_per_atom);
  if (!total || survey.energies.known < 20)
    return false;
  const double as_read = 1 - (survey.per_atom ? *per_atom : *total),
               otherwise = 1 - (survey.per_atom ? *total : *per_atom);
  if (otherwise >= 0.2 * as_read)
    return false;
  critic.add(
      Severity::look, "target_scope", survey.energies.known,
      critic.data().chosen.target + " follows the composition " +
          (survey.per_atom ? "as a total energy does, not as an energy per atom"
                           : "as an energy per atom does, not as a total") +
          format(": in that case a fit explains %.1f %% of its variance, as it is read %.1f %%; if so, use "
                 "--data.target-scope %s",
                 100 * (1 - otherwise), 100 * (1 - as_read), survey.per_atom ? "total" : "per-atom"));
  return true;
}

void look_at_units(Critic& critic) {
  const auto& survey = critic.survey();
  const auto& target = critic.data().chosen.target;
  if (const auto unit = likely_unit(survey.energies.element_energies, survey.unit); !unit.empty())
    critic.add(Severity::look, "target_unit", survey.energies.known,
               target + " is read in " + survey.unit +
                   ", but a composition fit finds the elements where free atoms are in " + unit +
                   ": use --data.target-unit " + unit);
  for (const auto& key : survey.keys)
    if (key.role == survey::Role::unit && key.words.size() > 1) {
      std::vector<std::string> words;
      for (const auto& [word, count] : key.words)
        words.push_back(word + " in " + frames_text(count));
      critic.add(Severity::fault, "mixed_units", key.frames, key.name + " differs: " + joined(words));
    }
}

void look_at_energies(Critic& critic) {
  const auto& energies = critic.survey().energies;
  if (energies.outliers > 0) {
    auto& finding = critic.add(Severity::look, "energy_outliers", energies.outliers,
                               frames_text(energies.outliers) +
                                   format(" with an energy more than 10 robust standard deviations (%.4g "
                                          "eV/atom) from what the composition says",
                                          energies.deviation));
    for (const auto& outlier : energies.worst)
      if (outlier.deviations > 10)
        finding.examples.push_back(critic.place(outlier.record) + format(": %+.4g eV/atom, %.3g deviations",
                                                                         outlier.beyond, outlier.deviations));
  }
  if (energies.gap > 0)
    critic
        .add(Severity::look, "energy_groups", std::min(energies.below_gap, energies.above_gap),
             format("energies beyond composition fall into two groups, %lld and %lld frames, with %.4g "
                    "eV/atom between them: "
                    "two levels of theory, units or kinds of structures?",
                    static_cast<long long>(energies.below_gap), static_cast<long long>(energies.above_gap),
                    energies.gap))
        .examples = {critic.place(energies.gap_example_below) + ": the highest below",
                     critic.place(energies.gap_example_above) + ": the lowest above"};
  if (energies.known >= 50 && energies.autocorrelation > 0.8)
    critic.add(
        Severity::note, "ordered", energies.known,
        format("energies of consecutive frames are alike (correlation %.2f): steps of a trajectory or sorted "
               "groups? What "
               "data.test draws at random is then close to what is learnt, and its errors are flattering",
               energies.autocorrelation));
}

std::string pair_text(const Critic& critic, const survey::Pair& pair, double deviation) {
  std::string text = critic.place(pair.first) + " and " + critic.place(pair.second);
  if (std::isfinite(pair.difference))
    text += format(": %.4g eV/atom apart", pair.difference);
  if (std::isfinite(pair.difference) && deviation > 0 && pair.difference > deviation)
    text += format(" (%.1f deviations)", pair.difference / deviation);
  return text;
}

std::vector<std::string> pair_texts(const Critic& critic, const std::vector<survey::Pair>& pairs) {
  std::vector<std::string> texts;
  for (const auto& pair : pairs)
    texts.push_back(pair_text(critic, pair, critic.survey().energies.deviation));
  return texts;
}

void look_at_duplicates(Critic& critic, const survey::Duplicates& found, const std::string& kind,
                        const std::string& like) {
  if (found.pairs == 0)
    return;
  const std::string least = found.complete ? "" : "at least ";
  if (found.contradictions > 0)
    critic
        .add(kind == "equal" ? Severity::fault : Severity::look, kind + "_structures_contradict",
             found.contradictions,
             least + format_count(found.contradictions, "pair") + " of " + like +
                 " structures with different energies")
        .examples = pair_texts(critic, found.contradicting);
  critic
      .add(Severity::look, kind + "_structures", found.frames,
           least + frames_text(found.frames) + (found.frames == 1 ? " is " : " are ") + like + " to " +
               (found.frames == 1 ? "an earlier one" : "earlier ones"))
      .examples = pair_texts(critic, found.first);
  for (const auto& [count, what] :
       {std::pair(found.across_files, std::string("files")),
        std::pair(found.across_splits, "values of " + critic.data().chosen.split)})
    if (count > 0)
      critic
          .add(Severity::look, kind + "_structures_across_" + (what == "files" ? "files" : "splits"), count,
               least + format_count(count, "pair") + " of " + like + " structures in different " + what +
                   ": if one of a pair is learnt and the other tested, the errors are flattering")
          .examples = pair_texts(critic, found.crossing);
}

void look_at_forces(Critic& critic) {
  const auto& found = critic.survey().forces;
  const auto& name = critic.data().chosen.forces;
  if (found.with == 0)
    return;
  critic.add(Severity::fault, "forces_not_finite", found.not_finite,
             frames_text(found.not_finite.count) + " in which " + name + " has numbers that are not finite",
             no_words);
  critic.add(Severity::look, "forces_missing", found.absent,
             frames_text(found.absent.count) + " without " + name, no_words);
  critic.add(
      Severity::look, "forces_unbalanced", found.unbalanced,
      frames_text(found.unbalanced.count) +
          " whose forces do not sum to zero (|ΣF|/N above 0.01 eV/Å and a thousandth of the mean force)",
      [&](std::int64_t index, double net) {
        return format("|ΣF|/N = %.3g, mean |F| = %.3g", net,
                      static_cast<double>(critic.record(index).measures.mean_force));
      });
  critic.add(
      Severity::look, "forces_huge", found.huge,
      frames_text(found.huge.count) +
          format(" with a force above 50 eV/Å and 20 times what is usual (%.3g)", found.largest.median),
      [](std::int64_t, double force) { return format("%.4g eV/Å", force); });
  if (found.largest.count > 0 && found.largest.high == 0)
    critic.add(Severity::look, "forces_zero", found.with, "all " + name + " are zero");
}

void look_at_pressure(Critic& critic) {
  const auto& found = critic.survey().pressure;
  const auto& name = critic.data().chosen.stress;
  if (found.pairs < 10 || std::abs(found.correlation) < 0.5)
    return;
  const bool is_virial = survey::role_of_key(name, 9) == survey::Role::virial;
  const std::string convention = is_virial ? "-V σ (what is compressed has a positive virial)"
                                           : "ASE's (what is compressed has a negative stress)";
  critic.add(found.correlation < 0 ? Severity::note : Severity::look, "virial_sign", found.pairs,
             format("%s %s with the volume as the sign of %s does%s (correlation of pressure and volume %.2f "
                    "over %lld structures of one composition)",
                    name.c_str(), found.correlation < 0 ? "goes" : "does not go", convention.c_str(),
                    found.correlation < 0 ? "" : ": the opposite sign?", found.correlation,
                    static_cast<long long>(found.pairs)));
}

void look_at_free_atoms(Critic& critic) {
  const auto& found = critic.survey().geometry.free_atoms;
  if (found.count == 0)
    return;
  std::map<int, std::set<double>> energies;
  for (const auto& record : critic.data().records)
    if (is_free_atom(record)) {
      auto& known = energies[critic.data()
                                 .compositions.compositions()[static_cast<std::size_t>(record.composition)]
                                 .front()
                                 .first];
      if (std::isfinite(record.target))
        known.insert(record.target);
    }
  std::vector<std::string> list, differing;
  for (const auto& [z, values] : energies) {
    if (!values.empty())
      list.push_back(symbol(z) + format(":%.8g", *values.begin()));
    if (values.size() > 1 && *values.rbegin() - *values.begin() > 1e-6 * std::abs(*values.begin()))
      differing.push_back(symbol(z) + format(" %.8g to %.8g", *values.begin(), *values.rbegin()));
  }
  std::string text = frames_text(found.count) + " of one atom alone";
  if (!list.empty()) {
    text += "; their energies can be the baseline of the others: --data.baseline atoms --data.atom-energy ";
    for (std::size_t i = 0; i < list.size(); ++i)
      text += (i == 0 ? "" : ",") + list[i];
  }
  critic.add(Severity::note, "free_atoms", found, text, no_words);
  if (!differing.empty())
    critic.add(Severity::look, "free_atoms_differ", static_cast<std::int64_t>(differing.size()),
               "atoms alone have several energies: " + joined(differing));
}

void look_at_keys(Critic& critic) {
  std::vector<std::string> uneven, not_finite;
  for (const auto& key : critic.survey().keys) {
    if (key.uneven && key.role != survey::Role::other)
      uneven.push_back(key.name);
    if (key.not_finite > 0 && key.name != critic.data().chosen.target &&
        key.name != critic.data().chosen.forces)
      not_finite.push_back(key.name + " (" + std::to_string(key.not_finite) + ")");
  }
  if (!uneven.empty())
    critic.add(Severity::look, "uneven_keys", static_cast<std::int64_t>(uneven.size()),
               "keys or columns whose values are not of one form: " + joined(uneven));
  if (!not_finite.empty())
    critic.add(Severity::look, "numbers_not_finite", static_cast<std::int64_t>(not_finite.size()),
               "keys or columns with numbers that are not finite: " + joined(not_finite));
  if (critic.data().keys.keys_left_out() > 0)
    critic.add(Severity::note, "many_keys", critic.data().keys.keys_left_out(),
               "comment lines hold more than 200 different keys, as prose does: the others are not listed");
}

} // namespace

std::string to_string(Severity severity) {
  return severity == Severity::fault ? "fault" : severity == Severity::look ? "warning" : "note";
}

std::vector<Finding> find_oddities(const Collection& data, const Survey& survey, const std::string& wanted,
                                   const std::string& stopped) {
  Critic critic(data, survey);
  if (!stopped.empty())
    critic.add(Severity::fault, "reading_stopped", 1,
               "reading ended before the end of the files: " + stopped);
  look_for_target(critic, wanted);
  look_at_units(critic);
  look_at_duplicates(critic, survey.exact, "equal", "equal");
  look_at_duplicates(critic, survey.near, "near", "nearly equal");
  look_at_structures(critic);
  if (!misreads_scope(critic))
    look_at_energies(critic);
  look_at_forces(critic);
  look_at_pressure(critic);
  look_at_elements(critic);
  look_at_periodicity(critic);
  look_at_free_atoms(critic);
  look_at_keys(critic);
  return critic.sorted();
}

} // namespace soapstone::app
