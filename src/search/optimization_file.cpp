// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/base/error.hpp"
#include "soapstone/h5/file.hpp"
#include "soapstone/search/checkpoint.hpp"
#include "soapstone/search/checkpoint_store.hpp"
#include "soapstone/search/optimization.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <stdexcept>

namespace soapstone::search {

namespace fs = std::filesystem;

namespace {

void write(const std::string& path, const Optimization& state) {
  h5::Writer file(path);
  file.attribute("/", "format", optimization_format);
  file.attribute("/", "schema", optimization_schema);
  file.attribute("/", "status", state.status);
  file.attribute("/", "owner", state.owner);
  std::vector<std::string> keys, values;
  for (const auto& [key, value] : state.identity) {
    keys.push_back(key);
    values.push_back(value);
  }
  if (!keys.empty()) {
    file.write("/identity/keys", keys);
    file.write("/identity/values", values);
  }
  file.write("/start", state.start);
  file.write("/finished_evaluations", state.finished_evaluations);
  file.write("/cycles", state.cycles);
  if (!state.history.empty()) // HDF5 has no empty chunked data sets
    file.write("/history", state.history);
  std::vector<double> x, objective, gradient;
  for (const auto& evaluation : state.evaluations) {
    x.insert(x.end(), evaluation.x.begin(), evaluation.x.end());
    objective.push_back(evaluation.objective);
    gradient.insert(gradient.end(), evaluation.gradient.begin(), evaluation.gradient.end());
    gradient.resize(x.size(), 0.0); // where there was none
  }
  if (!objective.empty()) {
    file.write("/evaluations/x", x, {objective.size(), state.start.size()});
    file.write("/evaluations/gradient", gradient, {objective.size(), state.start.size()});
    file.write("/evaluations/objective", objective);
  }
  file.commit();
}

bool is_whole_optimization(const std::string& path) {
  try {
    read_optimization(path);
    return true;
  } catch (const IoError&) {
    return false;
  }
}

} // namespace

Optimization read_optimization(const std::string& path) {
  const h5::Reader file(path);
  if (!file.has_attribute("/", "format") || file.attribute_string("/", "format") != optimization_format)
    throw ForeignFile("is not a checkpoint of an optimisation", path);
  if (const auto schema = file.attribute_integer("/", "schema"); schema != optimization_schema)
    throw ForeignFile("has schema " + std::to_string(schema) + ", but this version reads schema " +
                          std::to_string(optimization_schema),
                      path);
  Optimization state;
  state.status = file.attribute_string("/", "status");
  state.owner = file.attribute_string("/", "owner");
  if (file.exists("/identity/keys")) {
    const auto keys = file.read_strings("/identity/keys"), values = file.read_strings("/identity/values");
    if (keys.size() != values.size())
      throw IoError("/identity/values: as many as /identity/keys are expected", path);
    for (std::size_t i = 0; i < keys.size(); ++i)
      state.identity[keys[i]] = values[i];
  }
  state.start = file.read_doubles("/start");
  state.finished_evaluations = file.read_integer("/finished_evaluations");
  state.cycles = file.read_integer("/cycles");
  if (!std::all_of(state.start.begin(), state.start.end(), [](double x) { return std::isfinite(x); }))
    throw IoError("/start: finite numbers are expected", path);
  if (constexpr std::int64_t most = std::int64_t{1} << 53; state.finished_evaluations < 0 ||
                                                           state.finished_evaluations > most ||
                                                           state.cycles < 0 || state.cycles > most)
    throw IoError("/finished_evaluations or /cycles: the value is not a valid count", path);
  if (file.exists("/history"))
    state.history = file.read_doubles("/history");
  if (!file.exists("/evaluations/objective"))
    return state;
  const auto x = file.read_doubles("/evaluations/x"), gradient = file.read_doubles("/evaluations/gradient");
  const auto objective = file.read_doubles("/evaluations/objective");
  const auto n = state.start.size();
  if (x.size() != n * objective.size() || gradient.size() != x.size())
    throw IoError("its parts are inconsistent", path);
  for (std::size_t i = 0; i < objective.size(); ++i) {
    const auto first = static_cast<std::ptrdiff_t>(i * n), last = static_cast<std::ptrdiff_t>((i + 1) * n);
    state.evaluations.push_back({{x.begin() + first, x.begin() + last},
                                 objective[i],
                                 {gradient.begin() + first, gradient.begin() + last}});
  }
  return state;
}

// A damaged file must not take the place of the whole one before it.
void save_optimization(const std::string& path, const Optimization& state) {
  if (is_whole_optimization(path))
    keep_previous(path);
  write(path, state);
}

bool load_optimization(const std::string& path, Optimization& state, std::vector<std::string>& warnings) {
  require_room_for_companions(path);
  const std::string previous = path + ".previous";
  std::error_code none;
  if (!fs::exists(path, none) && !fs::exists(previous, none))
    return false;
  Optimization found;
  try {
    found = read_optimization(path);
  } catch (const ForeignFile&) {
    throw;
  } catch (const IoError& error) {
    if (!fs::exists(previous, none))
      throw;
    found = read_optimization(previous);
    warnings.push_back(std::string(error.what()) + "; resuming from " + previous);
  }
  std::string differing;
  for (const auto& difference : differences(found.identity, state.identity))
    differing += "\n  " + difference;
  if (!differing.empty())
    throw ConfigError(
        "the checkpoint " + path + " belongs to a different optimisation:" + differing +
            "\nGive another `checkpoint_file`, or remove the file to start again from the beginning",
        "checkpoint_file");
  if (found.start.size() != state.start.size())
    throw IoError("/start: " + std::to_string(state.start.size()) + " variables are expected, found " +
                      std::to_string(found.start.size()),
                  path);
  state = std::move(found);
  return true;
}

} // namespace soapstone::search
