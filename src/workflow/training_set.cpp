// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/workflow/training_set.hpp"

#include "soapstone/base/random.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/regression/committee.hpp"
#include "soapstone/regression/split.hpp"
#include "soapstone/workflow/data_summary.hpp"
#include "soapstone/workflow/exact_copies.hpp"
#include "soapstone/workflow/load_data.hpp"
#include "soapstone/workflow/outside.hpp"

#include <algorithm>
#include <numeric>
#include <set>

namespace soapstone::workflow {

using formats::DataSet;

namespace {

constexpr std::uint64_t committee_stream = std::uint64_t{1} << 43; // far from those of splits

void drop_unknown_elements(const Stages& stages, DrawnData& data) {
  std::vector<int> unknown_elements;
  const auto kept = with_known_elements(data.test.structures, data.elements, unknown_elements);
  data.test_skipped = static_cast<std::int64_t>(data.test.size() - kept.size());
  if (data.test_skipped == 0)
    return;
  stages.warn(format(
      "%lld of %zu test structures are left out: they contain %s, which the training set does not contain",
      static_cast<long long>(data.test_skipped), data.test.size(), element_list(unknown_elements).c_str()));
  data.test = formats::subset(data.test, kept);
}

void warn_of_copies(const Stages& stages, const DrawnData& data) {
  const auto copies = copies_of(data.test.structures, data.train.structures);
  if (copies.count > 0)
    stages.warn(
        format(
            "%zu of %zu test structures are also in the training set, with the same positions: their errors "
            "say nothing about new structures. The first: ",
            copies.count, data.test.size()) +
        place_of(data.test, static_cast<std::int64_t>(copies.copy)) + ", like " +
        place_of(data.train, static_cast<std::int64_t>(copies.other)));
}

/// Leaves out test structures whose baseline would be a guess, since their errors would say nothing of the
/// model.
void drop_outside(const Stages& stages, options::Baseline baseline, DrawnData& data) {
  if (baseline != options::Baseline::composition)
    return;
  const structure::CompositionSpan span(data.train.structures);
  const auto outside = outside_of(span, data.test.structures);
  if (outside.places.empty())
    return;
  stages.warn(
      format("%zu of %zu test structures are left out: the training structures do not determine the baseline "
             "of their compositions, because ",
             outside.places.size(), data.test.size()) +
      describe_outside(outside, span, data.test.structures));
  std::vector<std::int64_t> kept;
  for (std::int64_t s = 0; s < static_cast<std::int64_t>(data.test.size()); ++s)
    if (!std::binary_search(outside.places.begin(), outside.places.end(), s))
      kept.push_back(s);
  data.test_skipped += static_cast<std::int64_t>(outside.places.size());
  data.test = formats::subset(data.test, kept);
}

void describe(const Stages& stages, const options::Configuration& configuration, const DrawnData& data) {
  stages.line("training on " + describe_sizes(data.train.structures) +
              format(", testing on %zu", data.test.size()));
  describe_targets(stages, configuration, data.train);
  if (stages.root())
    warn_of_copies(stages, data);
}

} // namespace

DrawnData draw_data(Stages& stages, const options::Configuration& configuration) {
  const auto& options = configuration.data;
  auto data = draw_from(stages, configuration, load_data(stages, options, formats::Presence::required),
                        options.train);
  data.train = ordered_for_training(configuration, data.train);
  return data;
}

DataSet ordered_for_training(const options::Configuration& configuration, const DataSet& set) {
  if (!configuration.solver.committee)
    return ordered_by_elements(set);
  const auto n = static_cast<std::int64_t>(set.size());
  if (n < regression::least_for_committee)
    throw ConfigError(format("a committee needs at least %lld training structures, but there are %lld",
                             static_cast<long long>(regression::least_for_committee),
                             static_cast<long long>(n)),
                      "uncertainty");
  const auto drawn = formats::subset(set, random_permutation(n, configuration.data.seed, committee_stream));
  std::vector<std::int64_t> order;
  for (std::int64_t block = 0; block < regression::committee_blocks; ++block) {
    const auto range = regression::committee_block(n, block);
    const auto first = drawn.structures.begin() + range.begin;
    for (const auto place : element_order({first, first + range.size()}))
      order.push_back(range.begin + place);
  }
  return formats::subset(drawn, order);
}

std::vector<std::int64_t> element_order(const std::vector<structure::Structure>& structures) {
  std::vector<std::set<std::uint8_t>> elements;
  elements.reserve(structures.size());
  for (const auto& structure : structures)
    elements.emplace_back(structure.species.begin(), structure.species.end());
  std::vector<std::int64_t> order(structures.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) {
    return elements[static_cast<std::size_t>(a)] < elements[static_cast<std::size_t>(b)];
  });
  return order;
}

DataSet ordered_by_elements(const DataSet& set) {
  return formats::subset(set, element_order(set.structures));
}

DrawnData draw_from(Stages& stages, const options::Configuration& configuration, const DataSet& all,
                    std::optional<std::int64_t> train, std::uint64_t repeat) {
  const auto& options = configuration.data;
  const auto split = regression::draw_split(static_cast<std::int64_t>(all.size()), train, options.test,
                                            options.seed, repeat);
  DrawnData data{formats::subset(all, split.train), formats::subset(all, split.test), {}, 0};
  if (data.train.size() == 0)
    throw ConfigError("the training set is empty: `train` and `test` leave no structures", "train");
  data.elements = channel_elements(configuration, data.train);
  drop_unknown_elements(stages, data);
  drop_outside(stages, options.baseline, data);
  if (repeat == 0)
    describe(stages, configuration, data);
  return data;
}

} // namespace soapstone::workflow
