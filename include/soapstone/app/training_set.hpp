// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/app/session.hpp"
#include "soapstone/kernel/kernel_spec.hpp"
#include "soapstone/regression/baseline.hpp"
#include "soapstone/structure/data_set.hpp"

#include <optional>
#include <span>

namespace soapstone::app {

/// The structures of a run, drawn as the configuration says.
struct DrawnData {
  structure::DataSet train, test;
  std::vector<int> elements;     ///< that get a species channel
  std::int64_t test_skipped = 0; ///< test structures that the training set tells nothing of, see draw_data
};

/// Collective. Reads data.structures, draws training and test sets, and tells the user what they are.
/// Training structures are ordered for training (see below). Training structures with elements outside
/// species.elements are a DataError; test structures with elements that the training set lacks, or
/// compositions whose baseline it does not determine, are left out with a warning.
DrawnData draw_data(Session& session);

/// The same out of structures that are read already: `train` of them (nothing: all that data.test leaves), in
/// the split `repeat`.
DrawnData draw_from(Session& session, const structure::DataSet& all, std::optional<std::int64_t> train,
                    std::uint64_t repeat = 0);

/// Positions of the structures with equal sets of elements together, otherwise in the order that they have.
std::vector<std::int64_t> element_order(const std::vector<structure::Structure>& structures);

/// The structures with equal sets of elements together, otherwise in the order that they have: blocks of them
/// share their features' segments, so that the kernel's matrix products are few and large.
structure::DataSet ordered_by_elements(const structure::DataSet& set);

/// As `train` takes them: ordered by elements; for a committee in random blocks, each ordered by elements.
/// Throws ConfigError when there are too few for a committee.
structure::DataSet ordered_for_training(const Configuration& configuration, const structure::DataSet& set);

/// Elements that have a channel in every kernel: those of species.elements, or where that is not given those
/// present.
std::vector<int> channels_for(const Configuration& configuration, const std::vector<int>& present);

/// Elements that get a channel for these structures. Throws DataError, naming the first structure, if one has
/// elements outside species.elements.
std::vector<int> channel_elements(const Configuration& configuration, const structure::DataSet& train);

/// Collective. The kernels of the configuration, for their species.elements or else these, with their species
/// coupling, their contractions fitted on a sample of `structures` (stage "contraction").
std::vector<kernel::KernelSpec> kernel_specs(Session& session, const std::vector<int>& elements,
                                             std::span<const structure::Structure> structures);
/// The same for another configuration than the session's (a point of a search).
std::vector<kernel::KernelSpec> kernel_specs(const Context& context, const Configuration& configuration,
                                             const std::vector<int>& elements,
                                             std::span<const structure::Structure> structures);

/// The configured baseline for one target of a training set.
regression::Baseline make_baseline(const Configuration& configuration, const structure::DataSet& train,
                                   std::size_t target);
/// The same for some structures and their energies (eV each).
regression::Baseline make_baseline(const Configuration& configuration,
                                   std::span<const structure::Structure> structures,
                                   std::span<const double> energies, std::size_t target);

} // namespace soapstone::app
