// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/options/options.hpp"
#include "soapstone/search/checkpoint.hpp"
#include "soapstone/workflow/evaluation.hpp"

#include <string>
#include <vector>

namespace soapstone::workflow {

/// Holds what a search is to do, and (in search.records) what is known already.
struct SearchPlan {
  search::Grid grid;
  std::vector<std::int64_t> points; ///< of the first rung, ascending
  search::Checkpoint search;
};

/// The plan of `configuration` on so many structures, its identity still empty. Axes are the ranges but for
/// the regularisation, which every point scans; those that are expensive to change come first. The same on
/// all ranks.
SearchPlan plan_search(const options::Configuration& configuration, std::int64_t structures);

/// The configuration that a task evaluates.
options::Configuration configuration_of(const options::Configuration& base, const SearchPlan& plan,
                                        const search::Task& task, const options::WithValues& with_values);

/// The points of a rung, when all records of the rung before are there: the best of them.
std::vector<std::int64_t> points_of_rung(const SearchPlan& plan, std::size_t rung);

/// The record of an evaluation, in the plan's rows and columns.
search::Record make_record(const SearchPlan& plan, const search::Task& task, const EvaluateResult& result);

/// A record's values of the axes.
std::vector<std::string> values_of(const search::Checkpoint& search, const search::Record& record);

/// "radial-scaling.scale 2, radial-scaling.exponent 7, regression.regularization 1e-08": a record's keys,
/// with its best regularisation if it has one.
std::string describe_point(const search::Checkpoint& search, const search::Record& record);

} // namespace soapstone::workflow
