// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/soap/parameters.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace soapstone::soap {

class RadialIntegrals;

/// Table of the radial integrals I_nl(r) on [0, cutoff] as a quintic Hermite spline with exact derivatives at
/// its knots, hence twice continuously differentiable. All (l, n) for one r are one contiguous sweep over the
/// data of two neighbouring knots.
class RadialSpline {
public:
  /// Makes as many knots as it takes for an error of at most `tolerance` relative to the largest value
  /// (checked between the knots).
  explicit RadialSpline(const SoapParameters& parameters, double tolerance = 1e-11);

  /// A table of dI_nl/dsigma instead, to the same tolerance.
  static RadialSpline of_width_derivative(const SoapParameters& parameters, double tolerance = 1e-11);

  int n_max() const { return n_max_; }
  int l_max() const { return l_max_; }

  /// Numbers that evaluate() writes: (l_max + 1) x n_max, rounded up so that whole vectors of 8 starting at
  /// any l stay inside.
  int stride() const { return stride_; }

  /// I_nl(r) at values[l * n_max + n] for 0 <= r <= cutoff (Å); the entries past (l_max + 1) * n_max become
  /// zero.
  void evaluate(double r, std::span<double> values) const;

  /// Memory of the table.
  std::size_t bytes() const { return table_.size() * sizeof(double); }

private:
  /// Values, slopes and curvatures at r.
  using Exact = std::vector<double> (RadialIntegrals::*)(double r) const;
  RadialSpline(const SoapParameters& parameters, double tolerance, Exact exact);
  void tabulate(const RadialIntegrals& integrals, Exact exact, double cutoff, int intervals);
  double largest_error(const RadialIntegrals& integrals, Exact exact) const;

  int n_max_;
  int l_max_;
  int stride_;
  int intervals_ = 0;
  double step_ = 0;
  std::vector<double> table_; ///< knots x (value, step * first, step² * second derivative) x stride
};

} // namespace soapstone::soap
