// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/app/evaluation.hpp"
#include "soapstone/app/options.hpp"
#include "soapstone/search/checkpoint.hpp"

#include <span>
#include <string>
#include <vector>

namespace soapstone::app {

/// What a search is to do, and (in search.records) what is known already.
struct SearchPlan {
  search::Grid grid;
  std::vector<std::int64_t> points; ///< of the first rung, ascending
  search::Checkpoint search;
};

/// The plan of `configuration` on structures read before. Axes are the ranges but for the regularisation,
/// which every point scans; those that are expensive to change come first. The same on all ranks.
SearchPlan plan_search(const Configuration& configuration, const structure::DataSet& all);

/// The configuration that a task evaluates.
Configuration configuration_of(const Configuration& base, const SearchPlan& plan, const search::Task& task);

/// What is the same for points that differ in the weights of their kernels alone, and different for others;
/// empty when no weights are searched.
std::string what_weights_share(const SearchPlan& plan, const search::Task& task);

/// What points that differ in some of the keys searched have in common with each other, and is worth keeping.
soap::EnvironmentStore::Wanted what_points_share(const SearchPlan& plan);

/// Bytes that this takes on all ranks together when it is all kept; roughly, before it is computed.
std::int64_t shared_bytes(const Configuration& configuration, const SearchPlan& plan,
                          const EvaluationSet& set);

/// Bytes of the densities of some structures.
double density_bytes(const soap::SoapParameters& soap, std::span<const structure::Structure> structures);

/// The part of a rank's memory that is set aside for it.
inline constexpr std::int64_t part_for_sharing = 8; // one in so many bytes

/// The points of a rung, when all records of the rung before are there: the best of them.
std::vector<std::int64_t> points_of_rung(const SearchPlan& plan, std::size_t rung);

/// The record of an evaluation, in the plan's rows and columns.
search::Record make_record(const SearchPlan& plan, const search::Task& task, const EvaluateResult& result);

/// Values of everything that results depend on: keys, contents of data and of coupling files, version.
std::map<std::string, std::string> search_identity(const Configuration& configuration,
                                                   const structure::DataSet& all);

/// Files named after the table's (--output) where nothing else is said.
std::string search_checkpoint_file(const Configuration& configuration); ///< search.checkpoint.h5
std::string search_best_file(const Configuration& configuration);       ///< search.best.ini

} // namespace soapstone::app
