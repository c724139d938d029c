// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

namespace soapstone::survey {

/// Smallest, middle and largest of some numbers; NaN where there are none.
struct Range {
  std::int64_t count = 0;
  double low = std::numeric_limits<double>::quiet_NaN();
  double median = std::numeric_limits<double>::quiet_NaN();
  double high = std::numeric_limits<double>::quiet_NaN();
};

/// Of any number of values, the smallest, the largest and some evenly spread over their order, from which the
/// median is taken: exactly up to 8 192 values, within about a percent of the ranks beyond. Takes no random
/// numbers and little memory. Values that are not finite are left out.
class Sample {
public:
  void add(double value);
  Range range() const;

private:
  std::vector<double> kept_; ///< every stride_-th value
  std::int64_t count_ = 0, stride_ = 1;
  double low_ = std::numeric_limits<double>::infinity(), high_ = -std::numeric_limits<double>::infinity();
};

/// The middle of the values, of an even number the mean of the two; NaN of none.
double median(std::vector<double> values);

/// 1.4826 times the median of |x - center|: the standard deviation of normally distributed values, whatever a
/// few others are.
double robust_deviation(const std::vector<double>& values, double center);

/// Counts of values in `bins` intervals of equal width from `low` to `high`; those beyond are in the first
/// and last.
struct Histogram {
  double low = 0, high = 1;
  std::vector<std::int64_t> counts;
};

/// Of values without NaN; one that has no width is widened.
Histogram histogram(const std::vector<double>& values, double low, double high, std::size_t bins);

} // namespace soapstone::survey
