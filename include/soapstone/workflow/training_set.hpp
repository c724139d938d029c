// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/formats/data_set.hpp"
#include "soapstone/options/options.hpp"
#include "soapstone/regression/baseline.hpp"
#include "soapstone/workflow/context.hpp"
#include "soapstone/workflow/data_elements.hpp"
#include "soapstone/workflow/target_baseline.hpp"

#include <optional>
#include <span>

namespace soapstone::workflow {

/// The structures of a run, drawn as the configuration says.
struct DrawnData {
  formats::DataSet train, test;
  std::vector<int> elements;     ///< that get a species channel
  std::int64_t test_skipped = 0; ///< test structures that the training set tells nothing of, see draw_data
};

/// Collective. Reads data.structures, draws training and test sets, and tells the user what they are.
/// Training structures are ordered for training (see below). Training structures with elements outside
/// species.elements are a DataError; test structures with elements that the training set lacks, or
/// compositions whose baseline it does not determine, are left out with a warning.
DrawnData draw_data(Stages& stages, const options::Configuration& configuration);

/// Returns the same out of structures that are read already: `train` of them (nothing: all that data.test
/// leaves), in the split `repeat`.
DrawnData draw_from(Stages& stages, const options::Configuration& configuration, const formats::DataSet& all,
                    std::optional<std::int64_t> train, std::uint64_t repeat = 0);

/// Positions of the structures with equal sets of elements together, otherwise in the order that they have.
std::vector<std::int64_t> element_order(const std::vector<structure::Structure>& structures);

/// The structures with equal sets of elements together, otherwise in the order that they have: blocks of them
/// share their features' segments, so that the kernel's matrix products are few and large.
formats::DataSet ordered_by_elements(const formats::DataSet& set);

/// Orders structures as `train` takes them: by elements; for a committee in random blocks, each ordered by
/// elements. Throws ConfigError when there are too few for a committee.
formats::DataSet ordered_for_training(const options::Configuration& configuration,
                                      const formats::DataSet& set);

} // namespace soapstone::workflow
