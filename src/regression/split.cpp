// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/regression/split.hpp"

#include "soapstone/base/error.hpp"
#include "soapstone/base/random.hpp"
#include "soapstone/base/text.hpp"

namespace soapstone::regression {

Split draw_split(std::int64_t size, std::optional<std::int64_t> train, std::int64_t test, std::uint64_t seed,
                 std::uint64_t repeat) {
  if (test < 0 || test > size)
    throw ConfigError(format("`test` = %lld, but the data set has %lld structures",
                             static_cast<long long>(test), static_cast<long long>(size)),
                      "test");
  const auto wanted = train.value_or(size - test);
  if (wanted < 0 || wanted > size - test)
    throw ConfigError(
        format("`train` = %lld, but the data set has %lld structures", static_cast<long long>(wanted),
               static_cast<long long>(size)) +
            (test == 0 ? "" : format(", of which `test` takes %lld", static_cast<long long>(test))),
        "train");
  const auto order = random_permutation(size, seed, repeat);
  const auto end_of_test = order.begin() + test;
  return {{end_of_test, end_of_test + wanted}, {order.begin(), end_of_test}};
}

} // namespace soapstone::regression
