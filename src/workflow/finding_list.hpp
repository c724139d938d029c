// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/base/text.hpp"
#include "soapstone/survey/survey.hpp"
#include "soapstone/workflow/finding.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace soapstone::workflow {

/// Collects findings about one data set.
class FindingList {
public:
  FindingList(const survey::Collection& data, const survey::Survey& survey) : data_(data), survey_(survey) {}

  Finding& add(Severity severity, const std::string& kind, std::int64_t count, const std::string& text) {
    return findings_.emplace_back(Finding{severity, kind, count, text, {}});
  }
  /// Adds a finding if there are such frames. words(record, number) describes the number of a frame, or is
  /// empty.
  template <typename Words>
  void add(Severity severity, const std::string& kind, const survey::Cases& cases, const std::string& text,
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
  const survey::Collection& data() const { return data_; }
  const survey::Survey& survey() const { return survey_; }
  std::vector<Finding> sorted() {
    std::stable_sort(findings_.begin(), findings_.end(),
                     [](const Finding& a, const Finding& b) { return a.severity < b.severity; });
    return std::move(findings_);
  }

private:
  const survey::Collection& data_;
  const survey::Survey& survey_;
  std::vector<Finding> findings_;
};

/// Describes frames whose places say enough.
inline const auto no_words = [](std::int64_t, double) { return std::string(); };

/// Returns the words with commas between them.
inline std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words)
    text += (text.empty() ? "" : ", ") + word;
  return text;
}

inline std::string frames_text(std::int64_t count) {
  return format_count(count, "frame");
}

/// Each of these functions adds the findings on its subject, if there are any.
void judge_structures(FindingList& findings);
void judge_periodicity(FindingList& findings);
void judge_elements(FindingList& findings);
void judge_free_atoms(FindingList& findings);
void judge_target(FindingList& findings, const std::string& wanted);
void judge_units(FindingList& findings);
void judge_energies(FindingList& findings);
/// Returns whether the target is probably read in the wrong scope. Findings about its energies mean little
/// then.
bool misreads_scope(FindingList& findings);

} // namespace soapstone::workflow
