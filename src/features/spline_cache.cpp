// SPDX-License-Identifier: BSD-3-Clause
#include "spline_cache.hpp"

#include <list>
#include <mutex>
#include <utility>

namespace soapstone::features {
namespace {

using Entry = std::pair<soap::SoapParameters, std::shared_ptr<const soap::RadialSpline>>;

// Enough for the kernels of a multiple-kernel model; a table takes some MiB.
constexpr std::size_t most_tables = 8;

} // namespace

std::shared_ptr<const soap::RadialSpline> shared_spline(const soap::SoapParameters& parameters) {
  static std::mutex mutex;
  static std::list<Entry> tables; // last used first
  const std::lock_guard lock(mutex);
  const auto key = soap::up_to(soap::Stage::integrals, parameters);
  for (auto entry = tables.begin(); entry != tables.end(); ++entry)
    if (entry->first == key) {
      tables.splice(tables.begin(), tables, entry);
      return entry->second;
    }
  auto made = std::make_shared<const soap::RadialSpline>(key);
  tables.emplace_front(key, made);
  if (tables.size() > most_tables)
    tables.pop_back();
  return made;
}

} // namespace soapstone::features
