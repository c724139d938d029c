// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/kernel/pairwise_coupling.hpp"

#include "small_products.hpp"
#include "soapstone/base/check.hpp"
#include "soapstone/soap/power_spectrum.hpp"

#include <algorithm>
#include <cstddef>
#include <numbers>

namespace soapstone::kernel {

using features::FeatureBlock;
using features::FeatureGroup;

namespace {

/// The parts symmetric and antisymmetric in n <-> n' of the features p^nn' of a pair of different elements.
void split(const soap::SoapParameters& parameters, const double* pair, double scale, double* symmetric,
           double* antisymmetric) {
  const std::ptrdiff_t n_max = parameters.n_max;
  const double half = scale * std::numbers::sqrt2 / 2;
  for (int l = 0; l <= parameters.l_max; ++l, pair += n_max * n_max)
    for (std::ptrdiff_t n = 0; n < n_max; ++n) {
      *symmetric++ = scale * pair[n * n_max + n];
      for (std::ptrdiff_t m = n + 1; m < n_max; ++m) {
        const double above = pair[n * n_max + m], below = pair[m * n_max + n];
        *symmetric++ = half * (above + below);
        *antisymmetric++ = half * (above - below);
      }
    }
}

} // namespace

PairwiseCoupling::PairwiseCoupling(const soap::SpeciesCoupling& coupling,
                                   const soap::SoapParameters& parameters)
    : elements_(narrow<int>(coupling.elements.size(), "elements")), parameters_(parameters) {
  for (std::size_t a = 0; a < coupling.elements.size(); ++a)
    for (std::size_t b = 0; b < coupling.elements.size(); ++b) {
      double sum = 0;
      for (int channel = 0; channel < coupling.channels(); ++channel)
        sum += coupling.at(channel, a) * coupling.at(channel, b);
      kappa_.push_back(sum);
    }
  const int n = parameters.n_max, ls = parameters.l_max + 1;
  if (parameters.body_order == 2) {
    add_segments(Kind::radial, n);
  } else {
    add_segments(Kind::symmetric, ls * n * (n + 1) / 2);
    if (n > 1)
      add_segments(Kind::antisymmetric, ls * n * (n - 1) / 2);
  }
}

void PairwiseCoupling::add_segments(Kind kind, int width) {
  for (int a = 0; a < elements_; ++a) {
    const int first = kind == Kind::antisymmetric ? a + 1 : a, end = kind == Kind::radial ? a + 1 : elements_;
    for (int b = first; b < end; ++b) {
      pairs_.push_back({a, b, kind});
      layout_.widths.push_back(width);
    }
  }
}

FeatureGroup PairwiseCoupling::empty_group(std::span<const int> present) const {
  FeatureGroup group;
  const auto has = [&](int element) { return std::binary_search(present.begin(), present.end(), element); };
  for (std::size_t id = 0; id < pairs_.size(); ++id)
    if (has(pairs_[id].a) && has(pairs_[id].b)) {
      group.segments.push_back({static_cast<std::int32_t>(id), layout_.widths[id], group.width});
      group.width += layout_.widths[id];
    }
  return group;
}

void PairwiseCoupling::write_row(const features::EnvironmentDensity& environment, std::vector<double>& pairs,
                                 std::span<double> row) const {
  const auto& shape = environment.density.shape;
  const double scale = environment.factor;
  double* to = row.data();
  if (parameters_.body_order == 2) { // the first row of coefficients, l = 0
    const auto count = static_cast<std::ptrdiff_t>(shape.channels) * shape.n_max;
    std::transform(environment.density.values, environment.density.values + count, to,
                   [&](double c) { return scale * c; });
    return;
  }
  pairs.resize(static_cast<std::size_t>(soap::power_spectrum_width(shape)));
  soap::power_spectrum(environment.density, pairs);
  const auto same = soap::power_spectrum_width(shape.n_max, shape.l_max, true),
             different = soap::power_spectrum_width(shape.n_max, shape.l_max, false);
  const double* from = pairs.data();
  double* antisymmetric = to + same * shape.channels * (shape.channels + 1) / 2;
  for (int a = 0; a < shape.channels; ++a)
    for (int b = a; b < shape.channels; ++b, to += same) {
      if (a == b) {
        std::transform(from, from + same, to, [&](double p) { return scale * p; });
        from += same;
      } else {
        split(parameters_, from, scale, to, antisymmetric);
        from += different;
        antisymmetric += different - same;
      }
    }
}

/// Makes rows of environments as they come, structure by structure.
class PairwiseCoupling::Collector {
public:
  explicit Collector(const PairwiseCoupling& coupling) : coupling_(coupling) {}

  void add(const features::EnvironmentDensity& environment) {
    if (block_.groups.empty() || !std::ranges::equal(present_, environment.present)) {
      present_.assign(environment.present.begin(), environment.present.end());
      block_.groups.push_back(coupling_.empty_group(present_));
    }
    auto& group = block_.groups.back();
    const auto structure = narrow<std::int32_t>(environment.structure, "structures of a block");
    if (group.structures.empty() || group.structures.back() != structure) {
      group.structures.push_back(structure);
      group.environments.push_back(0);
    }
    ++group.environments.back();
    const auto end = group.values.size();
    group.values.resize(end + static_cast<std::size_t>(group.width));
    coupling_.write_row(environment, pairs_, {group.values.data() + end, group.values.size() - end});
  }

  FeatureBlock block(std::size_t structures) && {
    block_.structures = static_cast<std::int64_t>(structures);
    for (auto& group : block_.groups)
      group.values.shrink_to_fit();
    return std::move(block_);
  }

private:
  const PairwiseCoupling& coupling_;
  FeatureBlock block_;
  std::vector<int> present_; // elements of the last group of the block
  std::vector<double> pairs_;
};

FeatureBlock PairwiseCoupling::features(const features::SoapCalculator& calculator,
                                        std::span<const structure::Structure> structures) const {
  Collector collector(*this);
  calculator.visit(structures, [&](const auto& environment) { collector.add(environment); });
  return std::move(collector).block(structures.size());
}

FeatureBlock PairwiseCoupling::features(const features::SoapCalculator& calculator,
                                        const structure::Structure& structure,
                                        structure::AtomRange atoms) const {
  Collector collector(*this);
  calculator.visit(structure, atoms, [&](const auto& environment) { collector.add(environment); });
  auto block = std::move(collector).block(1);
  for (auto& group : block.groups)
    group.part_of = narrow<std::int32_t>(structure.size(), "atoms of a structure");
  return block;
}

PairwiseCoupling::Run PairwiseCoupling::run_of(const FeatureGroup& group, Kind kind) const {
  const auto kind_of = [&](const features::Segment& s) {
    return pairs_[static_cast<std::size_t>(s.id)].kind;
  };
  const auto is = [&](const features::Segment& segment) { return kind_of(segment) == kind; };
  const auto first = std::find_if(group.segments.begin(), group.segments.end(), is);
  const auto last = std::find_if_not(first, group.segments.end(), is);
  if (first == last)
    return {};
  return {{first, last}, first->width, first->offset};
}

// Between orthonormal bases of the symmetric and of the antisymmetric pairs of elements.
double PairwiseCoupling::coefficient(const Pair& row, const Pair& col) const {
  if (row.kind == Kind::radial)
    return kappa(row.a, col.a);
  const double direct = kappa(row.a, col.a) * kappa(row.b, col.b),
               crossed = kappa(row.a, col.b) * kappa(row.b, col.a);
  if (row.kind == Kind::antisymmetric)
    return direct - crossed;
  constexpr double same = std::numbers::sqrt2 / 2;
  return (direct + crossed) * (row.a == row.b ? same : 1.0) * (col.a == col.b ? same : 1.0);
}

/// Column segments x row segments, column-major.
std::vector<double> PairwiseCoupling::coefficients(const Run& rows, const Run& cols) const {
  std::vector<double> all;
  for (const auto& row : rows.segments)
    for (const auto& col : cols.segments)
      all.push_back(
          coefficient(pairs_[static_cast<std::size_t>(row.id)], pairs_[static_cast<std::size_t>(col.id)]));
  return all;
}

double PairwiseCoupling::image(const FeatureGroup& rows, const FeatureGroup& cols, std::int64_t first,
                               std::int64_t last, std::span<double> to) const {
  double flops = 0;
  for (const auto kind : {Kind::radial, Kind::symmetric, Kind::antisymmetric}) {
    const auto r = run_of(rows, kind), c = run_of(cols, kind);
    const auto wanted = static_cast<std::int64_t>(r.segments.size()),
               given = static_cast<std::int64_t>(c.segments.size());
    if (wanted == 0)
      continue;
    const auto matrix = coefficients(r, c);
    for (auto e = first; e < last; ++e) {
      double* image = to.data() + (e - first) * rows.width + r.offset;
      if (given == 0) // one element has no antisymmetric part
        std::fill_n(image, wanted * r.width, 0.0);
      else
        combine_columns(r.width, given, wanted, cols.values.data() + e * cols.width + c.offset, matrix.data(),
                        image);
    }
    flops += 2.0 * static_cast<double>((last - first) * r.width * wanted * given);
  }
  return flops;
}

} // namespace soapstone::kernel
