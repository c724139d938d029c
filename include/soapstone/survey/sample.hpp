// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

namespace soapstone::survey {

/// The smallest number, the median and the largest number of some; NaN where there are none.
struct Range {
  std::int64_t count = 0;
  double low = std::numeric_limits<double>::quiet_NaN();
  double median = std::numeric_limits<double>::quiet_NaN();
  double high = std::numeric_limits<double>::quiet_NaN();
};

/// Keeps, of any number of values, the smallest, the largest and some that are evenly spread over their
/// order. The median of these is exact for up to 8 192 values, and beyond that within about a percent of the
/// ranks. This takes no random numbers and little memory. Values that are not finite are left out.
class Sample {
public:
  void add(double value);
  Range range() const;

private:
  std::vector<double> kept_; ///< every stride_-th value
  std::int64_t count_ = 0, stride_ = 1;
  double low_ = std::numeric_limits<double>::infinity(), high_ = -std::numeric_limits<double>::infinity();
};

/// Returns the median of the values: the mean of the two in the middle for an even number, NaN if there are
/// none.
double median(std::vector<double> values);

/// Returns 1.4826 times the median of |x - center|. This is the standard deviation of normally distributed
/// values, and a few outliers hardly change it.
double robust_deviation(const std::vector<double>& values, double center);

/// The counts of values in intervals of equal width from `low` to `high`. Values beyond are counted in the
/// first and the last interval.
struct Histogram {
  double low = 0, high = 1;
  std::vector<std::int64_t> counts;
};

/// Counts values, none of which is NaN. A range without width is widened.
Histogram histogram(const std::vector<double>& values, double low, double high, std::size_t bins);

} // namespace soapstone::survey
