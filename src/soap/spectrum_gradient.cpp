// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/soap/spectrum_gradient.hpp"

#include "soapstone/base/simd.hpp"
#include "soapstone/soap/power_spectrum.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace soapstone::soap {
namespace {

using simd::lanes;

int width_of(const DensityShape& shape) {
  return shape.channels * shape.n_max;
}

/// The block (a, b) of H^l from the features of that pair and l.
void expand_square(const double* from, double scale, int n_max, long stride, double* block,
                   double* transposed) {
  for (int n = 0; n < n_max; ++n)
    for (int k = 0; k < n_max; ++k) {
      const double value = scale * *from++;
      block[n * stride + k] = value;
      transposed[k * stride + n] = value;
    }
}

void expand_triangle(const double* from, double scale, int n_max, long stride, double* block) {
  for (int n = 0; n < n_max; ++n) {
    block[n * stride + n] = std::numbers::sqrt2 * scale * *from++;
    for (int k = n + 1; k < n_max; ++k) {
      const double value = scale * *from++;
      block[n * stride + k] = value;
      block[k * stride + n] = value;
    }
  }
}

/// H^l, symmetric, with the (2l + 1)^-1/2 and the sqrt 2 of what stands off the diagonal.
void expand_symmetric(const DensityShape& shape, int l, const double* features, double* matrix) {
  const double scale = std::sqrt(2.0 / (2 * l + 1));
  const long stride = shape.stride();
  const auto square = power_spectrum_width(shape.n_max, 0, false);
  const auto triangle = power_spectrum_width(shape.n_max, 0, true);
  for (int a = 0; a < shape.channels; ++a)
    for (int b = a; b < shape.channels; ++b) {
      const long first = long{a} * shape.n_max, second = long{b} * shape.n_max;
      double* block = matrix + first * stride + second;
      if (a == b) {
        expand_triangle(features + l * triangle, scale, shape.n_max, stride, block);
        features += (shape.l_max + 1) * triangle;
      } else {
        expand_square(features + l * square, scale, shape.n_max, stride, block,
                      matrix + second * stride + first);
        features += (shape.l_max + 1) * square;
      }
    }
}

/// `Rows` rows of C += A H, H width x width.
template <int Rows>
void multiply_rows(const double* a, const double* h, int width, long stride, double* c) {
  for (int column = 0; column < width; column += lanes) {
    simd::Vector sums[Rows][1] = {};
    simd::multiply_tile<Rows, 1>(width, a, stride, 1, h + column, stride, sums);
    for (int r = 0; r < Rows; ++r)
      simd::store(c + r * stride + column, simd::load(c + r * stride + column) + sums[r][0]);
  }
}

void multiply(int rows, const double* a, const double* h, int width, long stride, double* c) {
  constexpr int step = 4;
  int row = 0;
  for (; row + step <= rows; row += step)
    multiply_rows<step>(a + row * stride, h, width, stride, c + row * stride);
  for (; row < rows; ++row)
    multiply_rows<1>(a + row * stride, h, width, stride, c + row * stride);
}

} // namespace

void add_power_spectrum_gradient(DensityView density, std::span<const double> feature_gradient,
                                 std::vector<double>& work, DensityTarget density_gradient) {
  const auto& shape = density.shape;
  const int width = width_of(shape);
  const long stride = shape.stride();
  work.resize(static_cast<std::size_t>(width * stride)); // what is behind a row is never used but as padding
  for (int l = 0; l <= shape.l_max; ++l) {
    expand_symmetric(shape, l, feature_gradient.data(), work.data());
    multiply(2 * l + 1, density.values + shape.offset(l * l), work.data(), width, stride,
             density_gradient.values + shape.offset(l * l));
  }
}

void add_power_spectrum_gradient(std::span<const int> kept, long stride, std::span<const double> contracted,
                                 std::span<const double> feature_gradient, std::vector<double>& work,
                                 std::span<double> contracted_gradient) {
  const int widest = *std::max_element(kept.begin(), kept.end());
  work.resize(static_cast<std::size_t>(widest * stride));
  const double* from = feature_gradient.data();
  for (long l = 0; l < static_cast<long>(kept.size()); ++l) {
    const int width = kept[static_cast<std::size_t>(l)], depth = static_cast<int>(2 * l + 1);
    expand_triangle(from, std::sqrt(2.0 / depth), width, stride, work.data());
    multiply(depth, contracted.data() + l * l * stride, work.data(), width, stride,
             contracted_gradient.data() + l * l * stride);
    from += power_spectrum_width(width, 0, true);
  }
}

void add_radial_spectrum_gradient(std::span<const double> feature_gradient, DensityTarget density_gradient) {
  for (int i = 0; i < width_of(density_gradient.shape); ++i)
    density_gradient.values[i] += feature_gradient[i];
}

void add_power_spectrum_norm_gradient(DensityView density, double factor, DensityTarget density_gradient) {
  const auto& shape = density.shape;
  const int width = width_of(shape);
  const long stride = shape.stride();
  for (int l = 0; l <= shape.l_max; ++l)
    for (int m = 0; m < 2 * l + 1; ++m)
      for (int k = 0; k < 2 * l + 1; ++k) {
        const double* row = density.values + (l * l + m) * stride;
        const double* other = density.values + (l * l + k) * stride;
        double overlap = 0;
        for (int i = 0; i < width; ++i)
          overlap += row[i] * other[i];
        overlap *= 4 * factor / (2 * l + 1);
        double* to = density_gradient.values + (l * l + m) * stride;
        for (int i = 0; i < width; ++i)
          to[i] += overlap * other[i];
      }
}

void add_radial_spectrum_norm_gradient(DensityView density, double factor, DensityTarget density_gradient) {
  for (int i = 0; i < width_of(density.shape); ++i)
    density_gradient.values[i] += 2 * factor * density.values[i];
}

} // namespace soapstone::soap
