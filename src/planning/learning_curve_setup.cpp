// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/planning/learning_curve_setup.hpp"

#include "soapstone/base/text.hpp"
#include "soapstone/regression/split.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace soapstone::planning {

std::vector<std::int64_t> default_sizes(std::int64_t largest) {
  std::vector<std::int64_t> sizes;
  double size = static_cast<double>(largest);
  for (int i = 0; i < 6 && std::llround(size) >= 1; ++i, size /= 2)
    if (sizes.empty() || std::llround(size) < sizes.back())
      sizes.push_back(std::llround(size));
  std::reverse(sizes.begin(), sizes.end());
  return sizes;
}

std::vector<std::int64_t> curve_sizes(const options::Configuration& configuration, std::size_t structures) {
  const auto& options = configuration.data;
  const auto split = regression::draw_split(static_cast<std::int64_t>(structures), options.train,
                                            options.test, options.seed);
  const auto available = static_cast<std::int64_t>(split.train.size());
  const auto& wanted = configuration.curve.sizes;
  if (wanted.empty())
    return default_sizes(available);
  if (wanted.back() > available)
    throw ConfigError(format("`sizes` goes up to %lld, but there are only %lld training structures",
                             static_cast<long long>(wanted.back()), static_cast<long long>(available)),
                      "sizes");
  return wanted;
}

TrainingProblem curve_problem(const options::Configuration& configuration,
                              std::vector<kernel::KernelSpec> kernels,
                              std::span<const structure::Structure> train,
                              std::span<const structure::Structure> test, std::size_t sizes) {
  TrainingProblem problem(configuration, std::move(kernels), train, test);
  problem.columns = problem.targets * static_cast<std::int64_t>(sizes);
  problem.makes_compact = false;
  return problem;
}

} // namespace soapstone::planning
