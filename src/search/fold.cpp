// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/search/fold.hpp"

#include <algorithm>
#include <cmath>

namespace soapstone::search {

namespace {

constexpr double w = fold_width;

Folded fold_below(double x, double most) {
  const double bent = x - (most - w);
  if (!(bent > 0))
    return {x, 1};
  if (bent > 4 * w)
    return {2 * (most + w) - x, -1};
  const double from_top = bent - 2 * w;
  return {most - from_top * from_top / (4 * w), -from_top / (2 * w)};
}

double unfold_below(double value, double most) {
  if (!(value > most - w))
    return value;
  return most + w - 2 * std::sqrt(w * std::max(most - value, 1e-4 * w));
}

} // namespace

Folded fold(double x, const Range& range) {
  const auto below = fold_below(x, range.most);
  const auto above = fold_below(-below.value, -range.least);
  return {-above.value, above.slope * below.slope};
}

double unfold(double value, const Range& range) {
  return -unfold_below(-unfold_below(value, range.most), -range.least);
}

} // namespace soapstone::search
