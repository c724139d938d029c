// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/survey/sample.hpp"

#include <algorithm>
#include <cmath>

namespace soapstone::survey {

namespace {

constexpr std::size_t most_kept = 8192;

} // namespace

void Sample::add(double value) {
  if (!std::isfinite(value))
    return;
  low_ = std::min(low_, value);
  high_ = std::max(high_, value);
  if (count_++ % stride_ != 0)
    return;
  if (kept_.size() == most_kept) { // from now on keeps every second of those values
    for (std::size_t i = 0; i < most_kept / 2; ++i)
      kept_[i] = kept_[2 * i];
    kept_.resize(most_kept / 2);
    stride_ *= 2;
  }
  kept_.push_back(value);
}

Range Sample::range() const {
  if (count_ == 0)
    return {};
  return {count_, low_, median(kept_), high_};
}

double median(std::vector<double> values) {
  if (values.empty())
    return std::numeric_limits<double>::quiet_NaN();
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1)
    return *middle;
  return 0.5 * (*middle + *std::max_element(values.begin(), middle));
}

double robust_deviation(const std::vector<double>& values, double center) {
  std::vector<double> distances;
  distances.reserve(values.size());
  for (const double value : values)
    distances.push_back(std::abs(value - center));
  return 1.4826 * median(std::move(distances));
}

Histogram histogram(const std::vector<double>& values, double low, double high, std::size_t bins) {
  if (!(high > low)) {
    const double half = std::max(1e-6, 1e-6 * std::abs(low));
    low -= half;
    high += half;
  }
  Histogram counted{low, high, std::vector<std::int64_t>(bins, 0)};
  const double scale = static_cast<double>(bins) / (high - low);
  for (const double value : values) {
    const double place = std::clamp((value - low) * scale, 0.0, static_cast<double>(bins - 1));
    ++counted.counts[static_cast<std::size_t>(place)];
  }
  return counted;
}

} // namespace soapstone::survey
