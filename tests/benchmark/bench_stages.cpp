// SPDX-License-Identifier: BSD-3-Clause
// Measures every stage of the program in one run, against the DGEMM rate of the same processes at the same
// time.
#include "soapstone/base/error.hpp"
#include "soapstone/linalg/blas_runtime.hpp"
#include "soapstone/parallel/agree.hpp"
#include "stages.hpp"

#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace soapstone::benchmark {
namespace {

constexpr const char* usage =
    "usage: bench_stages [--quick | --large | --smoke] [--only STAGE] [--data FILE] [--folder FOLDER] "
    "[--output FILE]\n"
    "  --quick   smaller sizes; --large: a kernel of 4416 molecules and a Cholesky of order 16 000 too; "
    "--smoke: does it run at all\n"
    "  --only    one of features, kernel, cholesky, prediction, primal, gradient, watchdog, files\n"
    "  --data    molecules (default: inputs/data/organics.xyz.xz of the source tree)\n"
    "  --folder  where the HDF5 file is written and removed (default: the system's temporary folder)\n"
    "  --output  CSV file (default: standard output)\n";

struct Command {
  Settings settings;
  std::string only; ///< name of a stage, or empty: all
};

Command parse(int argc, char** argv) {
  Command command;
  auto& settings = command.settings;
  settings = {Effort::normal, SOAPSTONE_BENCHMARK_DATA, std::filesystem::temp_directory_path(), ""};
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--quick")
      settings.effort = Effort::quick;
    else if (word == "--large")
      settings.effort = Effort::large;
    else if (word == "--smoke")
      settings.effort = Effort::smoke;
    else if (word == "--only" && i + 1 < argc)
      command.only = argv[++i];
    else if (word == "--data" && i + 1 < argc)
      settings.data = argv[++i];
    else if (word == "--folder" && i + 1 < argc)
      settings.folder = argv[++i];
    else if (word == "--output" && i + 1 < argc)
      settings.output = argv[++i];
    else
      throw ConfigError(usage);
  }
  return command;
}

void warn_of_blas(const parallel::Communicator& comm) {
  const auto info = linalg::blas_info();
  const auto cores = static_cast<int>(std::thread::hardware_concurrency());
  if (comm.rank() != 0)
    return;
  std::cerr << "BLAS: " << info.library << ' ' << info.core << '\n';
  for (const auto& warning : linalg::blas_warnings(info, comm.size(), 1, cores)) // all ranks on one node
    std::cerr << "warning: " << warning << '\n';
}

void measure(const Command& command, const linalg::ProcessGrid& grid, Sheet& sheet) {
  const auto& settings = command.settings;
  const std::vector<std::pair<std::string, std::function<void()>>> stages{
      {"features", [&] { bench_features(settings, sheet); }},
      {"kernel", [&] { bench_kernel(settings, grid, sheet); }},
      {"cholesky", [&] { bench_cholesky(settings, grid, sheet); }},
      {"prediction", [&] { bench_prediction(settings, grid, sheet); }},
      {"primal", [&] { bench_primal(settings, grid, sheet); }},
      {"gradient", [&] { bench_gradient(settings, grid, sheet); }},
      {"watchdog", [&] { bench_watchdog(settings, sheet); }},
      {"files", [&] { bench_files(settings, grid, sheet); }},
  };
  const double dgemm_seconds = settings.effort == Effort::smoke ? 0.05 : 0.5;
  bool found = command.only.empty();
  sheet.add_dgemm("dgemm first", dgemm_seconds);
  for (const auto& [name, bench] : stages)
    if (command.only.empty() || command.only == name) {
      bench();
      found = true;
    }
  if (!found)
    throw ConfigError(usage);
  sheet.add_dgemm("dgemm last", dgemm_seconds);
}

void write(const Settings& settings, const Sheet& sheet) {
  if (settings.output.empty()) {
    sheet.write(std::cout);
    return;
  }
  std::ofstream file(settings.output);
  sheet.write(file);
  file.close();
  if (!file)
    throw IoError("cannot write the table", settings.output);
}

int run(const parallel::Communicator& comm, int argc, char** argv) {
  const auto command = parse(argc, argv);
  linalg::set_blas_threads(1);
  warn_of_blas(comm);
  const linalg::ProcessGrid grid(comm, linalg::choose_grid(comm.size()));
  Sheet sheet(comm);
  measure(command, grid, sheet);
  if (comm.rank() == 0)
    write(command.settings, sheet);
  return 0;
}

} // namespace
} // namespace soapstone::benchmark

int main(int argc, char** argv) {
  using namespace soapstone;
  const parallel::MpiEnvironment mpi(argc, argv);
  const auto world = parallel::Communicator::world();
  return parallel::run_agreed(
      world, [&] { return benchmark::run(world, argc, argv); },
      [](const std::string& message) { std::cerr << message << '\n'; });
}
