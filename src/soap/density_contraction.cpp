// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/soap/density_contraction.hpp"

#include "soapstone/base/check.hpp"
#include "soapstone/base/simd.hpp"

#include <algorithm>

namespace soapstone::soap {
namespace {

constexpr int column_step = 2 * simd::lanes;
// The contracted rows are cut into whole steps, and whole vectors of whoever reads them.
constexpr long padding = column_step < 16 ? 16 : column_step;

// Rows of coefficients (2l + 1 of them) times a matrix, both row-major.
struct Product {
  int depth;
  const double* a;
  long a_row;
  const double* b;
  long columns; // and length of the rows of b and of the result
  double* to;
};

template <int Rows>
void tile_row(const Product& p, long row) {
  for (long column = 0; column < p.columns; column += column_step) {
    simd::Vector sums[Rows][2] = {};
    simd::multiply_tile<Rows, 2>(p.depth, p.a + row * p.a_row, p.a_row, 1, p.b + column, p.columns, sums);
    for (long r = 0; r < Rows; ++r)
      for (long v = 0; v < 2; ++v)
        simd::store(p.to + (row + r) * p.columns + column + v * simd::lanes, sums[r][v]);
  }
}

/// Returns the dot product of whole vectors.
double dot(const double* a, const double* b, long count) {
  simd::Vector sums[2] = {};
  for (long i = 0; i < count; i += column_step)
    for (long v = 0; v < 2; ++v)
      sums[v] += simd::load(a + i + v * simd::lanes) * simd::load(b + i + v * simd::lanes);
  sums[0] += sums[1];
  double total = 0;
  for (int lane = 0; lane < simd::lanes; ++lane)
    total += sums[0][lane];
  return total;
}

void multiply(const Product& p, long rows) {
  long row = 0;
  for (; row + 6 <= rows; row += 6)
    tile_row<6>(p, row);
  for (; row + 3 <= rows; row += 3)
    tile_row<3>(p, row);
  for (; row < rows; ++row)
    tile_row<1>(p, row);
}

} // namespace

int DensityContraction::kept(int l) const {
  const auto rows = static_cast<std::size_t>(channels) * static_cast<std::size_t>(n_max);
  return static_cast<int>(matrices[static_cast<std::size_t>(l)].size() / rows);
}

std::int64_t contracted_width(const DensityContraction& contraction, int body_order) {
  if (body_order == 2)
    return contraction.kept(0);
  std::int64_t width = 0;
  for (int l = 0; l <= contraction.l_max(); ++l)
    width += std::int64_t{contraction.kept(l)} * (contraction.kept(l) + 1) / 2;
  return width;
}

DensityContraction coupled(const DensityContraction& contraction, const SpeciesCoupling& coupling) {
  expects(contraction.channels == coupling.channels(), "a contraction of the coupled densities");
  const auto elements = coupling.elements.size(), n_max = static_cast<std::size_t>(contraction.n_max);
  DensityContraction result{static_cast<int>(elements), contraction.n_max, {}, contraction.residual_variance};
  for (int l = 0; l <= contraction.l_max(); ++l) {
    const auto& from = contraction.matrices[static_cast<std::size_t>(l)];
    const std::size_t width = n_max * static_cast<std::size_t>(contraction.kept(l)); // rows of one channel
    auto& to = result.matrices.emplace_back(elements * width, 0.0);
    for (int channel = 0; channel < contraction.channels; ++channel)
      for (std::size_t element = 0; element < elements; ++element)
        for (std::size_t i = 0; i < width; ++i)
          to[element * width + i] +=
              coupling.at(channel, element) * from[static_cast<std::size_t>(channel) * width + i];
  }
  return result;
}

PackedContraction::PackedContraction(const DensityContraction& contraction, std::span<const int> present)
    : depth_(static_cast<long>(present.size()) * contraction.n_max) {
  for (int l = 0; l <= contraction.l_max(); ++l)
    kept_.push_back(contraction.kept(l));
  const long widest = *std::max_element(kept_.begin(), kept_.end());
  stride_ = (widest + padding - 1) / padding * padding;
  for (std::size_t l = 0; l < kept_.size(); ++l) {
    auto& matrix = matrices_.emplace_back(static_cast<std::size_t>(depth_ * stride_), 0.0);
    auto to = matrix.begin();
    for (const int channel : present)
      for (int n = 0; n < contraction.n_max; ++n, to += stride_)
        std::copy_n(contraction.matrices[l].begin() + (long{channel} * contraction.n_max + n) * kept_[l],
                    kept_[l], to);
  }
}

std::size_t PackedContraction::size() const {
  return kept_.size() * kept_.size() * static_cast<std::size_t>(stride_);
}

void PackedContraction::apply(DensityView density, std::span<double> contracted) const {
  const auto& shape = density.shape;
  expects(contracted.size() >= size(), "room for the contracted rows");
  expects(long{shape.channels} * shape.n_max == depth_ && shape.l_max + 1 <= static_cast<int>(kept_.size()),
          "densities of the channels that the contraction was packed for");
  for (long l = 0; l <= shape.l_max; ++l)
    multiply({static_cast<int>(depth_), density.values + l * l * shape.stride(), shape.stride(),
              matrices_[static_cast<std::size_t>(l)].data(), stride_, contracted.data() + l * l * stride_},
             2 * l + 1);
}

void PackedContraction::add_transposed(std::span<const double> contracted_gradient,
                                       DensityTarget density_gradient) const {
  const auto& shape = density_gradient.shape;
  expects(contracted_gradient.size() >= size(), "a gradient of all contracted rows");
  expects(long{shape.channels} * shape.n_max == depth_ && shape.l_max + 1 <= static_cast<int>(kept_.size()),
          "densities of the channels that the contraction was packed for");
  for (long l = 0; l <= shape.l_max; ++l)
    for (long row = l * l; row < (l + 1) * (l + 1); ++row) {
      const double* from = matrices_[static_cast<std::size_t>(l)].data();
      double* to = density_gradient.values + row * shape.stride();
      for (long i = 0; i < depth_; ++i, from += stride_)
        to[i] += dot(from, contracted_gradient.data() + row * stride_, stride_);
    }
}

} // namespace soapstone::soap
