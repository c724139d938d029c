// SPDX-License-Identifier: BSD-3-Clause
#include "sheet.hpp"

#include "soapstone/base/text.hpp"
#include "soapstone/linalg/blas_runtime.hpp"

namespace soapstone::benchmark {

namespace {

constexpr int dgemm_order = 1024;

std::string number(double value, const char* pattern) {
  return value == 0 ? std::string() : format(pattern, value);
}

} // namespace

void Sheet::add_dgemm(const std::string& name, double seconds) {
  comm_->barrier();
  const double mine = linalg::measure_dgemm_gflops(dgemm_order, seconds);
  const double all = parallel::all_reduce(*comm_, mine);
  limit_ = std::max(limit_, all);
  constexpr double n = dgemm_order;
  const double rate = all / comm_->size();
  add({name, format("n=%d", dgemm_order), 2e-9 * n * n * n / rate, rate, "GFLOP/s per rank", all});
}

void Sheet::write(std::ostream& out) const {
  out << "name,ranks,size,seconds,rate,unit,gflops,fraction_of_dgemm\n";
  for (const auto& row : rows_)
    out << row.name << ',' << comm_->size() << ',' << row.size << ',' << number(row.seconds, "%.4g") << ','
        << number(row.rate, "%.5g") << ',' << row.unit << ',' << number(row.gflops, "%.2f") << ','
        << number(limit_ > 0 ? row.gflops / limit_ : 0.0, "%.3f") << '\n';
}

} // namespace soapstone::benchmark
