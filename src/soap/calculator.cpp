// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/soap/calculator.hpp"

#include "feature_groups.hpp"
#include "soapstone/base/check.hpp"
#include "soapstone/soap/density_expansion.hpp"
#include "soapstone/soap/power_spectrum.hpp"
#include "soapstone/soap/radial_spectrum.hpp"
#include "soapstone/structure/elements.hpp"
#include "spline_cache.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

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

FeatureLayout contracted_layout(const DensityContraction& contraction, int body_order) {
  return {{narrow<std::int32_t>(contracted_width(contraction, body_order), "contracted features")}};
}

/// The group of all structures when the features are contracted.
FeatureGroup dense_group(const FeatureLayout& layout) {
  FeatureGroup group;
  group.segments = {{0, layout.widths.front(), 0}};
  group.width = layout.widths.front();
  return group;
}

// Memory that one call of compute() works in.
struct Workspace {
  std::vector<int> channel_of_atom;
  WeightedNeighbours neighbours;
  DensityWorkspace expansion;
  std::vector<double> density;
  std::optional<PackedContraction> contraction; // for the channels at hand
  std::vector<double> contracted;               // density
  std::vector<double> features; // of one environment, before normalisation: stays in cache, unlike the output
};

} // namespace

struct SoapCalculator::Implementation {
  Implementation(const SoapParameters& wanted, std::vector<int> species,
                 std::shared_ptr<const DensityContraction> reduced)
      : parameters(validated(wanted)), elements(std::move(species)),
        channel_of(channels_by_element(elements)), contraction(std::move(reduced)),
        layout(contraction ? contracted_layout(*contraction, wanted.body_order)
                           : feature_layout(static_cast<int>(elements.size()), wanted.n_max, wanted.l_max,
                                            wanted.body_order)),
        // The radial spectrum needs the spherical part of the density only.
        expansion(shared_spline(wanted.n_max, wanted.body_order == 2 ? 0 : wanted.l_max, wanted.cutoff,
                                wanted.gaussian_width)) {
    if (contraction)
      expects(contraction->channels == static_cast<int>(elements.size()) &&
                  contraction->n_max == wanted.n_max && contraction->l_max() == expansion.shape(1).l_max,
              "a contraction of these densities");
  }

  /// Calls use(shape) with the density of each atom in turn in work.density.
  template <typename Use>
  void for_each_density(const structure::Structure& structure, const std::vector<int>& channels,
                        Workspace& work, Use&& use) const;
  void compute_structure(const structure::Structure& structure, const std::vector<int>& channels,
                         Workspace& work, double* rows) const;
  void append_members(const ElementGroup& members, std::span<const structure::Structure> structures,
                      Workspace& work, FeatureGroup& group) const;
  double compute_spectrum(const DensityShape& shape, Workspace& work) const;

  SoapParameters parameters;
  std::vector<int> elements;
  ChannelOfElement channel_of;
  std::shared_ptr<const DensityContraction> contraction;
  FeatureLayout layout;
  DensityExpansion expansion;
};

// Leaves the features in work.features; returns their sum of squares.
double SoapCalculator::Implementation::compute_spectrum(const DensityShape& shape, Workspace& work) const {
  const bool radial = parameters.body_order == 2;
  if (!work.contraction)
    return radial ? radial_spectrum(shape, work.density.data(), work.features.data())
                  : power_spectrum(shape, work.density.data(), work.features.data());
  const PackedContraction& packed = *work.contraction;
  packed.apply(shape, work.density.data(), work.contracted.data());
  if (radial)
    return radial_spectrum({1, packed.kept()[0], 0}, work.contracted.data(), work.features.data());
  return power_spectrum(packed.kept(), packed.stride(), work.contracted.data(), work.features.data());
}

template <typename Use>
void SoapCalculator::Implementation::for_each_density(const structure::Structure& structure,
                                                      const std::vector<int>& channels, Workspace& work,
                                                      Use&& use) const {
  const structure::NeighbourList list = structure::find_neighbours(structure, parameters.cutoff);
  work.channel_of_atom.clear();
  for (const std::uint8_t z : structure.species) {
    const auto place = std::lower_bound(channels.begin(), channels.end(), channel_of[z]);
    work.channel_of_atom.push_back(static_cast<int>(place - channels.begin()));
  }
  const int count = static_cast<int>(channels.size());
  const DensityShape shape = expansion.shape(count);
  work.density.resize(shape.size());
  for (std::size_t atom = 0; atom < structure.size(); ++atom) {
    weigh_neighbours(list.of(atom), work.channel_of_atom, count, parameters, work.neighbours);
    expansion.expand(work.neighbours, work.channel_of_atom[atom], parameters.central_weight, work.expansion,
                     work.density.data());
    use(shape);
  }
}

void SoapCalculator::Implementation::compute_structure(const structure::Structure& structure,
                                                       const std::vector<int>& channels, Workspace& work,
                                                       double* rows) const {
  for_each_density(structure, channels, work, [&](const DensityShape& shape) {
    const double sum = compute_spectrum(shape, work);
    // An environment without any density (an isolated atom with central weight 0) has no direction and stays
    // zero.
    const double factor = parameters.normalize && sum > 0 ? 1 / std::sqrt(sum) : 1.0;
    rows = std::transform(work.features.begin(), work.features.end(), rows,
                          [&](double value) { return factor * value; });
  });
}

// Adds its position in the block to what is wrong with a structure.
void SoapCalculator::Implementation::append_members(const ElementGroup& members,
                                                    std::span<const structure::Structure> structures,
                                                    Workspace& work, FeatureGroup& group) const {
  const std::size_t before = group.values.size();
  group.structures.insert(group.structures.end(), members.structures.begin(), members.structures.end());
  for (const std::int32_t position : members.structures)
    group.environments.push_back(
        static_cast<std::int32_t>(structures[static_cast<std::size_t>(position)].size()));
  group.values.resize(static_cast<std::size_t>(group.rows() * group.width));
  work.features.resize(static_cast<std::size_t>(group.width));
  double* rows = group.values.data() + before;
  for (const std::int32_t position : members.structures) {
    const structure::Structure& structure = structures[static_cast<std::size_t>(position)];
    try {
      compute_structure(structure, members.channels, work, rows);
    } catch (const DataError& error) {
      throw DataError(error.what(), DataLocation{"", position, 0});
    }
    rows += static_cast<std::int64_t>(structure.size()) * group.width;
  }
}

SoapCalculator::SoapCalculator(const SoapParameters& parameters, std::vector<int> elements,
                               std::shared_ptr<const DensityContraction> contraction)
    : implementation_(
          std::make_unique<const Implementation>(parameters, std::move(elements), std::move(contraction))) {}
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
    if (self.contraction) {
      work.contraction.emplace(*self.contraction, members.channels);
      work.contracted.resize(work.contraction->size());
    }
    if (!self.contraction)
      block.groups.push_back(feature_group(members.channels, static_cast<int>(self.elements.size()),
                                           self.parameters.body_order, self.layout));
    else if (block.groups.empty())
      block.groups.push_back(dense_group(self.layout));
    self.append_members(members, structures, work, block.groups.back());
  }
  return block;
}

void SoapCalculator::add_covariance(std::span<const structure::Structure> structures,
                                    DensityCovariance& covariance) const {
  const Implementation& self = *implementation_;
  Workspace work;
  for (const ElementGroup& members : group_by_elements(structures, self.channel_of))
    for (const std::int32_t position : members.structures) {
      const structure::Structure& structure = structures[static_cast<std::size_t>(position)];
      self.for_each_density(structure, members.channels, work, [&](const DensityShape& shape) {
        covariance.add(shape, work.density.data(), members.channels, self.parameters.normalize,
                       1 / static_cast<double>(structure.size()));
      });
    }
}

} // namespace soapstone::soap
