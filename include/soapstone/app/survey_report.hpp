// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/app/report.hpp"
#include "soapstone/app/survey_findings.hpp"

namespace soapstone::app {

/// The data check for the terminal: what to look at first, then tables.
std::string survey_text(const survey::Collection& data, const survey::Survey& survey,
                        const std::vector<Finding>& findings);

/// The same as keys of a report, with what the picture needs (scripts/plot.py data-check).
Json survey_json(const survey::Collection& data, const survey::Survey& survey,
                 const std::vector<Finding>& findings);

} // namespace soapstone::app
