// SPDX-License-Identifier: BSD-3-Clause
// The stages of a run, each adding its rows to the sheet. All are collective over the grid.
#pragma once

#include "sheet.hpp"

namespace soapstone::benchmark {

void bench_features(const Settings& settings, Sheet& sheet);
void bench_kernel(const Settings& settings, const linalg::ProcessGrid& grid, Sheet& sheet);
void bench_cholesky(const Settings& settings, const linalg::ProcessGrid& grid, Sheet& sheet);
void bench_prediction(const Settings& settings, const linalg::ProcessGrid& grid, Sheet& sheet);
void bench_primal(const Settings& settings, const linalg::ProcessGrid& grid, Sheet& sheet);
void bench_gradient(const Settings& settings, const linalg::ProcessGrid& grid, Sheet& sheet);
void bench_watchdog(const Settings& settings, Sheet& sheet);
void bench_files(const Settings& settings, const linalg::ProcessGrid& grid, Sheet& sheet);

} // namespace soapstone::benchmark
