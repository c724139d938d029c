// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/workflow/survey_stage.hpp"

#include "soapstone/options/parameter_keys.hpp"
#include "soapstone/parallel/agree.hpp"
#include "soapstone/parallel/collectives.hpp"
#include "soapstone/structure/cell.hpp"
#include "soapstone/workflow/load_data.hpp"

#include <algorithm>
#include <cstring>
#include <optional>

namespace soapstone::workflow {

using structure::Structure;
using structure::Vec3;

namespace {

// A batch ends when it has so many frames or atoms.
constexpr std::size_t most_frames = 4096, most_atoms = 200000;

/// A batch of structures that are measured together, and the forces of those that have some, three numbers
/// per atom.
struct Batch {
  std::vector<Structure> structures;
  std::vector<std::uint8_t> has_forces;
  std::vector<double> forces;
};

/// Reads batch after batch on rank 0.
class BatchReader {
public:
  BatchReader(const formats::DataSource& source, const std::string& target, Reading& reading)
      : source_(source), reading_(reading), collector_(reading.collection, target) {
    reading.collection.paths = source.paths;
  }

  Batch next(const Progress& progress) {
    Batch batch;
    std::size_t atoms = 0;
    while (batch.structures.size() < most_frames && atoms < most_atoms && next_frame()) {
      collector_.add(frame_, static_cast<std::int32_t>(path_));
      const auto forces = collector_.forces_of(frame_);
      batch.has_forces.push_back(forces.empty() ? 0 : 1);
      for (const Vec3& force : forces)
        batch.forces.insert(batch.forces.end(), force.begin(), force.end());
      atoms += frame_.structure.size();
      batch.structures.push_back(std::move(frame_.structure));
    }
    const double done = static_cast<double>(path_) + (reader_ ? reader_->done() : 0);
    progress(std::min(1.0, done / static_cast<double>(source_.paths.size())));
    return batch;
  }

private:
  bool next_frame() {
    try {
      for (; reading_.stopped.empty() && path_ < source_.paths.size(); ++path_, reader_.reset()) {
        if (!reader_)
          reader_ = formats::open_frames(source_.paths[path_], source_.format);
        if (reader_->next(frame_))
          return true;
      }
    } catch (const Error& error) { // The check reports the frames before the error.
      if (reading_.collection.records.empty() || error.code() == ExitCode::internal)
        throw;
      reading_.stopped = options::with_keys(error.what());
      reading_.code = error.code();
    }
    return false;
  }

  const formats::DataSource& source_;
  Reading& reading_;
  survey::Collector collector_;
  std::size_t path_ = 0;
  std::unique_ptr<formats::FrameReader> reader_;
  formats::Frame frame_;
};

/// Returns the first structure of each rank's share and the end of the last share. The shares have about
/// equal numbers of atoms.
std::vector<std::size_t> shares(const std::vector<Structure>& structures, int ranks) {
  std::vector<std::size_t> atoms{0};
  for (const auto& structure : structures)
    atoms.push_back(atoms.back() + structure.size());
  std::vector<std::size_t> starts;
  for (int rank = 0; rank <= ranks; ++rank) {
    const auto goal = atoms.back() * static_cast<std::size_t>(rank) / static_cast<std::size_t>(ranks);
    starts.push_back(
        static_cast<std::size_t>(std::lower_bound(atoms.begin(), atoms.end(), goal) - atoms.begin()));
  }
  return starts;
}

std::vector<survey::Measures> measure_share(const Batch& batch, std::size_t begin, std::size_t end) {
  std::vector<survey::Measures> measured;
  std::size_t at = 0;
  std::vector<Vec3> forces;
  for (std::size_t s = 0; s < end; ++s) {
    const auto& structure = batch.structures[s];
    const std::size_t numbers = batch.has_forces[s] != 0 ? 3 * structure.size() : 0;
    if (s >= begin) {
      forces.resize(numbers / 3);
      for (std::size_t i = 0; i < numbers; ++i)
        forces[i / 3][i % 3] = batch.forces[at + i];
      measured.push_back(survey::measure(structure, forces));
    }
    at += numbers;
  }
  return measured;
}

/// Collective. Returns the measures of all ranks in the order of the ranks.
std::vector<survey::Measures> gather(const parallel::Communicator& comm,
                                     const std::vector<survey::Measures>& mine) {
  static_assert(std::is_trivially_copyable_v<survey::Measures> && sizeof(survey::Measures) % 8 == 0);
  constexpr std::size_t words = sizeof(survey::Measures) / 8;
  std::vector<std::uint64_t> message(words * mine.size());
  if (!mine.empty())
    std::memcpy(message.data(), mine.data(), mine.size() * sizeof(survey::Measures));
  const auto whole = parallel::all_gather(comm, message);
  std::vector<survey::Measures> all(whole.size() / words);
  if (!all.empty())
    std::memcpy(static_cast<void*>(all.data()), whole.data(), all.size() * sizeof(survey::Measures));
  return all;
}

void share(const parallel::Communicator& comm, Batch& batch) {
  if (comm.size() == 1)
    return;
  share_structures(comm, batch.structures);
  parallel::broadcast(comm, batch.has_forces);
  parallel::broadcast(comm, batch.forces);
}

} // namespace

Reading read_for_survey(Stages& stages, const formats::DataSource& source, const std::string& target) {
  const auto& comm = stages.comm();
  Reading reading;
  stages.run("read and measure", [&](const Progress& progress) {
    std::optional<BatchReader> reader;
    if (comm.rank() == 0)
      reader.emplace(source, target, reading);
    for (std::size_t measured = 0;;) {
      auto batch = parallel::agree(comm, [&] { return reader ? reader->next(progress) : Batch{}; });
      share(comm, batch);
      if (batch.structures.empty())
        break;
      const auto starts = shares(batch.structures, comm.size());
      const auto rank = static_cast<std::size_t>(comm.rank());
      const auto mine =
          parallel::agree(comm, [&] { return measure_share(batch, starts[rank], starts[rank + 1]); });
      for (const auto& measures : gather(comm, mine))
        if (comm.rank() == 0)
          reading.collection.records[measured++].measures = measures;
    }
  });
  stages.did(static_cast<double>(reading.collection.records.size()), "frames");
  auto code = static_cast<std::int32_t>(reading.code);
  parallel::broadcast(comm, code);
  reading.code = static_cast<ExitCode>(code);
  return reading;
}

} // namespace soapstone::workflow
