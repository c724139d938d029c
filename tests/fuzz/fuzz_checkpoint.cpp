// SPDX-License-Identifier: BSD-3-Clause
// The readers of what interrupted runs go on from: of a search, an optimisation, an iterative solution. An
// input is a whole file (the made seeds), or a line with the kind, search, optimization or iteration, and
// after it how to change a sound one: see forge().
#include "forged_file.hpp"
#include "target.hpp"

#include "../unit/search/samples.hpp"

#include "soapstone/base/error.hpp"
#include "soapstone/h5/file.hpp"
#include "soapstone/report/optimize_report.hpp"
#include "soapstone/report/search_report.hpp"
#include "soapstone/search/checkpoint_store.hpp"
#include "soapstone/search/optimization.hpp"
#include "soapstone/workflow/checkpoint_text.hpp"
#include "soapstone/workflow/iteration_file.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace soapstone::fuzz {

namespace {

search::Checkpoint sample_search() {
  auto search = search::sample_search();
  for (std::int64_t point = 0; point < 4; ++point)
    search::add(search, search::good_record(0, point, 0.5, point == 2));
  search::add(search, search::failed_record(1, 2));
  return search;
}

search::Optimization sample_optimization() {
  search::Optimization state;
  state.identity = {{"soap.cutoff", "4"}, {"data", "0123"}};
  state.start = {0.5, -0.25, 1};
  for (const double shift : {0.0, 0.5})
    state.evaluations.push_back({{0.5 + shift, -0.25, 1}, 2 - shift, {1, 0, -1}});
  state.history = {2.5, 2};
  state.owner = "process 1 on host here";
  return state;
}

workflow::IterationProgress sample_iteration() {
  workflow::IterationProgress progress;
  progress.target = 1;
  progress.coefficients = progress.fitted = {1, 2, 3, 4, 5};
  progress.solved = {{"energy", true, 0.001, {}}};
  progress.state = {{1, 2, 3, 4, 5}, {2, 3, 4, 5, 6}, {3, 4, 5, 6, 7}, {4, 5, 6, 7, 8}, 0.5,
                    {{1, 0.5, 0.25}}};
  return progress;
}

std::string file_of(const std::string& kind) {
  const ScratchFile file;
  if (kind == "optimization")
    search::save_optimization(file.path(), sample_optimization());
  else if (kind == "iteration")
    workflow::write_iteration(file.path(), {{"soap.cutoff", "4"}}, sample_iteration());
  else
    search::write_checkpoint(file.path(), sample_search());
  return file.content();
}

const std::string& sound_file(const std::string& kind) {
  static const std::string search = file_of("search"), optimization = file_of("optimization"),
                           iteration = file_of("iteration");
  return kind == "optimization" ? optimization : kind == "iteration" ? iteration : search;
}

/// Everything is asked for that a search which goes on, or `inspect`, makes of it.
void use_search(const std::string& path) {
  std::vector<std::string> warnings;
  const auto search = search::inspect_checkpoint(path, warnings);
  require(search.has_value() && warnings.empty(), "a search, or a refusal");
  for (const auto& [task, record] : search->records) {
    require(record.code != 0 || record.values.size() == search->rows.size() * search->columns.size(),
            "a value for every row and column");
    workflow::describe_point(*search, record);
  }
  report::describe_search(*search);
  report::search_csv(*search);
  report::search_json(*search);
}

void use_optimization(const std::string& path) {
  auto state = sample_optimization();
  std::vector<std::string> warnings;
  require(search::load_optimization(path, state, warnings) && warnings.empty(), "a state, or a refusal");
  require(state.start.size() == 3 && state.cycles >= 0 && state.finished_evaluations >= 0, "three variables");
  for (const auto& evaluation : state.evaluations)
    require(evaluation.x.size() == 3 && evaluation.gradient.size() == 3, "evaluations of three variables");
  report::describe_optimization(state);
}

void use_iteration(const std::string& path) {
  if (!workflow::parse_identity(h5::Reader(path).attribute_string("/", "identity")))
    throw IoError("has no identity", path);
  const auto progress = workflow::read_iteration(path);
  const auto& state = progress.state;
  const auto n = state.x.size(), solved = static_cast<std::size_t>(progress.target) * n;
  require(state.fitted.size() == n && state.r.size() == n && state.p.size() == n, "vectors of one length");
  require(progress.coefficients.size() == solved && progress.fitted.size() == solved, "solved targets");
  require(static_cast<std::int64_t>(progress.solved.size()) == progress.target, "solved targets");
}

void use(const std::string& kind, const std::string& path) {
  if (kind == "optimization")
    use_optimization(path);
  else if (kind == "iteration")
    use_iteration(path);
  else
    use_search(path);
}

/// Of one reader.
Verdict verdict_of(const std::string& kind, const std::string& path, const std::string& input) {
  try {
    use(kind, path);
  } catch (const Error& error) {
    require(error.code() == ExitCode::io || error.code() == ExitCode::usage, "exit code 5, or 2");
    require_clear(error.what(), input);
    require(std::string(error.what()).find(path) != std::string::npos, "a message that names the file");
    return Verdict::refused;
  }
  return Verdict::accepted;
}

} // namespace

Verdict try_input(const std::string& input) {
  const ScratchFile file;
  if (!input.starts_with("\x89HDF")) {
    const auto kind = input.substr(0, input.find('\n'));
    file.fill(sound_file(kind));
    forge(file.path(), input.substr(std::min(input.size(), kind.size() + 1)));
    return verdict_of(kind, file.path(), input);
  }
  file.fill(input);
  auto verdict = Verdict::refused;
  for (const char* kind : {"search", "optimization", "iteration"})
    if (verdict_of(kind, file.path(), input) == Verdict::accepted)
      verdict = Verdict::accepted;
  return verdict;
}

std::vector<std::string> made_seeds() {
  return {sound_file("search"), sound_file("optimization"), sound_file("iteration")};
}

std::vector<std::string> words() {
  return {"search\n",
          "optimization\n",
          "iteration\n",
          "attribute / ",
          "values ",
          "remove ",
          "huge ",
          "integer ",
          "number ",
          "text ",
          "status ",
          "part ",
          "identity ",
          "schema ",
          "/identity/keys ",
          "/identity/values ",
          "/plan/axis_keys ",
          "/plan/axis_sizes ",
          "/plan/axis_values ",
          "/plan/rung_points ",
          "/plan/rung_structures ",
          "/plan/rows ",
          "/plan/columns ",
          "/plan/score ",
          "/records/rung ",
          "/records/point ",
          "/records/code ",
          "/records/message ",
          "/records/seconds ",
          "/records/values ",
          "/records/failure ",
          "/start ",
          "/history ",
          "/cycles ",
          "/finished_evaluations ",
          "/evaluations/x ",
          "/evaluations/objective ",
          "/evaluations/gradient ",
          "/target ",
          "/solved/details ",
          "/solved/coefficients ",
          "/solved/fitted ",
          "/state/x ",
          "/state/fitted ",
          "/state/residual ",
          "/state/direction ",
          "/state/rz ",
          "/state/history ",
          "[{\"residual\":1}]",
          "nan ",
          "inf ",
          "-1 ",
          "0 ",
          "1e308 ",
          "9223372036854775807 ",
          "1099511627776 ",
          "\n"};
}

} // namespace soapstone::fuzz
