// SPDX-License-Identifier: BSD-3-Clause
#include "spline_cache.hpp"

#include <list>
#include <mutex>
#include <tuple>
#include <utility>

namespace soapstone::soap {
namespace {

using Key = std::tuple<int, int, double, double>;
using Entry = std::pair<Key, std::shared_ptr<const RadialSpline>>;

// Enough for the kernels of a multiple-kernel model; a table takes some MiB.
constexpr std::size_t most_tables = 8;

} // namespace

std::shared_ptr<const RadialSpline> shared_spline(int n_max, int l_max, double cutoff,
                                                  double gaussian_width) {
  static std::mutex mutex;
  static std::list<Entry> tables; // last used first
  const std::lock_guard lock(mutex);
  const Key key{n_max, l_max, cutoff, gaussian_width};
  for (auto entry = tables.begin(); entry != tables.end(); ++entry)
    if (entry->first == key) {
      tables.splice(tables.begin(), tables, entry);
      return entry->second;
    }
  auto made = std::make_shared<const RadialSpline>(n_max, l_max, cutoff, gaussian_width);
  tables.emplace_front(key, made);
  if (tables.size() > most_tables)
    tables.pop_back();
  return made;
}

} // namespace soapstone::soap
