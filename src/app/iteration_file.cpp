// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/iteration_file.hpp"

#include "soapstone/app/checkpoint_text.hpp"
#include "soapstone/h5/file.hpp"
#include "soapstone/parallel/agree.hpp"
#include "soapstone/parallel/collectives.hpp"

#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

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

void require(bool holds, const h5::Reader& file, const std::string& object, const char* what) {
  if (!holds)
    throw IoError(object + ": " + what, file.path());
}

/// Iterations are counted from one up.
bool is_history(const Vector& flat) {
  for (std::size_t i = 0; i < flat.size(); i += record_numbers)
    if (!(flat[i] >= 0 && flat[i] <= std::numeric_limits<int>::max()))
      return false;
  return flat.size() % record_numbers == 0;
}

void require_sound(const h5::Reader& file, const IterationProgress& progress, const Vector& history) {
  const auto& state = progress.state;
  const auto n = state.x.size(), solved = static_cast<std::size_t>(progress.target);
  require(progress.target >= 0, file, "/target", "is negative");
  for (const auto& [name, values] : {std::pair{"/state/fitted", &state.fitted},
                                     {"/state/residual", &state.r},
                                     {"/state/direction", &state.p}})
    require(values->size() == n, file, name, "has another length than /state/x");
  for (const auto& [name, values] :
       {std::pair{"/solved/coefficients", &progress.coefficients}, {"/solved/fitted", &progress.fitted}})
    require(n > 0 && values->size() % n == 0 && values->size() / n == solved, file, name,
            "does not have the length of /state/x for each solved target");
  require(progress.solved.size() == solved, file, "/solved/details", "is not a list of the solved targets");
  require(is_history(history), file, "/state/history", "is not a list of iterations");
}

std::vector<regression::IterationRecord> history_of(const Vector& flat) {
  std::vector<regression::IterationRecord> history;
  for (std::size_t i = 0; i + record_numbers <= flat.size(); i += record_numbers)
    history.push_back({static_cast<int>(flat[i]), flat[i + 1], flat[i + 2]});
  return history;
}

} // namespace

void write_iteration(const std::string& path, const TrainingIdentity& identity,
                     const IterationProgress& progress) {
  h5::Writer file(path);
  file.attribute("/", "format", training_checkpoint_format);
  file.attribute("/", "kind", "iteration");
  file.attribute("/", "identity", to_text(identity));
  file.write("/target", progress.target);
  write_vector(file, "/solved/coefficients", progress.coefficients);
  write_vector(file, "/solved/fitted", progress.fitted);
  file.write("/solved/details", to_text(progress.solved));
  file.write("/state/x", progress.state.x);
  file.write("/state/fitted", progress.state.fitted);
  file.write("/state/residual", progress.state.r);
  file.write("/state/direction", progress.state.p);
  file.write("/state/rz", progress.state.rz);
  file.write("/state/history", flatten(progress.state.history),
             {progress.state.history.size(), record_numbers});
  file.commit();
}

IterationProgress read_iteration(const std::string& path) {
  const h5::Reader file(path);
  IterationProgress progress;
  auto& state = progress.state;
  progress.target = file.read_integer("/target");
  progress.coefficients = read_vector(file, "/solved/coefficients");
  progress.fitted = read_vector(file, "/solved/fitted");
  const auto solved = parse_iterations(file.read_string("/solved/details"));
  state.x = file.read_doubles("/state/x");
  state.fitted = file.read_doubles("/state/fitted");
  state.r = file.read_doubles("/state/residual");
  state.p = file.read_doubles("/state/direction");
  state.rz = file.read_double("/state/rz");
  const auto history = file.read_doubles("/state/history");
  require(solved.has_value(), file, "/solved/details", "is not a list of the solved targets");
  progress.solved = *solved;
  require_sound(file, progress, history);
  state.history = history_of(history);
  return progress;
}

IterationProgress read_iteration(const parallel::Communicator& comm, const std::string& path) {
  auto progress =
      parallel::agree(comm, [&] { return comm.rank() == 0 ? read_iteration(path) : IterationProgress{}; });
  auto& state = progress.state;
  auto history = flatten(state.history);
  auto solved = to_text(progress.solved);
  parallel::broadcast(comm, progress.target);
  parallel::broadcast(comm, solved);
  parallel::broadcast(comm, state.rz);
  for (Vector* values :
       {&progress.coefficients, &progress.fitted, &state.x, &state.fitted, &state.r, &state.p, &history})
    parallel::broadcast(comm, *values);
  state.history = history_of(history);
  progress.solved = parse_iterations(solved).value();
  return progress;
}

} // namespace soapstone::app
