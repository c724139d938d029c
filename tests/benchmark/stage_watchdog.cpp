// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/watchdog/watchdog.hpp"
#include "stages.hpp"

namespace soapstone::benchmark {

namespace {

/// Seconds of one sum of a number over all ranks, the smallest collective there is.
double sum_seconds(const parallel::Communicator& comm, std::int64_t count) {
  return best_seconds(comm, 3,
                      [&] {
                        for (std::int64_t i = 0; i < count; ++i)
                          parallel::all_reduce(comm, 1.0);
                      }) /
         static_cast<double>(count);
}

} // namespace

void bench_watchdog(const Settings& settings, Sheet& sheet) {
  const auto& comm = sheet.comm();
  const auto count = settings.pick(100, 2000, 10000);
  const double alone = sum_seconds(comm, count);
  const watchdog::Watchdog watchdog(comm, 3600);
  const double watched = sum_seconds(comm, count);
  sheet.add({"sum over ranks", "one number", alone, alone * 1e6, "us"});
  sheet.add({"sum over ranks under the watchdog", "one number", watched, watched * 1e6, "us"});
}

} // namespace soapstone::benchmark
