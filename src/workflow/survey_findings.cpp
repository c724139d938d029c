// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/workflow/survey_findings.hpp"

#include "finding_list.hpp"

#include <cmath>

namespace soapstone::workflow {

using survey::Collection;
using survey::Survey;

namespace {

std::string pair_text(const FindingList& findings, const survey::Pair& pair, double deviation) {
  std::string text = findings.place(pair.first) + " and " + findings.place(pair.second);
  if (std::isfinite(pair.difference))
    text += format(": %.4g eV/atom apart", pair.difference);
  if (std::isfinite(pair.difference) && deviation > 0 && pair.difference > deviation)
    text += format(" (%.1f deviations)", pair.difference / deviation);
  return text;
}

std::vector<std::string> pair_texts(const FindingList& findings, const std::vector<survey::Pair>& pairs) {
  std::vector<std::string> texts;
  texts.reserve(pairs.size());
  for (const auto& pair : pairs)
    texts.push_back(pair_text(findings, pair, findings.survey().energies.deviation));
  return texts;
}

void judge_duplicates(FindingList& findings, const survey::Duplicates& found, const std::string& kind,
                      const std::string& like) {
  if (found.pairs == 0)
    return;
  const std::string least = found.complete ? "" : "at least ";
  if (found.contradictions > 0)
    findings
        .add(kind == "equal" ? Severity::fault : Severity::look, kind + "_structures_contradict",
             found.contradictions,
             least + format_count(found.contradictions, "pair") + " of " + like +
                 " structures with different energies")
        .examples = pair_texts(findings, found.contradicting);
  findings
      .add(Severity::look, kind + "_structures", found.frames,
           least + frames_text(found.frames) + (found.frames == 1 ? " is " : " are ") + like + " to " +
               (found.frames == 1 ? "an earlier one" : "earlier ones"))
      .examples = pair_texts(findings, found.first);
  for (const auto& [count, what] :
       {std::pair(found.across_files, std::string("files")),
        std::pair(found.across_splits, "values of " + findings.data().chosen.split)})
    if (count > 0)
      findings
          .add(Severity::look, kind + "_structures_across_" + (what == "files" ? "files" : "splits"), count,
               least + format_count(count, "pair") + " of " + like + " structures in different " + what +
                   ": if one of a pair is learnt and the other tested, the errors are too small")
          .examples = pair_texts(findings, found.crossing);
}

void judge_forces(FindingList& findings) {
  const auto& found = findings.survey().forces;
  const auto& name = findings.data().chosen.forces;
  if (found.with == 0)
    return;
  findings.add(Severity::fault, "forces_not_finite", found.not_finite,
               frames_text(found.not_finite.count) + " in which " + name + " has numbers that are not finite",
               no_words);
  findings.add(Severity::look, "forces_missing", found.absent,
               frames_text(found.absent.count) + " without " + name, no_words);
  findings.add(
      Severity::look, "forces_unbalanced", found.unbalanced,
      frames_text(found.unbalanced.count) +
          " whose forces do not sum to zero (|ΣF|/N above 0.01 eV/Å and a thousandth of the mean force)",
      [&](std::int64_t index, double net) {
        return format("|ΣF|/N = %.3g, mean |F| = %.3g", net,
                      static_cast<double>(findings.record(index).measures.mean_force));
      });
  findings.add(
      Severity::look, "forces_huge", found.huge,
      frames_text(found.huge.count) +
          format(" with a force above 50 eV/Å and 20 times what is usual (%.3g)", found.largest.median),
      [](std::int64_t, double force) { return format("%.4g eV/Å", force); });
  if (found.largest.count > 0 && found.largest.high == 0)
    findings.add(Severity::look, "forces_zero", found.with, "all " + name + " are zero");
}

void judge_pressure(FindingList& findings) {
  const auto& found = findings.survey().pressure;
  const auto& name = findings.data().chosen.stress;
  if (found.pairs < 10 || std::abs(found.correlation) < 0.5)
    return;
  const bool is_virial = survey::role_of_key(name, 9) == survey::Role::virial;
  const std::string convention = is_virial ? "-V σ (what is compressed has a positive virial)"
                                           : "ASE's (what is compressed has a negative stress)";
  findings.add(
      found.correlation < 0 ? Severity::note : Severity::look, "virial_sign", found.pairs,
      format("%s %s with the volume as the sign of %s does%s (correlation of pressure and volume %.2f "
             "over %lld structures of one composition)",
             name.c_str(), found.correlation < 0 ? "goes" : "does not go", convention.c_str(),
             found.correlation < 0 ? "" : ": the opposite sign?", found.correlation,
             static_cast<long long>(found.pairs)));
}

void judge_keys(FindingList& findings) {
  std::vector<std::string> uneven, not_finite;
  for (const auto& key : findings.survey().keys) {
    if (key.uneven && key.role != survey::Role::other)
      uneven.push_back(key.name);
    if (key.not_finite > 0 && key.name != findings.data().chosen.target &&
        key.name != findings.data().chosen.forces)
      not_finite.push_back(key.name + " (" + std::to_string(key.not_finite) + ")");
  }
  if (!uneven.empty())
    findings.add(Severity::look, "uneven_keys", static_cast<std::int64_t>(uneven.size()),
                 "keys or columns whose values are not of one form: " + joined(uneven));
  if (!not_finite.empty())
    findings.add(Severity::look, "numbers_not_finite", static_cast<std::int64_t>(not_finite.size()),
                 "keys or columns with numbers that are not finite: " + joined(not_finite));
  if (findings.data().keys.keys_left_out() > 0)
    findings.add(Severity::note, "many_keys", findings.data().keys.keys_left_out(),
                 "comment lines hold more than 200 different keys, as prose does: the others are not listed");
}

} // namespace

std::vector<Finding> find_oddities(const Collection& data, const Survey& survey, const std::string& wanted,
                                   const std::string& stopped) {
  FindingList findings(data, survey);
  if (!stopped.empty())
    findings.add(Severity::fault, "reading_stopped", 1,
                 "reading ended before the end of the files: " + stopped);
  judge_target(findings, wanted);
  judge_units(findings);
  judge_duplicates(findings, survey.exact, "equal", "equal");
  judge_duplicates(findings, survey.near, "near", "nearly equal");
  judge_structures(findings);
  if (!misreads_scope(findings))
    judge_energies(findings);
  judge_forces(findings);
  judge_pressure(findings);
  judge_elements(findings);
  judge_periodicity(findings);
  judge_free_atoms(findings);
  judge_keys(findings);
  return findings.sorted();
}

} // namespace soapstone::workflow
