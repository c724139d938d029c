// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/regression/kernel_scale.hpp"

#include "soapstone/base/error.hpp"
#include "soapstone/base/text.hpp"

#include <limits>

namespace soapstone::regression {

double require_scale(double mean_diagonal) {
  if (mean_diagonal < std::numeric_limits<double>::min())
    throw NumericalError(
        format("the kernel matrix is %s: its mean diagonal is %.3g. Either no atom has any features (with "
               "`central_weight` = 0, atoms without a neighbour within `cutoff` have none), or the "
               "features are so small that their products to the power of `zeta` vanish (which cannot "
               "happen with `normalize` = true)",
               mean_diagonal == 0 ? "zero" : "zero to within underflow", mean_diagonal));
  return mean_diagonal;
}

} // namespace soapstone::regression
