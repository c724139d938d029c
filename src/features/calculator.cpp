// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/features/calculator.hpp"

#include "atom_densities.hpp"
#include "density_spectrum.hpp"
#include "feature_groups.hpp"
#include "normalization.hpp"
#include "soapstone/base/check.hpp"
#include "soapstone/base/simd.hpp"
#include "soapstone/features/feature_layout.hpp"
#include "soapstone/structure/elements.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace soapstone::features {
namespace {

ChannelOfElement channels_by_element(const std::vector<int>& elements) {
  ChannelOfElement channel_of;
  channel_of.fill(-1);
  int previous = 0;
  int channel = 0;
  for (const int z : elements) {
    if (z <= previous || z > structure::max_atomic_number)
      throw ConfigError("elements must be ascending atomic numbers from 1 to 118", "elements");
    channel_of[static_cast<std::size_t>(z)] = channel++;
    previous = z;
  }
  if (elements.empty())
    throw ConfigError("no element has a species channel", "elements");
  return channel_of;
}

const soap::SoapParameters& validated(const soap::SoapParameters& parameters) {
  parameters.validate();
  return parameters;
}

using Contraction = std::shared_ptr<const soap::DensityContraction>;
using Coupling = std::shared_ptr<const soap::SpeciesCoupling>;

const Coupling& validated(const Coupling& coupling, const std::vector<int>& elements) {
  if (coupling) {
    coupling->validate();
    expects(coupling->elements == elements, "a coupling of the elements with a channel");
  }
  return coupling;
}

/// Returns the contraction of the densities of the elements. It includes the coupling if there is one.
Contraction of_elements(Contraction contraction, const Coupling& coupling) {
  if (!contraction || !coupling)
    return contraction;
  return std::make_shared<const soap::DensityContraction>(soap::coupled(*contraction, *coupling));
}

// Rows from this width on go straight to memory; a block of narrower ones may stay in a cache until it is
// used.
constexpr std::size_t streamed_width = 4096;

// The memory in which one call of compute() or visit() works.
struct Workspace : DensityWork {
  std::optional<DensitySpectrum> spectrum; // for the elements at hand
  SpectrumWorkspace invariants;
  std::vector<double> features; // of one environment, before normalisation: stays in cache, unlike the output
};

} // namespace

struct SoapCalculator::Implementation {
  Implementation(const soap::SoapParameters& wanted, std::vector<int> species, Contraction projected,
                 const Coupling& coupled, std::shared_ptr<EnvironmentStore> store)
      : parameters(validated(wanted)), elements(std::move(species)),
        channel_of(channels_by_element(elements)), coupling(validated(coupled, elements)),
        contraction(of_elements(std::move(projected), coupling)), normalization(wanted, coupling.get()),
        total_channels(coupling ? coupling->channels() : static_cast<int>(elements.size())),
        layout(feature_layout(wanted, total_channels, contraction.get())),
        densities(wanted, channel_of, std::move(store)) {
    if (contraction)
      expects(contraction->channels == static_cast<int>(elements.size()) &&
                  contraction->n_max == wanted.n_max && contraction->l_max() == densities.shape(1).l_max,
              "a contraction of these densities");
  }

  void compute_atoms(const structure::Structure& structure, structure::AtomRange atoms,
                     const std::vector<int>& channels, Workspace& work, double* rows) const;
  void append_members(const ElementGroup& members, std::span<const structure::Structure> structures,
                      Workspace& work, FeatureGroup& group) const;
  EnvironmentDensity environment(const soap::DensityShape& shape, const ElementGroup& members,
                                 std::size_t structure, std::size_t atom, Workspace& work) const;
  template <typename Visit>
  void visit_atoms(const structure::Structure& structure, structure::AtomRange atoms,
                   const ElementGroup& members, std::size_t position, Workspace& work, Visit&& visit) const;
  void prepare(const ElementGroup& members, const soap::DensityContraction* contracts, Workspace& work) const;
  FeatureGroup empty_group(const ElementGroup& members, Workspace& work) const;
  double factor(double squares) const;

  soap::SoapParameters parameters;
  std::vector<int> elements;
  ChannelOfElement channel_of;
  Coupling coupling;
  Contraction contraction; // of the densities of the elements
  Normalization normalization;
  int total_channels; // J with a coupling, else elements
  FeatureLayout layout;
  AtomDensities densities;
};

namespace {

/// Features whose sum of squares is finite are all finite.
void require_finite(double squares) {
  if (!std::isfinite(squares))
    throw NumericalError("features exceed the range of floating-point numbers: `central_weight`, "
                         "the radial scaling or `coupling` is too large");
}

} // namespace

double SoapCalculator::Implementation::factor(double squares) const {
  require_finite(squares);
  return normalization.factor(squares);
}

void SoapCalculator::Implementation::compute_atoms(const structure::Structure& structure,
                                                   structure::AtomRange atoms,
                                                   const std::vector<int>& channels, Workspace& work,
                                                   double* rows) const {
  densities.for_each(structure, atoms, channels, work, [&](const soap::DensityShape& shape, std::size_t) {
    const double* contracted = work.spectrum->contract({shape, work.density.data()}, work.invariants);
    const double sum = work.spectrum->compute(shape, contracted, work.features.data());
    require_finite(sum);
    const double scale =
        factor(normalization.before() ? normalization.norm_squared({shape, work.density.data()}) : sum);
    const std::span<const double> features(work.features);
    rows = features.size() < streamed_width
               ? std::transform(features.begin(), features.end(), rows, [&](double x) { return scale * x; })
               : simd::scale_past_caches(features.data(), static_cast<long>(features.size()), scale, rows);
  });
}

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
    compute_atoms(structure, {0, structure.size()}, members.channels, work, rows);
    rows += static_cast<std::int64_t>(structure.size()) * group.width;
  }
}

SoapCalculator::SoapCalculator(const soap::SoapParameters& parameters, std::vector<int> elements,
                               std::shared_ptr<const soap::DensityContraction> contraction,
                               const std::shared_ptr<const soap::SpeciesCoupling>& coupling,
                               std::shared_ptr<EnvironmentStore> store)
    : implementation_(std::make_unique<const Implementation>(
          parameters, std::move(elements), std::move(contraction), coupling, std::move(store))) {}
SoapCalculator::~SoapCalculator() = default;
SoapCalculator::SoapCalculator(SoapCalculator&&) noexcept = default;
SoapCalculator& SoapCalculator::operator=(SoapCalculator&&) noexcept = default;

const soap::SoapParameters& SoapCalculator::parameters() const {
  return implementation_->parameters;
}
const std::vector<int>& SoapCalculator::elements() const {
  return implementation_->elements;
}
const FeatureLayout& SoapCalculator::layout() const {
  return implementation_->layout;
}
std::size_t SoapCalculator::table_bytes() const {
  return implementation_->densities.bytes();
}

// Makes what the densities of these elements go through: a contraction includes the coupling.
void SoapCalculator::Implementation::prepare(const ElementGroup& members,
                                             const soap::DensityContraction* contracts,
                                             Workspace& work) const {
  std::optional<soap::PackedCoupling> packed_coupling;
  std::optional<soap::PackedContraction> packed_contraction;
  if (contracts)
    packed_contraction.emplace(*contracts, members.channels);
  else if (coupling)
    packed_coupling.emplace(*coupling, members.channels);
  work.spectrum.emplace(parameters.body_order, members.channels, std::move(packed_coupling),
                        std::move(packed_contraction));
}

// Returns the group for structures with these elements, and prepares `work` for them.
FeatureGroup SoapCalculator::Implementation::empty_group(const ElementGroup& members, Workspace& work) const {
  prepare(members, contraction.get(), work);
  return work.spectrum->group(total_channels, layout);
}

FeatureBlock SoapCalculator::compute(std::span<const structure::Structure> structures) const {
  const Implementation& self = *implementation_;
  FeatureBlock block;
  block.structures = static_cast<std::int64_t>(structures.size());
  Workspace work;
  for (const ElementGroup& members : group_by_elements(structures, self.channel_of)) {
    FeatureGroup group = self.empty_group(members, work);
    auto found = std::find_if(block.groups.begin(), block.groups.end(),
                              [&](const auto& other) { return other.segments == group.segments; });
    if (found == block.groups.end())
      found = block.groups.insert(found, std::move(group));
    self.append_members(members, structures, work, *found);
  }
  return block;
}

FeatureBlock SoapCalculator::compute(const structure::Structure& structure,
                                     structure::AtomRange atoms) const {
  const Implementation& self = *implementation_;
  Workspace work;
  const ElementGroup members{channels_of(structure, self.channel_of), {0}};
  FeatureBlock block{1, {self.empty_group(members, work)}};
  FeatureGroup& group = block.groups.front();
  group.structures = {0};
  group.environments = {narrow<std::int32_t>(atoms.count, "atoms of a structure")};
  group.part_of = narrow<std::int32_t>(structure.size(), "atoms of a structure");
  group.values.resize(atoms.count * static_cast<std::size_t>(group.width));
  work.features.resize(static_cast<std::size_t>(group.width));
  self.compute_atoms(structure, atoms, members.channels, work, group.values.data());
  return block;
}

// Describes the density in work.density, which is coupled here if there is a coupling.
EnvironmentDensity SoapCalculator::Implementation::environment(const soap::DensityShape& shape,
                                                               const ElementGroup& members,
                                                               std::size_t structure, std::size_t atom,
                                                               Workspace& work) const {
  const soap::DensityView density{shape, work.density.data()};
  if (!coupling)
    return {structure, atom, members.channels, density, {}, {}, factor(normalization.norm_squared(density))};
  const soap::DensityView coupled{work.spectrum->coupled_shape(shape),
                                  work.spectrum->contract(density, work.invariants)};
  return {structure,
          atom,
          members.channels,
          density,
          work.spectrum->channels(),
          coupled,
          factor(normalization.norm_squared(normalization.before() ? density : coupled))};
}

template <typename Visit>
void SoapCalculator::Implementation::visit_atoms(const structure::Structure& structure,
                                                 structure::AtomRange atoms, const ElementGroup& members,
                                                 std::size_t position, Workspace& work, Visit&& visit) const {
  densities.for_each(structure, atoms, members.channels, work,
                     [&](const soap::DensityShape& shape, std::size_t atom) {
                       visit(environment(shape, members, position, atom, work));
                     });
}

void SoapCalculator::visit(std::span<const structure::Structure> structures,
                           const std::function<void(const EnvironmentDensity&)>& visit) const {
  const Implementation& self = *implementation_;
  Workspace work;
  for (const ElementGroup& members : group_by_elements(structures, self.channel_of)) {
    self.prepare(members, nullptr, work);
    for (const std::int32_t position : members.structures) {
      const auto s = static_cast<std::size_t>(position);
      self.visit_atoms(structures[s], {0, structures[s].size()}, members, s, work, visit);
    }
  }
}

void SoapCalculator::visit(const structure::Structure& structure, structure::AtomRange atoms,
                           const std::function<void(const EnvironmentDensity&)>& visit) const {
  Workspace work;
  const ElementGroup members{channels_of(structure, implementation_->channel_of), {0}};
  implementation_->prepare(members, nullptr, work);
  implementation_->visit_atoms(structure, atoms, members, 0, work, visit);
}

void SoapCalculator::add_covariance(std::span<const structure::Structure> structures,
                                    soap::DensityCovariance& covariance) const {
  const bool radial = parameters().body_order == 2;
  visit(structures, [&](const EnvironmentDensity& environment) {
    // Products of two coefficients: the scale of a power spectrum, the square of that of a radial one.
    covariance.add(environment.density, environment.present,
                   radial ? environment.factor * environment.factor : environment.factor,
                   1 / static_cast<double>(structures[environment.structure].size()));
  });
}

} // namespace soapstone::features
