// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/session.hpp"

#include "soapstone/app/about.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/linalg/blas_runtime.hpp"

namespace soapstone::app {

namespace {

std::string describe(const Machine& machine, int threads) {
  const auto blas = linalg::blas_info();
  return format(
      "%d rank%s, grid %s, %d BLAS thread%s each; %s%s%s, DGEMM %.0f GFLOP/s per rank; %s free per rank",
      machine.ranks, machine.ranks == 1 ? "" : "s", to_string(machine.grid).c_str(), threads,
      threads == 1 ? "" : "s", blas.library.c_str(), blas.core.empty() ? "" : " ", blas.core.c_str(),
      machine.dgemm_gflops, format_bytes(static_cast<double>(machine.memory_per_rank)).c_str());
}

} // namespace

Session::Session(const parallel::Communicator& comm, const Configuration& configuration, Console& console)
    : configuration_(configuration), console_(console), stages_(comm, console),
      grid_(comm, wanted_grid(configuration.parallel, comm.size())) {
  const auto& wanted = configuration.parallel;
  linalg::set_blas_threads(wanted.blas_threads);
  machine_ = measure_machine(comm, grid_.shape(), wanted.memory_gib);
  machine_.wanted_block = wanted.block_size;
  console_.line(format("soapstone %s  %s", version_number().c_str(),
                       std::string(name_of(configuration.command)).c_str()));
  console_.line(describe(machine_, wanted.blas_threads));
  for (const auto& warning : machine_warnings(machine_, wanted.blas_threads))
    console_.warn(warning);
}

} // namespace soapstone::app
