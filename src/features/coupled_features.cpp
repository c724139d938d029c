// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/features/coupled_features.hpp"

#include "density_spectrum.hpp"
#include "feature_groups.hpp"
#include "normalization.hpp"
#include "soapstone/base/check.hpp"
#include "soapstone/features/feature_layout.hpp"
#include "soapstone/soap/spectrum_gradient.hpp"
#include "soapstone/structure/neighbour_list.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <utility>

namespace soapstone::features {
namespace {

// The neighbours of so many atoms are in memory at once.
constexpr std::size_t listed_atoms = 1024;

/// Arrays of one environment.
struct Workspace {
  std::vector<double> features, feature_gradient, density_gradient;
  SpectrumWorkspace spectrum;
  std::vector<int> channel_of_atom;
  soap::WeightedNeighbours neighbours;
  soap::DensityWorkspace expansion;
};

} // namespace

class CoupledFeatures::Implementation {
  using Spectrum = std::optional<DensitySpectrum>; // for the elements of a structure, made once for a run

public:
  Implementation(std::shared_ptr<DensityCache> densities,
                 std::shared_ptr<const soap::SpeciesCoupling> coupling,
                 std::shared_ptr<const soap::DensityContraction> contraction, FeatureRows rows,
                 const WantedDerivatives& wanted)
      : densities_(std::move(densities)), coupling_(std::move(coupling)),
        contraction_(std::move(contraction)), rows_(rows), wanted_(wanted),
        channels_(coupling_ ? coupling_->channels() : static_cast<int>(densities_->elements().size())),
        normalization_(parameters(), coupling_.get()),
        layout_(feature_layout(parameters(), channels_, contraction_.get())) {
    if (coupling_)
      expects(coupling_->elements == densities_->elements(), "a coupling of the elements of the densities");
    if (contraction_)
      expects(contraction_->channels == channels_ && contraction_->n_max == parameters().n_max,
              "a contraction of the coupled densities");
    channel_of_.fill(-1);
    for (int element = 0; const int z : densities_->elements())
      channel_of_[static_cast<std::size_t>(z)] = element++;
    if (wanted.expansion())
      expansion_.emplace(parameters(), wanted);
  }

  const FeatureLayout& layout() const { return layout_; }
  FeatureBlock compute(std::size_t first, std::size_t count) const;
  FeatureBlock outline(std::size_t first, std::size_t count) const;
  void add_derivatives(std::size_t first, const FeatureBlock& gradient, SoapDerivatives& sum) const;
  SoapDerivatives zero() const {
    SoapDerivatives derivatives;
    if (coupling_)
      derivatives.u.assign(coupling_->u.size(), 0.0);
    return derivatives;
  }

private:
  const soap::SoapParameters& parameters() const { return densities_->parameters(); }

  void prepare(std::size_t structure, Spectrum& spectrum) const;
  std::size_t occupied(const DensitySpectrum& spectrum, FeatureBlock& block) const;
  template <typename Use>
  FeatureBlock grouped(std::size_t first, std::size_t count, Use&& use) const;
  void fill(const StructureDensities& densities, const DensitySpectrum& spectrum, Workspace& work,
            std::size_t width, double* row) const;
  void differentiate_structure(std::size_t structure, const DensitySpectrum& spectrum, const double* row,
                               long step, double weight, Workspace& work, SoapDerivatives& sum) const;
  double unnormalize(const StructureDensities& densities, const DensitySpectrum& spectrum,
                     const double* contracted, std::size_t atom, const double* row, double weight,
                     Workspace& work) const;
  void add_expansion(const StructureDensities& densities, const DensitySpectrum& spectrum, std::size_t atom,
                     double norm_slope, std::span<const structure::Neighbour> neighbours, Workspace& work,
                     SoapDerivatives& sum) const;

  std::shared_ptr<DensityCache> densities_;
  std::shared_ptr<const soap::SpeciesCoupling> coupling_;
  std::shared_ptr<const soap::DensityContraction> contraction_; // of the coupled densities
  FeatureRows rows_;
  WantedDerivatives wanted_;
  ChannelOfElement channel_of_{}; // positions of the elements
  int channels_;
  Normalization normalization_;
  FeatureLayout layout_;
  std::optional<DensityGradient> expansion_;
};

void CoupledFeatures::Implementation::prepare(std::size_t structure, Spectrum& spectrum) const {
  auto present = channels_of(densities_->structures()[structure], channel_of_);
  if (spectrum && spectrum->present() == present)
    return;
  auto channels = present;
  std::optional<soap::PackedCoupling> coupling;
  if (coupling_) {
    channels.resize(static_cast<std::size_t>(channels_));
    std::iota(channels.begin(), channels.end(), 0);
    coupling.emplace(*coupling_, present, channels);
  }
  std::optional<soap::PackedContraction> contraction;
  if (contraction_)
    contraction.emplace(*contraction_, channels);
  spectrum.emplace(parameters().body_order, std::move(present), std::move(coupling), std::move(contraction));
}

/// The group of the block with the segments that these elements occupy; an empty one is added.
std::size_t CoupledFeatures::Implementation::occupied(const DensitySpectrum& spectrum,
                                                      FeatureBlock& block) const {
  auto group = spectrum.group(channels_, layout_);
  for (std::size_t g = 0; g < block.groups.size(); ++g)
    if (block.groups[g].segments == group.segments)
      return g;
  block.groups.push_back(std::move(group));
  return block.groups.size() - 1;
}

/// Rows of one structure, which are zero before.
void CoupledFeatures::Implementation::fill(const StructureDensities& densities,
                                           const DensitySpectrum& spectrum, Workspace& work,
                                           std::size_t width, double* row) const {
  const bool means = rows_ == FeatureRows::means;
  const auto atoms = densities.factors.size();
  work.features.resize(width);
  for (std::size_t atom = 0; atom < atoms; ++atom) {
    const double* contracted = spectrum.contract(densities.density(atom), work.spectrum);
    const double squares = spectrum.compute(densities.shape, contracted, work.features.data());
    double factor = normalization_.before() ? densities.factors[atom] : normalization_.factor(squares);
    if (means)
      factor /= static_cast<double>(atoms);
    for (std::size_t i = 0; i < width; ++i)
      row[i] += factor * work.features[i];
    if (!means)
      row += width;
  }
}

/// Groups with rows of zeros; calls use(structure, spectrum, width, rows) for those of each structure.
template <typename Use>
FeatureBlock CoupledFeatures::Implementation::grouped(std::size_t first, std::size_t count, Use&& use) const {
  FeatureBlock block;
  block.structures = static_cast<std::int64_t>(count);
  Spectrum spectrum;
  for (std::size_t s = 0; s < count; ++s) {
    prepare(first + s, spectrum);
    FeatureGroup& group = block.groups[occupied(*spectrum, block)];
    group.structures.push_back(narrow<std::int32_t>(s, "structures of a block"));
    const auto rows = rows_ == FeatureRows::means ? 1 : densities_->structures()[first + s].size();
    group.environments.push_back(narrow<std::int32_t>(rows, "atoms of a structure"));
    const auto before = group.values.size(), width = static_cast<std::size_t>(group.width);
    group.values.resize(before + rows * width, 0.0);
    use(first + s, *spectrum, width, group.values.data() + before);
  }
  return block;
}

FeatureBlock CoupledFeatures::Implementation::compute(std::size_t first, std::size_t count) const {
  Workspace work;
  return grouped(first, count,
                 [&](std::size_t structure, const DensitySpectrum& spectrum, std::size_t width,
                     double* rows) { fill(densities_->of(structure), spectrum, work, width, rows); });
}

FeatureBlock CoupledFeatures::Implementation::outline(std::size_t first, std::size_t count) const {
  return grouped(first, count, [](std::size_t, const DensitySpectrum&, std::size_t, const double*) {});
}

/// Takes the gradient in the normalised features of an environment to that in the features before, in
/// work.feature_gradient. Returns dL/d(N²) (see Normalization).
double CoupledFeatures::Implementation::unnormalize(const StructureDensities& densities,
                                                    const DensitySpectrum& spectrum, const double* contracted,
                                                    std::size_t atom, const double* row, double weight,
                                                    Workspace& work) const {
  const auto width = spectrum.width(densities.shape);
  work.features.resize(width);
  work.feature_gradient.resize(width);
  const double squares = normalization_.needs_features()
                             ? spectrum.compute(densities.shape, contracted, work.features.data())
                             : 1.0;
  return normalization_.differentiate(work.features, squares, densities.factors[atom], row, weight,
                                      work.feature_gradient);
}

void CoupledFeatures::Implementation::add_expansion(const StructureDensities& densities,
                                                    const DensitySpectrum& spectrum, std::size_t atom,
                                                    double norm_slope,
                                                    std::span<const structure::Neighbour> neighbours,
                                                    Workspace& work, SoapDerivatives& sum) const {
  const soap::DensityShape shape = densities.shape;
  auto& gradient = work.density_gradient;
  spectrum.differentiate_coupling(shape, work.spectrum, gradient);
  if (norm_slope != 0)
    (parameters().body_order == 2 ? soap::add_radial_spectrum_norm_gradient
                                  : soap::add_power_spectrum_norm_gradient)(
        densities.density(atom), norm_slope, {shape, gradient.data()});
  soap::weigh_neighbours(neighbours, work.channel_of_atom, shape.channels, parameters(), work.neighbours);
  expansion_->add(work.neighbours, work.channel_of_atom[atom], {shape, gradient.data()}, work.expansion, sum);
}

/// Rows of gradients `step` apart (0: the same for all atoms), each times `weight`.
void CoupledFeatures::Implementation::differentiate_structure(std::size_t position,
                                                              const DensitySpectrum& spectrum,
                                                              const double* row, long step, double weight,
                                                              Workspace& work, SoapDerivatives& sum) const {
  const StructureDensities& densities = densities_->of(position);
  const structure::Structure& structure = densities_->structures()[position];
  std::optional<structure::NeighbourList> list; // neighbours of some atoms from `listed` on
  std::size_t listed = 0;
  if (expansion_) {
    work.channel_of_atom.clear();
    for (const auto z : structure.species)
      work.channel_of_atom.push_back(static_cast<int>(
          std::lower_bound(spectrum.present().begin(), spectrum.present().end(), channel_of_[z]) -
          spectrum.present().begin()));
  }
  const soap::DensityShape shape = densities.shape;
  for (std::size_t atom = 0; atom < densities.factors.size(); ++atom, row += step) {
    const double* contracted = spectrum.contract(densities.density(atom), work.spectrum);
    const double norm_slope = unnormalize(densities, spectrum, contracted, atom, row, weight, work);
    spectrum.differentiate(shape, contracted, work.feature_gradient.data(), work.spectrum);
    if (coupling_ && wanted_.coupling)
      spectrum.add_coupling_derivatives(densities.density(atom), work.spectrum, coupling_->elements.size(),
                                        sum.u);
    if (!expansion_)
      continue;
    if (atom % listed_atoms == 0) {
      listed = atom;
      list.emplace(structure::find_neighbours(structure, parameters().cutoff,
                                              {atom, std::min(listed_atoms, structure.size() - atom)}));
    }
    add_expansion(densities, spectrum, atom, norm_slope, list->of(atom - listed), work, sum);
  }
}

void CoupledFeatures::Implementation::add_derivatives(std::size_t first, const FeatureBlock& gradient,
                                                      SoapDerivatives& sum) const {
  Workspace work;
  Spectrum spectrum;
  const bool means = rows_ == FeatureRows::means;
  for (const FeatureGroup& group : gradient.groups) {
    const double* row = group.values.data();
    for (std::size_t s = 0; s < group.structures.size(); ++s) {
      const auto position = first + static_cast<std::size_t>(group.structures[s]);
      prepare(position, spectrum);
      const double weight = means ? 1 / static_cast<double>(densities_->structures()[position].size()) : 1.0;
      differentiate_structure(position, *spectrum, row, means ? 0 : static_cast<long>(group.width), weight,
                              work, sum);
      row += group.environments[s] * group.width;
    }
  }
}

CoupledFeatures::CoupledFeatures(std::shared_ptr<DensityCache> densities,
                                 std::shared_ptr<const soap::SpeciesCoupling> coupling,
                                 std::shared_ptr<const soap::DensityContraction> contraction,
                                 FeatureRows rows, const WantedDerivatives& wanted)
    : implementation_(std::make_unique<const Implementation>(std::move(densities), std::move(coupling),
                                                             std::move(contraction), rows, wanted)) {}
CoupledFeatures::~CoupledFeatures() = default;

const FeatureLayout& CoupledFeatures::layout() const {
  return implementation_->layout();
}
FeatureBlock CoupledFeatures::compute(std::size_t first, std::size_t count) const {
  return implementation_->compute(first, count);
}
FeatureBlock CoupledFeatures::outline(std::size_t first, std::size_t count) const {
  return implementation_->outline(first, count);
}
void CoupledFeatures::add_derivatives(std::size_t first, const FeatureBlock& gradient,
                                      SoapDerivatives& sum) const {
  implementation_->add_derivatives(first, gradient, sum);
}
SoapDerivatives CoupledFeatures::zero() const {
  return implementation_->zero();
}

} // namespace soapstone::features
