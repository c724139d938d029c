// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/soap/calculator.hpp"

#include "feature_groups.hpp"
#include "soapstone/base/error.hpp"
#include "soapstone/soap/density_expansion.hpp"
#include "soapstone/soap/power_spectrum.hpp"
#include "soapstone/soap/radial_spectrum.hpp"
#include "soapstone/structure/elements.hpp"

#include <algorithm>
#include <cmath>

namespace soapstone::soap {
namespace {

ChannelOfElement channels_by_element(const std::vector<int>& elements) {
  ChannelOfElement channel_of;
  channel_of.fill(-1);
  int previous = 0;
  int channel = 0;
  for (const int z : elements) {
    if (z <= previous || z > structure::max_atomic_number)
      throw ConfigError("elements must be ascending atomic numbers from 1 to 118", "species.elements");
    channel_of[static_cast<std::size_t>(z)] = channel++;
    previous = z;
  }
  if (elements.empty())
    throw ConfigError("no element has a species channel", "species.elements");
  return channel_of;
}

const SoapParameters& validated(const SoapParameters& parameters) {
  parameters.validate();
  return parameters;
}

// Memory that one call of compute() works in.
struct Workspace {
  std::vector<int> channel_of_atom;
  WeightedNeighbours neighbours;
  DensityWorkspace expansion;
  std::vector<double> density;
  std::vector<double> features; // of one environment, before normalisation: stays in cache, unlike the output
};

} // namespace

struct SoapCalculator::Implementation {
  Implementation(const SoapParameters& wanted, std::vector<int> species)
      : parameters(validated(wanted)), elements(std::move(species)),
        channel_of(channels_by_element(elements)),
        layout(
            feature_layout(static_cast<int>(elements.size()), wanted.n_max, wanted.l_max, wanted.body_order)),
        // The radial spectrum needs the spherical part of the density only.
        expansion(RadialSpline(wanted.n_max, wanted.body_order == 2 ? 0 : wanted.l_max, wanted.cutoff,
                               wanted.gaussian_width)) {}

  void compute_structure(const structure::Structure& structure, const std::vector<int>& channels,
                         Workspace& work, double* rows) const;
  void compute_group(const ElementGroup& members, std::span<const structure::Structure> structures,
                     Workspace& work, FeatureGroup& group) const;
  double compute_environment(std::span<const structure::Neighbour> neighbours, int central_channel,
                             int channels, Workspace& work) const;

  SoapParameters parameters;
  std::vector<int> elements;
  ChannelOfElement channel_of;
  FeatureLayout layout;
  DensityExpansion expansion;
};

// Leaves the features in work.features; returns their sum of squares.
double SoapCalculator::Implementation::compute_environment(std::span<const structure::Neighbour> neighbours,
                                                           int central_channel, int channels,
                                                           Workspace& work) const {
  weigh_neighbours(neighbours, work.channel_of_atom, channels, parameters, work.neighbours);
  const DensityShape shape = expansion.shape(channels);
  work.density.resize(shape.size());
  expansion.expand(work.neighbours, central_channel, parameters.central_weight, work.expansion,
                   work.density.data());
  const auto spectrum = parameters.body_order == 2 ? radial_spectrum : power_spectrum;
  return spectrum(shape, work.density.data(), work.features.data());
}

void SoapCalculator::Implementation::compute_structure(const structure::Structure& structure,
                                                       const std::vector<int>& channels, Workspace& work,
                                                       double* rows) const {
  const structure::NeighbourList list = structure::find_neighbours(structure, parameters.cutoff);
  work.channel_of_atom.clear();
  for (const std::uint8_t z : structure.species) {
    const auto place = std::lower_bound(channels.begin(), channels.end(), channel_of[z]);
    work.channel_of_atom.push_back(static_cast<int>(place - channels.begin()));
  }
  for (std::size_t atom = 0; atom < structure.size(); ++atom) {
    const double sum = compute_environment(list.of(atom), work.channel_of_atom[atom],
                                           static_cast<int>(channels.size()), work);
    // An environment without any density (an isolated atom with central weight 0) has no direction and stays
    // zero.
    const double factor = parameters.normalize && sum > 0 ? 1 / std::sqrt(sum) : 1.0;
    rows = std::transform(work.features.begin(), work.features.end(), rows,
                          [&](double value) { return factor * value; });
  }
}

// Adds its position in the block to what is wrong with a structure.
void SoapCalculator::Implementation::compute_group(const ElementGroup& members,
                                                   std::span<const structure::Structure> structures,
                                                   Workspace& work, FeatureGroup& group) const {
  double* rows = group.values.data();
  for (std::size_t i = 0; i < members.structures.size(); ++i) {
    const std::int32_t position = members.structures[i];
    try {
      compute_structure(structures[static_cast<std::size_t>(position)], members.channels, work, rows);
    } catch (const DataError& error) {
      throw DataError(error.what(), DataLocation{"", position, 0});
    }
    rows += group.environments[i] * group.width;
  }
}

SoapCalculator::SoapCalculator(const SoapParameters& parameters, std::vector<int> elements)
    : implementation_(std::make_unique<const Implementation>(parameters, std::move(elements))) {}
SoapCalculator::~SoapCalculator() = default;
SoapCalculator::SoapCalculator(SoapCalculator&&) noexcept = default;
SoapCalculator& SoapCalculator::operator=(SoapCalculator&&) noexcept = default;

const SoapParameters& SoapCalculator::parameters() const {
  return implementation_->parameters;
}
const std::vector<int>& SoapCalculator::elements() const {
  return implementation_->elements;
}
const FeatureLayout& SoapCalculator::layout() const {
  return implementation_->layout;
}
std::size_t SoapCalculator::table_bytes() const {
  return implementation_->expansion.bytes();
}

FeatureBlock SoapCalculator::compute(std::span<const structure::Structure> structures) const {
  const Implementation& self = *implementation_;
  FeatureBlock block;
  block.structures = static_cast<std::int64_t>(structures.size());
  Workspace work;
  for (const ElementGroup& members : group_by_elements(structures, self.channel_of)) {
    FeatureGroup& group = block.groups.emplace_back(feature_group(
        members.channels, static_cast<int>(self.elements.size()), self.parameters.body_order, self.layout));
    group.structures = members.structures;
    for (const std::int32_t position : members.structures)
      group.environments.push_back(
          static_cast<std::int32_t>(structures[static_cast<std::size_t>(position)].size()));
    group.values.resize(static_cast<std::size_t>(group.rows() * group.width));
    work.features.resize(static_cast<std::size_t>(group.width));
    self.compute_group(members, structures, work, group);
  }
  return block;
}

} // namespace soapstone::soap
