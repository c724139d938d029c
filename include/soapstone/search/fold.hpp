// SPDX-License-Identifier: BSD-3-Clause
#pragma once

namespace soapstone::search {

/// A range from least to most; infinite where there is no limit.
struct Range {
  double least = 0, most = 0;
};

/// A value in a range, and its derivative in the variable.
struct Folded {
  double value = 0, slope = 1;
};

/// At less than this from a limit a variable is bent.
inline constexpr double fold_width = 0.05;

/// Value in the range of a variable x without limits, for optimisers that know none: x itself at more than w
/// = fold_width inside, and mirrored as far beyond. In between, with x from most - w to most + 3 w (and
/// likewise at `least`), the parabola y = most - (x - most - w)^2 / (4 w), which continues both with their
/// slopes. A function that decreases towards the limit has a smooth minimum at its top, where an optimiser
/// ends soon; none gets stuck beyond. After the sine that MINUIT puts on the whole range (F. James, M. Roos,
/// Computer Physics Communications 10, 343 (1975)), but nothing changes far from the limits. The range is
/// wider than 2 w; x is beyond it by less than its width.
Folded fold(double x, const Range& range);

/// x with this value between the tops of both parabolas. A limit itself is moved inside by 1e-4 w, since an
/// optimiser does not leave a top, where the slope vanishes.
double unfold(double value, const Range& range);

} // namespace soapstone::search
