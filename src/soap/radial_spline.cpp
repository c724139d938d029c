// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/soap/radial_spline.hpp"

#include "soapstone/base/check.hpp"
#include "soapstone/base/maximum.hpp"
#include "soapstone/base/simd.hpp"
#include "soapstone/soap/radial_integrals.hpp"

#include <algorithm>
#include <cmath>

namespace soapstone::soap {
namespace {

constexpr int widest_vector = 8;
constexpr int first_knots_per_width = 10; // in sigma, before the error is looked at
constexpr int largest_table = 200'000;    // intervals

int round_up(int value, int multiple) {
  return (value + multiple - 1) / multiple * multiple;
}

} // namespace

RadialSpline::RadialSpline(const SoapParameters& parameters, double tolerance)
    : RadialSpline(parameters, tolerance, &RadialIntegrals::with_derivatives) {}

RadialSpline RadialSpline::of_width_derivative(const SoapParameters& parameters, double tolerance) {
  return {parameters, tolerance, &RadialIntegrals::width_derivatives};
}

RadialSpline::RadialSpline(const SoapParameters& parameters, double tolerance, Exact exact)
    : n_max_(parameters.n_max), l_max_(parameters.density_l_max()),
      stride_(round_up(l_max_ * n_max_ + round_up(n_max_, widest_vector), widest_vector)) {
  const RadialIntegrals integrals(parameters);
  const double cutoff = parameters.cutoff;
  int intervals =
      std::max(16, static_cast<int>(std::ceil(first_knots_per_width * cutoff / parameters.gaussian_width)));
  for (;;) {
    tabulate(integrals, exact, cutoff, intervals);
    const double error = largest_error(integrals, exact);
    if (error <= tolerance)
      return;
    expects(std::isfinite(error) && intervals < largest_table, "the radial spline converges");
    // The error of a quintic falls with the sixth power of the step; a little more than that, so that one
    // step is enough.
    const double factor = std::min(4.0, 1.05 * std::pow(error / tolerance, 1.0 / 6));
    intervals = static_cast<int>(std::ceil(intervals * std::max(factor, 1.05)));
  }
}

void RadialSpline::tabulate(const RadialIntegrals& integrals, Exact exact, double cutoff, int intervals) {
  intervals_ = intervals;
  step_ = cutoff / intervals;
  const auto width = static_cast<std::size_t>(integrals.width());
  const auto stride = static_cast<std::size_t>(stride_);
  table_.assign(3 * stride * static_cast<std::size_t>(intervals + 1), 0.0);
  for (int knot = 0; knot <= intervals; ++knot) {
    const std::vector<double> values = (integrals.*exact)(knot * step_);
    double scale = 1;
    for (std::size_t order = 0; order < 3; ++order, scale *= step_)
      for (std::size_t i = 0; i < width; ++i)
        table_[(3 * static_cast<std::size_t>(knot) + order) * stride + i] = scale * values[order * width + i];
  }
}

// At the middle of intervals, where the error of an interpolant of this kind is largest, relative to the
// largest value met.
double RadialSpline::largest_error(const RadialIntegrals& integrals, Exact exact) const {
  const int skip = std::max(1, intervals_ / 100);
  std::vector<double> values(static_cast<std::size_t>(stride_));
  double error = 0;
  double largest = 0;
  for (int interval = 0; interval < intervals_; interval += skip) {
    const double r = (interval + 0.5) * step_;
    const std::vector<double> truth = (integrals.*exact)(r);
    evaluate(r, values);
    for (std::size_t i = 0; i < static_cast<std::size_t>(integrals.width()); ++i) {
      error = max_or_nan(error, std::abs(values[i] - truth[i]));
      largest = max_or_nan(largest, std::abs(truth[i]));
    }
  }
  return error / largest;
}

// Quintic Hermite interpolation: the basis polynomials that match value, slope and curvature at both ends of
// [0, 1].
void RadialSpline::evaluate(double r, std::span<double> values) const {
  const double place = r / step_;
  const int interval = std::clamp(static_cast<int>(place), 0, intervals_ - 1);
  const double t = place - interval;
  const double s = 1 - t;
  const double t3 = t * t * t, s3 = s * s * s;
  const double left0 = s3 * (1 + t * (3 + 6 * t)), left1 = s3 * t * (1 + 3 * t), left2 = 0.5 * s3 * t * t;
  const double right0 = t3 * (1 + s * (3 + 6 * s)), right1 = -t3 * s * (1 + 3 * s), right2 = 0.5 * t3 * s * s;
  const std::ptrdiff_t stride = stride_;
  const double* data = table_.data() + 3 * stride * interval;
  for (std::ptrdiff_t i = 0; i < stride; i += simd::lanes) {
    const double* from = data + i;
    simd::store(values.data() + i,
                left0 * simd::load(from) + left1 * simd::load(from + stride) +
                    left2 * simd::load(from + 2 * stride) + right0 * simd::load(from + 3 * stride) +
                    right1 * simd::load(from + 4 * stride) + right2 * simd::load(from + 5 * stride));
  }
}

} // namespace soapstone::soap
