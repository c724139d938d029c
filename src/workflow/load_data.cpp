// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/workflow/load_data.hpp"

#include "soapstone/parallel/agree.hpp"
#include "soapstone/parallel/collectives.hpp"
#include "soapstone/structure/flat_origins.hpp"
#include "soapstone/structure/flat_structures.hpp"
#include "soapstone/structure/neighbour_list.hpp"
#include "soapstone/workflow/unit_check.hpp"

#include <exception>

namespace soapstone::workflow {

using formats::DataSet;

void share_structures(const parallel::Communicator& comm, std::vector<structure::Structure>& structures) {
  structure::FlatStructures flat;
  if (comm.rank() == 0)
    flat = structure::flatten(structures);
  parallel::broadcast(comm, flat.offsets);
  parallel::broadcast(comm, flat.species);
  parallel::broadcast(comm, flat.positions);
  parallel::broadcast(comm, flat.cells);
  parallel::broadcast(comm, flat.periodic);
  if (comm.rank() != 0)
    structures = structure::unflatten(flat);
}

namespace {

void share_origins(const parallel::Communicator& comm, DataSet& data) {
  structure::FlatOrigins flat;
  if (comm.rank() == 0)
    flat = structure::flatten_origins(data.structures);
  parallel::broadcast(comm, flat.files);
  parallel::broadcast(comm, flat.places);
  structure::set_origins(data.structures, flat);
}

void share(const parallel::Communicator& comm, std::size_t targets, DataSet& data) {
  share_structures(comm, data.structures);
  share_origins(comm, data);
  data.targets.resize(targets);
  for (auto& values : data.targets)
    parallel::broadcast(comm, values);
}

/// Warns on rank 0 of contradictions in the data and of positions that seem to be in another unit.
void warn_of(const Stages& stages, const DataSet& data) {
  if (!data.contradiction.empty())
    stages.warn(data.contradiction);
  for (const auto& warning : data.warnings)
    stages.warn(warning);
  if (likely_fractional(data.structures))
    stages.warn("positions are read as Cartesian coordinates in Å, but look like fractions of the cell: "
                "multiply them by the cell vectors");
  else if (const auto unit = likely_length_unit(data.structures); !unit.empty())
    stages.warn("positions are read in Å, but the distances between atoms agree with those in " + unit +
                ": convert positions and cells to Å");
}

/// Refuses structures that have no environments worth the name (atoms that coincide, cells without volume)
/// before anything is computed. Every rank looks at its share; the first such structure is named.
void check_structures(const parallel::Communicator& comm, const DataSet& data) {
  constexpr double shortest = 0.1; // Å; closer pairs are found, whatever the cutoff of the features will be
  const auto step = static_cast<std::size_t>(comm.size());
  auto at = static_cast<std::size_t>(comm.rank());
  std::exception_ptr failure;
  try {
    for (; at < data.size(); at += step)
      structure::find_neighbours(data.structures[at], shortest);
  } catch (...) {
    failure = std::current_exception();
  }
  const auto mine = static_cast<std::int64_t>(failure ? at : data.size());
  const bool first = parallel::all_reduce(comm, mine, MPI_MIN) == mine;
  parallel::agree(comm, [&] {
    if (failure && first)
      std::rethrow_exception(failure);
  });
}

} // namespace

DataSet load_data(Stages& stages, const options::DataOptions& options, formats::Presence targets_are) {
  return load_data(stages, options.source, options.targets, targets_are);
}

DataSet load_data(Stages& stages, const formats::DataSource& source,
                  const std::vector<formats::TargetSpec>& specs, formats::Presence targets_are) {
  if (source.paths.empty())
    throw ConfigError("no structures given: set `structures`", "structures");
  auto data = stages.run("read", [&](const Progress& progress) {
    auto mine = parallel::agree(stages.comm(), [&] {
      return stages.root() ? formats::read_data_set(source, specs, targets_are, progress) : DataSet{};
    });
    share(stages.comm(), specs.size(), mine);
    check_structures(stages.comm(), mine);
    return mine;
  });
  stages.did(static_cast<double>(data.size()), "structures");
  if (stages.root())
    warn_of(stages, data);
  if (data.size() == 0)
    throw DataError("no structures in " + source.paths.front());
  return data;
}

} // namespace soapstone::workflow
