// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/app/report.hpp"
#include "soapstone/app/survey_findings.hpp"

namespace soapstone::app {

/// Returns the data check for the terminal: first the findings, then tables.
std::string survey_text(const survey::Collection& data, const survey::Survey& survey,
                        const std::vector<Finding>& findings);

/// Returns the same as keys of a report, and the numbers that the picture needs (scripts/plot.py data-check).
Json survey_json(const survey::Collection& data, const survey::Survey& survey,
                 const std::vector<Finding>& findings);

} // namespace soapstone::app
