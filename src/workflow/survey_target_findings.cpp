// SPDX-License-Identifier: BSD-3-Clause
#include "finding_list.hpp"
#include "soapstone/workflow/unit_check.hpp"

namespace soapstone::workflow {

using survey::Survey;

namespace {

/// Returns the options that read the target: "--data.target E_scf_Ha --data.target-unit hartree".
std::string keys_for(const Survey& survey, const std::string& target) {
  return "--`target` " + target + (survey.unit == "eV" ? "" : " --`target_unit` " + survey.unit) +
         (survey.per_atom ? " --`target_scope` per-atom" : "");
}

} // namespace

void judge_target(FindingList& findings, const std::string& wanted) {
  const auto& survey = findings.survey();
  const auto& target = findings.data().chosen.target;
  if (target.empty()) {
    findings.add(Severity::look, "no_target", survey.geometry.frames,
                 "no frame has '" + wanted +
                     "', and no other key looks like an energy: choose the target with --`target` KEY");
    return;
  }
  if (target != wanted)
    findings.add(Severity::note, "target", survey.energies.known,
                 "no frame at the beginning has '" + wanted + "'; " + target +
                     " looks like the target: " + keys_for(survey, target));
  if (const auto& energies = survey.energies; energies.missing > 0)
    findings
        .add(Severity::look, "target_missing", energies.missing,
             frames_text(energies.missing) + " without " + target)
        .examples.push_back(findings.place(energies.first_missing));
  if (const auto& energies = survey.energies; energies.not_finite > 0)
    findings
        .add(Severity::fault, "target_not_finite", energies.not_finite,
             frames_text(energies.not_finite) + " in which " + target + " is not a finite number")
        .examples.push_back(findings.place(energies.first_not_finite));
  if (const auto& range = survey.energies.total; range.count > 1 && range.low == range.high)
    findings.add(Severity::look, "target_constant", range.count,
                 target + format(" is %.10g eV in all frames", range.low));
}

bool misreads_scope(FindingList& findings) {
  const auto& survey = findings.survey();
  const auto& [total, per_atom] =
      std::pair(survey.energies.explained_as_total, survey.energies.explained_per_atom);
  if (!total || survey.energies.known < 20)
    return false;
  const double as_read = 1 - (survey.per_atom ? *per_atom : *total),
               otherwise = 1 - (survey.per_atom ? *total : *per_atom);
  if (otherwise >= 0.2 * as_read)
    return false;
  findings.add(
      Severity::look, "target_scope", survey.energies.known,
      findings.data().chosen.target + " follows the composition " +
          (survey.per_atom ? "as a total energy does, not as an energy per atom"
                           : "as an energy per atom does, not as a total") +
          format(": in that case a fit explains %.1f %% of its variance, as it is read %.1f %%; if so, use "
                 "--`target_scope` %s",
                 100 * (1 - otherwise), 100 * (1 - as_read), survey.per_atom ? "total" : "per-atom"));
  return true;
}

void judge_units(FindingList& findings) {
  const auto& survey = findings.survey();
  const auto& target = findings.data().chosen.target;
  if (const auto unit = likely_unit(survey.energies.element_energies, survey.unit); !unit.empty())
    findings.add(Severity::look, "target_unit", survey.energies.known,
                 target + " is read in " + survey.unit +
                     ", but the energies of the elements, by a fit to the compositions, agree with those of "
                     "free atoms "
                     "in " +
                     unit + ": use --`target_unit` " + unit);
  for (const auto& key : survey.keys)
    if (key.role == survey::Role::unit && key.words.size() > 1) {
      std::vector<std::string> words;
      for (const auto& [word, count] : key.words)
        words.push_back(word + " in " + frames_text(count));
      findings.add(Severity::fault, "mixed_units", key.frames, key.name + " differs: " + joined(words));
    }
}

void judge_energies(FindingList& findings) {
  const auto& energies = findings.survey().energies;
  if (energies.outliers > 0) {
    auto& finding = findings.add(Severity::look, "energy_outliers", energies.outliers,
                                 frames_text(energies.outliers) +
                                     format(" with an energy more than 10 robust standard deviations (%.4g "
                                            "eV/atom) from what the composition says",
                                            energies.deviation));
    for (const auto& outlier : energies.worst)
      if (outlier.deviations > 10)
        finding.examples.push_back(findings.place(outlier.record) + format(": %+.4g eV/atom, %.3g deviations",
                                                                           outlier.beyond,
                                                                           outlier.deviations));
  }
  if (energies.gap > 0)
    findings
        .add(Severity::look, "energy_groups", std::min(energies.below_gap, energies.above_gap),
             format("energies beyond composition fall into two groups, %lld and %lld frames, with %.4g "
                    "eV/atom between them: "
                    "two levels of theory, units or kinds of structures?",
                    static_cast<long long>(energies.below_gap), static_cast<long long>(energies.above_gap),
                    energies.gap))
        .examples = {findings.place(energies.gap_example_below) + ": the highest below",
                     findings.place(energies.gap_example_above) + ": the lowest above"};
  if (energies.known >= 50 && energies.autocorrelation > 0.8)
    findings.add(
        Severity::note, "ordered", energies.known,
        format("energies of consecutive frames are alike (correlation %.2f): steps of a trajectory or sorted "
               "groups? What "
               "`test` draws at random is then close to what is learnt, and its errors are too small",
               energies.autocorrelation));
}

} // namespace soapstone::workflow
