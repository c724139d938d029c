// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/iteration_file.hpp"

#include "soapstone/h5/file.hpp"
#include "soapstone/parallel/agree.hpp"
#include "soapstone/parallel/collectives.hpp"

namespace soapstone::app {

namespace {

using Vector = std::vector<double>;

constexpr std::size_t record_numbers = 3; // iteration, residual, change of the predictions

/// HDF5 has no empty chunked data sets: what is empty is left out.
void write_vector(h5::Writer& file, const std::string& name, const Vector& values) {
  if (!values.empty())
    file.write(name, values);
}

Vector read_vector(const h5::Reader& file, const std::string& name) {
  return file.exists(name) ? file.read_doubles(name) : Vector{};
}

Vector flatten(const std::vector<regression::IterationRecord>& history) {
  Vector flat;
  for (const auto& record : history)
    flat.insert(flat.end(),
                {static_cast<double>(record.iteration), record.residual, record.prediction_change});
  return flat;
}

std::vector<regression::IterationRecord> history_of(const Vector& flat) {
  std::vector<regression::IterationRecord> history;
  for (std::size_t i = 0; i + record_numbers <= flat.size(); i += record_numbers)
    history.push_back({static_cast<int>(flat[i]), flat[i + 1], flat[i + 2]});
  return history;
}

} // namespace

void write_iteration(const std::string& path, const std::string& identity,
                     const IterationProgress& progress) {
  h5::Writer file(path);
  file.attribute("/", "format", training_checkpoint_format);
  file.attribute("/", "kind", "iteration");
  file.attribute("/", "identity", identity);
  file.write("/target", progress.target);
  write_vector(file, "/solved/coefficients", progress.coefficients);
  write_vector(file, "/solved/fitted", progress.fitted);
  file.write("/solved/details", progress.details);
  file.write("/state/x", progress.state.x);
  file.write("/state/fitted", progress.state.fitted);
  file.write("/state/residual", progress.state.r);
  file.write("/state/direction", progress.state.p);
  file.write("/state/rz", progress.state.rz);
  file.write("/state/history", flatten(progress.state.history),
             {progress.state.history.size(), record_numbers});
  file.commit();
}

IterationProgress read_iteration(const parallel::Communicator& comm, const std::string& path) {
  IterationProgress progress;
  auto& state = progress.state;
  Vector history;
  parallel::agree(comm, [&] {
    if (comm.rank() != 0)
      return;
    const h5::Reader file(path);
    progress.target = file.read_integer("/target");
    progress.coefficients = read_vector(file, "/solved/coefficients");
    progress.fitted = read_vector(file, "/solved/fitted");
    progress.details = file.read_string("/solved/details");
    state.x = file.read_doubles("/state/x");
    state.fitted = file.read_doubles("/state/fitted");
    state.r = file.read_doubles("/state/residual");
    state.p = file.read_doubles("/state/direction");
    state.rz = file.read_double("/state/rz");
    history = file.read_doubles("/state/history");
  });
  parallel::broadcast(comm, progress.target);
  parallel::broadcast(comm, progress.details);
  parallel::broadcast(comm, state.rz);
  for (Vector* values :
       {&progress.coefficients, &progress.fitted, &state.x, &state.fitted, &state.r, &state.p, &history})
    parallel::broadcast(comm, *values);
  state.history = history_of(history);
  return progress;
}

} // namespace soapstone::app
