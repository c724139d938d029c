// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/training_set.hpp"

#include "soapstone/app/contraction_stage.hpp"
#include "soapstone/app/coupling_stage.hpp"
#include "soapstone/app/data_summary.hpp"
#include "soapstone/app/exact_copies.hpp"
#include "soapstone/app/load_data.hpp"
#include "soapstone/app/outside.hpp"
#include "soapstone/base/random.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/base/units.hpp"
#include "soapstone/regression/committee.hpp"
#include "soapstone/regression/split.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <set>

namespace soapstone::app {

using structure::DataSet;

namespace {

constexpr std::uint64_t committee_stream = std::uint64_t{1} << 43; // far from those of splits

void drop_strangers(Session& session, DrawnData& data) {
  std::vector<int> strangers;
  const auto kept = with_known_elements(data.test.structures, data.elements, strangers);
  data.test_skipped = static_cast<std::int64_t>(data.test.size() - kept.size());
  if (data.test_skipped == 0)
    return;
  session.console().warn(format(
      "%lld of %zu test structures are left out: they contain %s, which the training set does not contain",
      static_cast<long long>(data.test_skipped), data.test.size(), element_list(strangers).c_str()));
  data.test = structure::subset(data.test, kept);
}

void warn_of_copies(Session& session, const DrawnData& data) {
  const auto copies = copies_of(data.test.structures, data.train.structures);
  if (copies.count > 0)
    session.console().warn(
        format(
            "%zu of %zu test structures are also in the training set, with the same positions: their errors "
            "say nothing about new structures. The first: ",
            copies.count, data.test.size()) +
        place_of(data.test, static_cast<std::int64_t>(copies.copy)) + ", like " +
        place_of(data.train, static_cast<std::int64_t>(copies.other)));
}

/// Leaves out test structures whose baseline would be a guess, since their errors would say nothing of the
/// model.
void drop_outside(Session& session, DrawnData& data) {
  if (session.configuration().data.baseline != regression::BaselineKind::composition)
    return;
  const structure::CompositionSpan span(data.train.structures);
  const auto outside = outside_of(span, data.test.structures);
  if (outside.places.empty())
    return;
  session.console().warn(
      format("%zu of %zu test structures are left out: the training structures do not determine the baseline "
             "of their compositions, because ",
             outside.places.size(), data.test.size()) +
      describe_outside(outside, span, data.test.structures));
  std::vector<std::int64_t> kept;
  for (std::int64_t s = 0; s < static_cast<std::int64_t>(data.test.size()); ++s)
    if (!std::binary_search(outside.places.begin(), outside.places.end(), s))
      kept.push_back(s);
  data.test_skipped += static_cast<std::int64_t>(outside.places.size());
  data.test = structure::subset(data.test, kept);
}

void describe(Session& session, const DrawnData& data) {
  session.console().line("training on " + describe_sizes(data.train.structures) +
                         format(", testing on %zu", data.test.size()));
  describe_targets(session, session.configuration(), data.train);
  if (session.root())
    warn_of_copies(session, data);
}

} // namespace

std::vector<int> channel_elements(const Configuration& configuration, const DataSet& train) {
  auto elements = channels_for(configuration, elements_of(train.structures));
  std::vector<int> strangers;
  const auto kept = with_known_elements(train.structures, elements, strangers);
  for (std::size_t s = 0; s < train.size() && !strangers.empty(); ++s)
    if (s >= kept.size() || kept[s] != static_cast<std::int64_t>(s))
      throw DataError("element " + element_list(strangers) + " is not among species.elements (" +
                          element_list(elements) + ")",
                      train.structures[s].origin.location());
  return elements;
}

DrawnData draw_data(Session& session) {
  const auto& options = session.configuration().data;
  auto data =
      draw_from(session, load_data(session, options.source, structure::Presence::required), options.train);
  data.train = ordered_for_training(session.configuration(), data.train);
  return data;
}

DataSet ordered_for_training(const Configuration& configuration, const DataSet& set) {
  if (!configuration.solver.committee)
    return ordered_by_elements(set);
  const auto n = static_cast<std::int64_t>(set.size());
  if (n < regression::least_for_committee)
    throw ConfigError(format("a committee needs at least %lld training structures, but there are %lld",
                             static_cast<long long>(regression::least_for_committee),
                             static_cast<long long>(n)),
                      "regression.uncertainty");
  const auto drawn = structure::subset(set, random_permutation(n, configuration.data.seed, committee_stream));
  std::vector<std::int64_t> order;
  for (std::int64_t block = 0; block < regression::committee_blocks; ++block) {
    const auto range = regression::committee_block(n, block);
    const auto first = drawn.structures.begin() + range.begin;
    for (const auto place : element_order({first, first + range.size()}))
      order.push_back(range.begin + place);
  }
  return structure::subset(drawn, order);
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
  return structure::subset(set, element_order(set.structures));
}

DrawnData draw_from(Session& session, const DataSet& all, std::optional<std::int64_t> train,
                    std::uint64_t repeat) {
  const auto& options = session.configuration().data;
  const auto split = regression::draw_split(static_cast<std::int64_t>(all.size()), train, options.test,
                                            options.seed, repeat);
  DrawnData data{structure::subset(all, split.train), structure::subset(all, split.test), {}, 0};
  if (data.train.size() == 0)
    throw ConfigError("the training set is empty: data.train and data.test leave no structures",
                      "data.train");
  data.elements = channel_elements(session.configuration(), data.train);
  drop_strangers(session, data);
  drop_outside(session, data);
  if (repeat == 0)
    describe(session, data);
  return data;
}

std::vector<int> channels_for(const Configuration& configuration, const std::vector<int>& present) {
  std::optional<std::vector<int>> common;
  for (const auto& kernel : configuration.kernels) {
    const auto& wanted = kernel.species.elements.empty() ? present : kernel.species.elements;
    std::vector<int> both;
    if (common)
      std::set_intersection(common->begin(), common->end(), wanted.begin(), wanted.end(),
                            std::back_inserter(both));
    common = common ? both : wanted;
  }
  return common.value_or(present);
}

std::vector<kernel::KernelSpec> kernel_specs(Session& session, const std::vector<int>& elements,
                                             std::span<const structure::Structure> structures) {
  return kernel_specs(session.context(), session.configuration(), elements, structures);
}

std::vector<kernel::KernelSpec> kernel_specs(const Context& context, const Configuration& configuration,
                                             const std::vector<int>& elements,
                                             std::span<const structure::Structure> structures) {
  const auto& kernels = configuration.kernels;
  std::vector<kernel::KernelSpec> specs;
  for (const auto& options : kernels) {
    const auto& own = options.species.elements.empty() ? elements : options.species.elements;
    // Features are one row per environment, whatever the kernel would make of them.
    const int zeta = configuration.command == "features" ? 2 : options.zeta;
    kernel::KernelSpec spec{options.soap, own, zeta, options.weight};
    spec.precision = options.precision;
    spec.store = context.environments;
    spec.coupling = species_coupling(context.comm(), options.species, own);
    specs.push_back(std::move(spec));
  }
  choose_forms(context.machine, configuration, structures, specs);
  for (const auto& spec : specs)
    if (const auto text = describe_coupling(spec); !text.empty())
      context.stages.line("species coupling: " + text);
  run_contraction(context.stages, kernels, structures, specs);
  return specs;
}

regression::Baseline make_baseline(const Configuration& configuration, const DataSet& train,
                                   std::size_t target) {
  return make_baseline(configuration, train.structures, train.targets.at(target), target);
}

regression::Baseline make_baseline(const Configuration& configuration,
                                   std::span<const structure::Structure> structures,
                                   std::span<const double> energies, std::size_t target) {
  switch (configuration.data.baseline) {
  case regression::BaselineKind::composition:
    return regression::Baseline::fit_composition(structures, energies);
  case regression::BaselineKind::mean:
    return regression::Baseline::fit_mean(structures, energies);
  case regression::BaselineKind::none:
    return {};
  case regression::BaselineKind::atoms:
    break;
  }
  auto elements = configuration.data.atom_energies;
  for (auto& [z, energy] : elements)
    energy *= energy_unit_in_ev(configuration.data.targets.at(target).unit);
  return regression::Baseline::from_atoms(std::move(elements));
}

} // namespace soapstone::app
