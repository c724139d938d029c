// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/options/options.hpp"
#include "soapstone/report/console.hpp"

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace soapstone::report {

using Json = nlohmann::ordered_json; ///< keys in the order in which they were set

/// Holds what a report says of the run before its results.
struct ReportHead {
  std::string command, version, grid; ///< grid: "2x3"
  std::vector<options::EffectiveValue> effective;
};

/// Returns what every report holds: command, version, ranks, grid, stages (name, seconds {min, mean, max}
/// over ranks, gflops and items_per_second or null), peak_memory_bytes (largest over ranks),
/// effective_configuration, warnings. Collective over `comm`.
Json common_report(const parallel::Communicator& comm, const ReportHead& head,
                   const std::vector<workflow::StageSummary>& stages,
                   const std::vector<std::string>& warnings);

/// {"soap.cutoff": 5.0, "data.structures": ["a.xyz"], ...}: numbers and booleans as such, repeatable keys as
/// lists.
Json effective_json(const std::vector<options::EffectiveValue>& keys);

/// Returns the same as texts, 5 and 5.0 alike: what search_identity compares.
std::map<std::string, std::string> run_texts(const std::vector<options::EffectiveValue>& keys);

/// Replaces numbers that are not finite, which JSON does not have, by null, adds a warning for each to
/// report["warnings"] and returns these warnings.
std::vector<std::string> replace_non_finite(Json& report);

/// Writes the report whole or not at all (temporary name, fsync, rename), non-finite numbers replaced;
/// returns the warnings about them. Throws IoError. An empty path writes nothing. Call on one rank.
std::vector<std::string> write_report(const std::string& path, Json report);

} // namespace soapstone::report
