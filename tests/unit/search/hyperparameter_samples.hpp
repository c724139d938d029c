// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/kernel/kernel_spec.hpp"
#include "soapstone/search/hyperparameters.hpp"

#include <functional>
#include <memory>
#include <set>

namespace soapstone::search {

using P = Hyperparameter;

inline const std::set<P> everything{P::coupling,       P::scale, P::exponent,      P::rate,
                                    P::central_weight, P::width, P::regularization};

enum class Normalization { after, before, off };

/// Returns a small kernel of H, C and O.
inline kernel::KernelSpec spec_of(int zeta, int body_order, Normalization normalization,
                                  bool coupled = true) {
  kernel::KernelSpec spec;
  spec.zeta = zeta;
  spec.soap.n_max = 4;
  spec.soap.l_max = 3;
  spec.soap.cutoff = 3.5;
  spec.soap.gaussian_width = 0.4;
  spec.soap.central_weight = 0.8;
  spec.soap.body_order = body_order;
  spec.soap.normalize = normalization != Normalization::off;
  spec.soap.scaling = {1.9, 4.5, 1.3};
  spec.elements = {1, 6, 8};
  if (coupled)
    spec.coupling = std::make_shared<const soap::SpeciesCoupling>(soap::SpeciesCoupling{
        spec.elements, {0.9, 0.4, -0.3, 0.0, 0.8, 0.6}, normalization == Normalization::before});
  return spec;
}

/// Returns the derivative at 0 by central differences of sixth order. Its rounding error is that of f over
/// `step`.
inline double difference_of(const std::function<double(double)>& f, double step) {
  const auto across = [&](int k) { return f(k * step) - f(-k * step); };
  return (45 * across(1) - 9 * across(2) + across(3)) / (60 * step);
}

} // namespace soapstone::search
