// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/regression/folds.hpp"

#include "soapstone/base/error.hpp"
#include "soapstone/base/random.hpp"
#include "soapstone/base/text.hpp"

namespace soapstone::regression {

namespace {
constexpr std::uint64_t fold_stream = 0x666f6c6473; // apart from those of the splits: their numbers are small
} // namespace

Folds draw_folds(std::int64_t n, std::int64_t k, std::uint64_t seed) {
  if (k < 2 || k > n)
    throw ConfigError(format("%lld structures cannot be divided into %lld folds: `folds` must be at "
                             "least 2 and at most the number of structures",
                             static_cast<long long>(n), static_cast<long long>(k)),
                      "folds");
  Folds folds;
  folds.order = random_permutation(n, seed, fold_stream);
  for (std::int64_t fold = 0; fold < k; ++fold)
    folds.offsets.push_back(folds.offsets.back() + n / k + (fold < n % k ? 1 : 0));
  return folds;
}

} // namespace soapstone::regression
