// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/report/survey_report.hpp"

#include "soapstone/base/text.hpp"
#include "soapstone/options/parameter_keys.hpp"
#include "soapstone/structure/elements.hpp"

#include <cmath>

namespace soapstone::report {

using survey::Range;
using survey::Survey;

namespace {

constexpr std::size_t most_examples = 3;

std::string number(double value) {
  return format("%.6g", value);
}

/// Returns "3 to 29 (median 18)", or "18" where all numbers are equal.
std::string range_text(const Range& range) {
  if (range.count == 0)
    return "none";
  if (range.low == range.high)
    return number(range.low);
  return number(range.low) + " to " + number(range.high) + " (median " + number(range.median) + ")";
}

std::string findings_text(const std::vector<workflow::Finding>& findings) {
  if (findings.empty())
    return "findings: none\n";
  std::string text = "findings\n";
  for (const auto& finding : findings) {
    text += format("  %-7s  ", to_string(finding.severity).c_str()) + options::with_keys(finding.text) + "\n";
    for (std::size_t i = 0; i < finding.examples.size() && i < most_examples; ++i)
      text += "           " + finding.examples[i] + "\n";
    const auto more = finding.count - static_cast<std::int64_t>(most_examples);
    if (finding.examples.size() > most_examples)
      text += format("           and %lld more\n", static_cast<long long>(more));
  }
  return text;
}

std::string structures_text(const survey::Collection& data, const Survey& survey) {
  const auto& found = survey.geometry;
  std::string text = "structures\n";
  if (data.paths.size() > 1)
    for (std::size_t i = 0; i < data.paths.size(); ++i)
      text += "  " + format_count(found.frames_of_path[i], "frame") + " in " + data.paths[i] + "\n";
  text += format("  atoms per structure   %s\n", range_text(found.size).c_str());
  text += format("  compositions          %lld\n", static_cast<long long>(found.compositions));
  text += format("  periodic              %lld in three directions, %lld in some, %lld in none\n",
                 static_cast<long long>(found.periodic), static_cast<long long>(found.partly_periodic),
                 static_cast<long long>(found.not_periodic));
  if (found.volume_per_atom.count > 0)
    text += "  volume per atom       " + range_text(found.volume_per_atom) + " Å³\n";
  text += "  closest atoms         " + range_text(found.closest) + " of the sum of their covalent radii\n";
  text += "elements (structures, atoms)\n";
  std::size_t width = 0;
  for (const auto& element : found.elements) {
    const auto entry =
        format("  %-2s %9lld %10lld", std::string(structure::element_symbol(element.z)).c_str(),
               static_cast<long long>(element.structures), static_cast<long long>(element.atoms));
    if (width + entry.size() > 100) {
      text += "\n";
      width = 0;
    }
    text += entry;
    width += entry.size();
  }
  return text + "\n";
}

std::string energies_text(const survey::Collection& data, const Survey& survey) {
  const auto& found = survey.energies;
  if (found.known == 0)
    return "";
  std::string elements;
  for (const auto& [z, energy] : found.element_energies)
    if (found.element_energies.size() <= 8)
      elements += (elements.empty() ? "" : ", ") + std::string(structure::element_symbol(z)) +
                  format(" %.6g", energy);
  std::string text = data.chosen.target + " (read in " + survey.unit +
                     (survey.per_atom ? " per atom" : ", total") + "; below in eV)\n";
  text += "  per structure         " + range_text(found.total) + "\n";
  text += "  per atom              " + range_text(found.per_atom) + "\n";
  text += "  beyond composition    " + range_text(found.beyond) +
          format(" per atom; robust deviation %.4g\n", found.deviation);
  if (!elements.empty())
    text += "  elements, by a fit    " + elements + "\n";
  return text;
}

std::string forces_text(const survey::Collection& data, const Survey& survey) {
  const auto& found = survey.forces;
  if (found.with == 0)
    return "";
  return data.chosen.forces + " (read in eV/Å)\n  mean per structure    " + range_text(found.mean) +
         "\n  largest               " + range_text(found.largest) + "\n  |ΣF|/N                " +
         range_text(found.net) + "\n";
}

std::string shape_of(const survey::KeySummary& key) {
  const std::string type = key.type == 'R'   ? "number"
                           : key.type == 'I' ? "integer"
                           : key.type == 'L' ? "T or F"
                                             : "text";
  return key.width == 1 ? type : type + " x " + std::to_string(key.width);
}

std::string values_of(const survey::KeySummary& key) {
  if (key.numbers.count > 0 && (key.words.empty() || key.words.size() > 4 || key.width > 1))
    return range_text(key.numbers);
  if (key.many_words)
    return "many values";
  std::string text;
  for (const auto& [word, count] : key.words)
    text += (text.empty() ? "" : ", ") + word + " (" + std::to_string(count) + ")";
  return text;
}

std::string keys_text(const Survey& survey) {
  if (survey.keys.empty())
    return "";
  std::string text = "keys of the comment line, and columns (frames, form, values)\n";
  for (const auto& key : survey.keys) {
    const auto role = std::string(survey::to_string(key.role));
    text += format("  %-22s %9lld  %-12s ", (key.name + (key.column ? " (column)" : "")).c_str(),
                   static_cast<long long>(key.frames), shape_of(key).c_str()) +
            values_of(key) + (role.empty() ? "" : "  [" + role + "]") + "\n";
  }
  return text;
}

} // namespace

std::string survey_text(const survey::Collection& data, const Survey& survey,
                        const std::vector<workflow::Finding>& findings) {
  std::string files;
  for (std::size_t i = 0; i < data.paths.size() && i < 3; ++i)
    files += (i == 0 ? "" : ", ") + data.paths[i];
  if (data.paths.size() > 3)
    files += format(" and %zu more", data.paths.size() - 3);
  return files + ": " + format_count(survey.geometry.frames, "frame") + ", " +
         format_count(survey.geometry.atoms, "atom") + "\n\n" + findings_text(findings) + "\n" +
         structures_text(data, survey) + energies_text(data, survey) + forces_text(data, survey) +
         keys_text(survey);
}

} // namespace soapstone::report
