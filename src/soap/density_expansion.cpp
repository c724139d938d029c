// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/soap/density_expansion.hpp"

#include "soapstone/base/check.hpp"
#include "soapstone/base/simd.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace soapstone::soap {
namespace {

using simd::lanes;
constexpr int tile_rows = 8;

int round_up(int value, int multiple) {
  return (value + multiple - 1) / multiple * multiple;
}

// One matrix product: rows of harmonics (a) times radial functions (b) summed over the neighbours of a
// channel.
struct Product {
  int depth; // neighbours
  const double* a;
  long a_row;
  const double* b;
  long b_step;
  double* c;
  long c_row;
  int columns;
};

template <int Rows, int Vectors>
void tile(const Product& p, int row, int column) {
  constexpr long last_vector = (Vectors - 1L) * lanes;
  simd::Vector sums[Rows][Vectors] = {};
  simd::multiply_tile<Rows, Vectors>(p.depth, p.a + row * p.a_row, p.a_row, 1, p.b + column, p.b_step, sums);
  double* to = p.c + row * p.c_row + column;
  const simd::Mask last = simd::lanes_between(0, p.columns - column - static_cast<int>(last_vector));
#pragma GCC unroll 16
  for (int r = 0; r < Rows; ++r, to += p.c_row) {
    if constexpr (Vectors == 2)
      simd::store(to, sums[r][0]);
    simd::store(to + last_vector, sums[r][Vectors - 1], last);
  }
}

template <int Vectors>
void tiles_of_rows(const Product& p, int rows, int row, int column) {
  switch (std::min(rows - row, tile_rows)) {
  case 1:
    return tile<1, Vectors>(p, row, column);
  case 2:
    return tile<2, Vectors>(p, row, column);
  case 3:
    return tile<3, Vectors>(p, row, column);
  case 4:
    return tile<4, Vectors>(p, row, column);
  case 5:
    return tile<5, Vectors>(p, row, column);
  case 6:
    return tile<6, Vectors>(p, row, column);
  case 7:
    return tile<7, Vectors>(p, row, column);
  default:
    return tile<8, Vectors>(p, row, column);
  }
}

void multiply(const Product& p, int rows) {
  for (int column = 0; column < p.columns; column += 2 * lanes)
    for (int row = 0; row < rows; row += tile_rows)
      if (p.columns - column > lanes)
        tiles_of_rows<2>(p, rows, row, column);
      else
        tiles_of_rows<1>(p, rows, row, column);
}

} // namespace

DensityExpansion::DensityExpansion(RadialSpline spline)
    : DensityExpansion(std::make_shared<const RadialSpline>(std::move(spline))) {}

DensityExpansion::DensityExpansion(std::shared_ptr<const RadialSpline> spline)
    : spline_(std::move(spline)), harmonics_(spline_->l_max()),
      centre_(static_cast<std::size_t>(spline_->n_max())) {
  std::vector<double> at_centre(static_cast<std::size_t>(spline_->stride()));
  spline_->evaluate(0, at_centre);
  for (std::size_t n = 0; n < centre_.size(); ++n)
    centre_[n] = at_centre[n] / std::sqrt(4 * std::numbers::pi);
}

void DensityExpansion::expand(const WeightedNeighbours& neighbours, int central_channel,
                              double central_weight, DensityWorkspace& workspace,
                              DensityTarget density) const {
  const int channels = neighbours.channels();
  const DensityShape shape = this->shape(channels);
  expects(density.shape == shape, "a density of the neighbours' channels");
  expects(central_channel >= 0 && central_channel < channels, "the centre has a channel");
  const int padded = round_up(neighbours.count, SphericalHarmonics::block);
  const long radial_stride = spline_->stride();
  workspace.harmonics.resize(static_cast<std::size_t>(shape.rows()) * static_cast<std::size_t>(padded));
  workspace.radial.resize(static_cast<std::size_t>(neighbours.count * radial_stride));
  harmonics_.evaluate(neighbours.count, neighbours.x, neighbours.y, neighbours.z, neighbours.weights, padded,
                      workspace.harmonics);
  for (int i = 0; i < neighbours.count; ++i)
    spline_->evaluate(
        neighbours.distances[static_cast<std::size_t>(i)],
        std::span(workspace.radial)
            .subspan(static_cast<std::size_t>(i * radial_stride), static_cast<std::size_t>(radial_stride)));

  for (int channel = 0; channel < channels; ++channel) {
    const int first = neighbours.starts[static_cast<std::size_t>(channel)];
    const int depth = neighbours.starts[static_cast<std::size_t>(channel) + 1] - first;
    for (long l = 0; l <= shape.l_max; ++l) {
      const Product product{depth,          workspace.harmonics.data() + l * l * padded + first,
                            padded,         workspace.radial.data() + first * radial_stride + l * shape.n_max,
                            radial_stride,  density.values + shape.offset(static_cast<int>(l * l), channel),
                            shape.stride(), shape.n_max};
      multiply(product, static_cast<int>(2 * l + 1));
    }
  }
  for (int n = 0; n < shape.n_max; ++n)
    density(0, central_channel, n) += central_weight * centre_[static_cast<std::size_t>(n)];
}

} // namespace soapstone::soap
