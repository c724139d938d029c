// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <limits>

namespace soapstone::regression {

/// Holds what an error e (eV/atom) adds to a loss: e²/2, or with a finite `width` w the pseudo-Huber loss
/// w² (√(1 + (e/w)²) - 1), which beyond w grows in proportion to |e| (Charbonnier et al., IEEE Trans. Image
/// Process. 6, 298 (1997)): a few outliers then do not decide.
struct ErrorLoss {
  double width = std::numeric_limits<double>::infinity(); ///< eV/atom, > 0

  double value(double e) const {
    if (std::isinf(width))
      return e * e / 2;
    return e * e / (1 + std::hypot(1.0, e / width)); // the same without cancellation
  }
  double slope(double e) const { return std::isinf(width) ? e : e / std::hypot(1.0, e / width); }
};

} // namespace soapstone::regression
