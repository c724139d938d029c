// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/soap/coupled_features.hpp"

#include "feature_groups.hpp"
#include "soapstone/base/check.hpp"
#include "soapstone/soap/power_spectrum.hpp"
#include "soapstone/soap/radial_spectrum.hpp"
#include "soapstone/soap/spectrum_gradient.hpp"
#include "soapstone/structure/neighbour_list.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <utility>

namespace soapstone::soap {
namespace {

/// Arrays of one environment.
struct Workspace {
  std::vector<double> coupled, features, feature_gradient, coupled_gradient, density_gradient, symmetric;
  std::vector<int> channel_of_atom;
  WeightedNeighbours neighbours;
  DensityWorkspace expansion;
};

double dot(const double* a, const double* b, std::size_t count) {
  double sums[8] = {};
  std::size_t i = 0;
  for (; i + 8 <= count; i += 8)
    for (std::size_t lane = 0; lane < 8; ++lane)
      sums[lane] += a[i + lane] * b[i + lane];
  double sum = std::accumulate(sums, sums + 8, 0.0);
  for (; i < count; ++i)
    sum += a[i] * b[i];
  return sum;
}

/// Structures of one block that stand in one group; for one set of elements what they need is made once.
struct Elements {
  std::vector<int> present;
  std::optional<PackedCoupling> coupling;
};

} // namespace

class CoupledFeatures::Implementation {
public:
  Implementation(std::shared_ptr<DensityCache> densities, std::shared_ptr<const SpeciesCoupling> coupling,
                 FeatureRows rows, const WantedDerivatives& wanted)
      : densities_(std::move(densities)), coupling_(std::move(coupling)), rows_(rows), wanted_(wanted),
        channels_(coupling_ ? coupling_->channels() : static_cast<int>(densities_->elements().size())),
        layout_(feature_layout(channels_, parameters().n_max, parameters().l_max, parameters().body_order)) {
    if (coupling_)
      expects(coupling_->elements == densities_->elements(), "a coupling of the elements of the densities");
    if (wanted.expansion())
      expansion_.emplace(parameters(), wanted);
  }

  const FeatureLayout& layout() const { return layout_; }
  FeatureBlock compute(std::size_t first, std::size_t count) const;
  void add_derivatives(std::size_t first, const FeatureBlock& gradient, SoapDerivatives& sum) const;
  SoapDerivatives zero() const {
    SoapDerivatives derivatives;
    if (coupling_)
      derivatives.u.assign(coupling_->u.size(), 0.0);
    return derivatives;
  }

private:
  const SoapParameters& parameters() const { return densities_->parameters(); }
  bool radial() const { return parameters().body_order == 2; }
  bool normalizes_before() const {
    return parameters().normalize && coupling_ && coupling_->normalize_before;
  }
  bool normalizes_after() const { return parameters().normalize && !normalizes_before(); }

  void prepare(const StructureDensities& densities, Elements& elements) const;
  DensityShape coupled_shape(const StructureDensities& densities, const Elements& elements) const {
    return elements.coupling ? elements.coupling->shape(densities.shape) : densities.shape;
  }
  const double* couple(const StructureDensities& densities, const Elements& elements, std::size_t atom,
                       Workspace& work) const;
  double spectrum(const DensityShape& shape, const double* density, Workspace& work) const;
  std::size_t occupied(const Elements& elements, FeatureBlock& block) const;
  void append(const StructureDensities& densities, const Elements& elements, Workspace& work,
              FeatureGroup& group) const;
  void differentiate_structure(std::size_t structure, const Elements& elements, const double* row, long step,
                               double weight, Workspace& work, SoapDerivatives& sum) const;
  double unnormalize(const StructureDensities& densities, const DensityShape& shape, const double* coupled,
                     std::size_t atom, const double* row, double weight, Workspace& work) const;
  void add_coupling(const StructureDensities& densities, const Elements& elements, std::size_t atom,
                    const Workspace& work, SoapDerivatives& sum) const;
  void add_expansion(const StructureDensities& densities, const Elements& elements, std::size_t atom,
                     double norm_slope, std::span<const structure::Neighbour> neighbours, Workspace& work,
                     SoapDerivatives& sum) const;

  std::shared_ptr<DensityCache> densities_;
  std::shared_ptr<const SpeciesCoupling> coupling_;
  FeatureRows rows_;
  WantedDerivatives wanted_;
  int channels_;
  FeatureLayout layout_;
  std::optional<DensityGradient> expansion_;
};

void CoupledFeatures::Implementation::prepare(const StructureDensities& densities, Elements& elements) const {
  if (elements.present == densities.present)
    return;
  elements.present = densities.present;
  if (!coupling_)
    return;
  std::vector<int> all(static_cast<std::size_t>(channels_));
  std::iota(all.begin(), all.end(), 0);
  elements.coupling.emplace(*coupling_, elements.present, std::move(all));
}

const double* CoupledFeatures::Implementation::couple(const StructureDensities& densities,
                                                      const Elements& elements, std::size_t atom,
                                                      Workspace& work) const {
  const double* density = densities.density(atom);
  if (!elements.coupling)
    return density;
  work.coupled.resize(elements.coupling->shape(densities.shape).size());
  elements.coupling->apply(densities.shape, density, work.coupled.data());
  return work.coupled.data();
}

/// Leaves the features before normalisation in work.features; returns their sum of squares.
double CoupledFeatures::Implementation::spectrum(const DensityShape& shape, const double* density,
                                                 Workspace& work) const {
  if (radial()) {
    work.features.resize(static_cast<std::size_t>(shape.channels) * static_cast<std::size_t>(shape.n_max));
    return radial_spectrum(shape, density, work.features.data());
  }
  work.features.resize(static_cast<std::size_t>(power_spectrum_width(shape)));
  return power_spectrum(shape, density, work.features.data());
}

/// The group of the block with the segments that these elements occupy; an empty one is added.
std::size_t CoupledFeatures::Implementation::occupied(const Elements& elements, FeatureBlock& block) const {
  auto group = feature_group(elements.coupling ? elements.coupling->active() : elements.present, channels_,
                             parameters().body_order, layout_);
  for (std::size_t g = 0; g < block.groups.size(); ++g)
    if (block.groups[g].segments == group.segments)
      return g;
  block.groups.push_back(std::move(group));
  return block.groups.size() - 1;
}

void CoupledFeatures::Implementation::append(const StructureDensities& densities, const Elements& elements,
                                             Workspace& work, FeatureGroup& group) const {
  const bool means = rows_ == FeatureRows::means;
  const auto atoms = densities.factors.size(), width = static_cast<std::size_t>(group.width);
  group.environments.push_back(means ? 1 : narrow<std::int32_t>(atoms, "atoms of a structure"));
  const auto before = group.values.size();
  group.values.resize(before + (means ? 1 : atoms) * width);
  double* row = group.values.data() + before;
  std::fill(row, group.values.data() + group.values.size(), 0.0);
  const DensityShape shape = coupled_shape(densities, elements);
  for (std::size_t atom = 0; atom < atoms; ++atom) {
    const double squares = spectrum(shape, couple(densities, elements, atom, work), work);
    double factor = normalizes_before() ? densities.factors[atom] : 1.0;
    if (normalizes_after() && squares > 0)
      factor = 1 / std::sqrt(squares);
    if (means)
      factor /= static_cast<double>(atoms);
    for (std::size_t i = 0; i < width; ++i)
      row[i] += factor * work.features[i];
    if (!means)
      row += width;
  }
}

FeatureBlock CoupledFeatures::Implementation::compute(std::size_t first, std::size_t count) const {
  FeatureBlock block;
  block.structures = static_cast<std::int64_t>(count);
  Workspace work;
  Elements elements;
  for (std::size_t s = 0; s < count; ++s) {
    const StructureDensities& densities = densities_->of(first + s);
    prepare(densities, elements);
    FeatureGroup& group = block.groups[occupied(elements, block)];
    group.structures.push_back(narrow<std::int32_t>(s, "structures of a block"));
    append(densities, elements, work, group);
  }
  return block;
}

/// Takes the gradient in the normalised features of an environment to that in the features before, in
/// work.feature_gradient. For vectors p / |p|: (g - (g.p) p / |p|²) / |p|. For p / N with the norm N before a
/// coupling: g / N, and what is returned, dL/d(N²) = -(g.p) / 2 N³.
double CoupledFeatures::Implementation::unnormalize(const StructureDensities& densities,
                                                    const DensityShape& shape, const double* coupled,
                                                    std::size_t atom, const double* row, double weight,
                                                    Workspace& work) const {
  const double squares = parameters().normalize ? spectrum(shape, coupled, work) : 1.0;
  const auto width = static_cast<std::size_t>(radial() ? std::int64_t{shape.channels} * shape.n_max
                                                       : power_spectrum_width(shape));
  work.feature_gradient.resize(width);
  const double along = parameters().normalize ? weight * dot(row, work.features.data(), width) : 0.0;
  double factor = weight, back = 0, norm_slope = 0;
  if (normalizes_after() && squares > 0) {
    factor = weight / std::sqrt(squares);
    back = along / (squares * std::sqrt(squares));
  } else if (normalizes_before()) {
    const double inverse = densities.factors[atom];
    factor = weight * inverse;
    norm_slope = -0.5 * along * inverse * inverse * inverse;
  }
  for (std::size_t i = 0; i < width; ++i)
    work.feature_gradient[i] = factor * row[i];
  if (back != 0)
    for (std::size_t i = 0; i < width; ++i)
      work.feature_gradient[i] -= back * work.features[i];
  return norm_slope;
}

/// dL/du_Ja = sum_nlm dL/dc^J_nlm c^a_nlm.
void CoupledFeatures::Implementation::add_coupling(const StructureDensities& densities,
                                                   const Elements& elements, std::size_t atom,
                                                   const Workspace& work, SoapDerivatives& sum) const {
  const DensityShape from = densities.shape, to = elements.coupling->shape(from);
  const auto n_max = static_cast<std::size_t>(from.n_max);
  const double* density = densities.density(atom);
  const double* gradient = work.coupled_gradient.data();
  for (int row = 0; row < from.rows(); ++row, density += from.stride(), gradient += to.stride())
    for (std::size_t channel = 0; channel < static_cast<std::size_t>(to.channels); ++channel)
      for (std::size_t a = 0; a < elements.present.size(); ++a) {
        double product = 0;
        for (std::size_t n = 0; n < n_max; ++n)
          product += gradient[channel * n_max + n] * density[a * n_max + n];
        sum.u[channel * coupling_->elements.size() + static_cast<std::size_t>(elements.present[a])] +=
            product;
      }
}

void CoupledFeatures::Implementation::add_expansion(const StructureDensities& densities,
                                                    const Elements& elements, std::size_t atom,
                                                    double norm_slope,
                                                    std::span<const structure::Neighbour> neighbours,
                                                    Workspace& work, SoapDerivatives& sum) const {
  const DensityShape from = densities.shape, to = coupled_shape(densities, elements);
  auto& gradient = work.density_gradient;
  if (elements.coupling) {
    gradient.assign(from.size(), 0.0);
    for (int row = 0; row < from.rows(); ++row)
      for (int channel = 0; channel < to.channels; ++channel)
        for (int a = 0; a < from.channels; ++a) {
          const double u = elements.coupling->at(channel, a);
          const double* coupled = work.coupled_gradient.data() + to.offset(row, channel);
          double* element = gradient.data() + from.offset(row, a);
          for (int n = 0; n < from.n_max; ++n)
            element[n] += u * coupled[n];
        }
  } else {
    gradient = work.coupled_gradient;
  }
  if (norm_slope != 0)
    (radial() ? add_radial_spectrum_norm_gradient
              : add_power_spectrum_norm_gradient)(from, densities.density(atom), norm_slope, gradient.data());
  weigh_neighbours(neighbours, work.channel_of_atom, from.channels, parameters(), work.neighbours);
  expansion_->add(work.neighbours, work.channel_of_atom[atom], gradient.data(), work.expansion, sum);
}

/// Rows of gradients `step` apart (0: the same for all atoms), each times `weight`.
void CoupledFeatures::Implementation::differentiate_structure(std::size_t position, const Elements& elements,
                                                              const double* row, long step, double weight,
                                                              Workspace& work, SoapDerivatives& sum) const {
  const StructureDensities& densities = densities_->of(position);
  const structure::Structure& structure = densities_->structures()[position];
  std::optional<structure::NeighbourList> list;
  if (expansion_) {
    list.emplace(structure::find_neighbours(structure, parameters().cutoff));
    const auto& all = densities_->elements();
    work.channel_of_atom.clear();
    for (const int z : structure.species) {
      const auto element = static_cast<int>(std::lower_bound(all.begin(), all.end(), z) - all.begin());
      work.channel_of_atom.push_back(
          static_cast<int>(std::lower_bound(elements.present.begin(), elements.present.end(), element) -
                           elements.present.begin()));
    }
  }
  const DensityShape shape = coupled_shape(densities, elements);
  for (std::size_t atom = 0; atom < densities.factors.size(); ++atom, row += step) {
    const double* coupled = couple(densities, elements, atom, work);
    const double norm_slope = unnormalize(densities, shape, coupled, atom, row, weight, work);
    work.coupled_gradient.assign(shape.size(), 0.0);
    if (radial())
      add_radial_spectrum_gradient(shape, work.feature_gradient.data(), work.coupled_gradient.data());
    else
      add_power_spectrum_gradient(shape, coupled, work.feature_gradient.data(), work.symmetric,
                                  work.coupled_gradient.data());
    if (elements.coupling && wanted_.coupling)
      add_coupling(densities, elements, atom, work, sum);
    if (expansion_)
      add_expansion(densities, elements, atom, norm_slope, list->of(atom), work, sum);
  }
}

void CoupledFeatures::Implementation::add_derivatives(std::size_t first, const FeatureBlock& gradient,
                                                      SoapDerivatives& sum) const {
  Workspace work;
  Elements elements;
  const bool means = rows_ == FeatureRows::means;
  for (const FeatureGroup& group : gradient.groups) {
    const double* row = group.values.data();
    for (std::size_t s = 0; s < group.structures.size(); ++s) {
      const auto position = first + static_cast<std::size_t>(group.structures[s]);
      prepare(densities_->of(position), elements);
      const double weight = means ? 1 / static_cast<double>(densities_->structures()[position].size()) : 1.0;
      differentiate_structure(position, elements, row, means ? 0 : static_cast<long>(group.width), weight,
                              work, sum);
      row += group.environments[s] * group.width;
    }
  }
}

CoupledFeatures::CoupledFeatures(std::shared_ptr<DensityCache> densities,
                                 std::shared_ptr<const SpeciesCoupling> coupling, FeatureRows rows,
                                 const WantedDerivatives& wanted)
    : implementation_(
          std::make_unique<const Implementation>(std::move(densities), std::move(coupling), rows, wanted)) {}
CoupledFeatures::~CoupledFeatures() = default;

const FeatureLayout& CoupledFeatures::layout() const {
  return implementation_->layout();
}
FeatureBlock CoupledFeatures::compute(std::size_t first, std::size_t count) const {
  return implementation_->compute(first, count);
}
void CoupledFeatures::add_derivatives(std::size_t first, const FeatureBlock& gradient,
                                      SoapDerivatives& sum) const {
  implementation_->add_derivatives(first, gradient, sum);
}
SoapDerivatives CoupledFeatures::zero() const {
  return implementation_->zero();
}

} // namespace soapstone::soap
