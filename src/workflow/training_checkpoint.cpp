// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/workflow/training_checkpoint.hpp"

#include "soapstone/base/text.hpp"
#include "soapstone/h5/file.hpp"
#include "soapstone/options/key_roles.hpp"
#include "soapstone/parallel/agree.hpp"
#include "soapstone/parallel/collectives.hpp"
#include "soapstone/planning/checkpoint_value.hpp"
#include "soapstone/regression/kernel_file.hpp"
#include "soapstone/search/checkpoint_store.hpp"
#include "soapstone/workflow/checkpoint_text.hpp"
#include "soapstone/workflow/search_identity.hpp"

#include <algorithm>
#include <filesystem>

namespace soapstone::workflow {

using regression::SolverKind;

namespace {

constexpr const char* kernel_kind = "kernel";
constexpr const char* iteration_kind = "iteration";

std::string kind_of(SolverKind solver) {
  return solver == SolverKind::cholesky ? kernel_kind : solver == SolverKind::iterative ? iteration_kind : "";
}

/// Keys that what is kept does not depend on: of the kernel all of the regression, of the iteration when it
/// ends.
bool is_free(const std::string& key, const std::string& kind) {
  return kind == kernel_kind ? options::is_about_regression(key) : options::is_about_stopping(key);
}

TrainingIdentity identity_of(std::map<std::string, std::string> keys,
                             const std::vector<options::KernelOptions>& kernels,
                             const formats::DataSet& train, const std::string& kind) {
  auto identity = search_identity(std::move(keys), kernels, train);
  std::erase_if(identity, [&](const auto& entry) { return is_free(entry.first, kind); });
  return identity;
}

TrainingIdentity read_identity(const h5::Reader& file) {
  auto identity = parse_identity(file.attribute_string("/", "identity"));
  if (!identity)
    throw IoError("/: its attribute 'identity' is not a list of keys and values", file.path());
  return *identity;
}

} // namespace

TrainingCheckpoint::TrainingCheckpoint(const Context& context, const options::Configuration& configuration,
                                       std::map<std::string, std::string> keys, const formats::DataSet& train,
                                       SolverKind solver)
    : stages_(context.stages), grid_(context.grid),
      options_(configuration.checkpoint), record_{options_.file, "", ""}, kind_(kind_of(solver)) {
  if (on() && kind_.empty()) {
    stages_.warn("the " + regression::to_string(solver) +
                 " solver writes no checkpoint, because it has no long stage to resume");
    record_.file.clear();
  }
  if (!on())
    return;
  catching_ = std::make_unique<StopSignal>();
  std::vector<std::string> warnings;
  parallel::agree(stages_.comm(), [&] {
    identity_ = identity_of(std::move(keys), configuration.kernels, train, kind_);
    if (stages_.root())
      open(warnings);
  });
  parallel::broadcast(stages_.comm(), found_);
  for (const auto& warning : warnings)
    stages_.warn(warning);
}

void TrainingCheckpoint::open(std::vector<std::string>& warnings) {
  lock_ = std::make_unique<search::LockFile>(path() + ".lock");
  if (!lock_->held())
    warnings.push_back("the file system of " + path() +
                       " does not support locks: make sure that no second job uses this checkpoint");
  search::remove_temporaries(path());
  if (std::error_code none; !std::filesystem::exists(path(), none))
    return;
  const h5::Reader file(path());
  if (!file.has_attribute("/", "format") ||
      file.attribute_string("/", "format") != training_checkpoint_format)
    throw IoError("is not a checkpoint of a training run", path());
  if (const auto kind = file.attribute_string("/", "kind"); kind != kind_) {
    warnings.push_back("the checkpoint " + path() + " contains a " + kind +
                       ", which the solver of this run does not use");
    return;
  }
  std::string differing;
  for (const auto& difference : search::differences(read_identity(file), identity_))
    differing += "\n  " + difference;
  if (!differing.empty())
    throw ConfigError(
        "the checkpoint " + path() + " belongs to a different run:" + differing +
            "\nGive another `checkpoint_file`, or remove the file to start again from the beginning",
        "checkpoint");
  found_ = kind_;
}

std::optional<linalg::DistributedMatrix> TrainingCheckpoint::kernel(std::int64_t n, std::int64_t block) {
  if (found_ != kernel_kind)
    return std::nullopt;
  auto matrix = stages_.run("read checkpoint", [&](const Progress&) {
    return regression::read_lower_triangle(path(), "/kernel", grid_, n, block);
  });
  stages_.line("resuming from the kernel matrix in " + path());
  record_.resumed = kernel_kind;
  return matrix;
}

/// Returns what a run that has the kernel saves, on the slowest rank.
double TrainingCheckpoint::stage_seconds(bool features) const {
  double seconds = 0;
  for (const auto& stage : stages_.summarize())
    if (stage.name == "kernel" || (features && stage.name == "features"))
      seconds += stage.max;
  return seconds;
}

void TrainingCheckpoint::keep_kernel(const linalg::DistributedMatrix& kernel, bool again) {
  if (!on())
    return;
  const auto value = planning::kernel_checkpoint_value(kernel.rows().size(), stage_seconds(!again));
  if (options_.kernel == options::Choice::no ||
      (options_.kernel == options::Choice::automatic && !value.pays())) {
    stages_.line(format("the kernel matrix is not saved: computing it took %s, but writing and "
                        "reading its file of %s would take %s",
                        format_duration(value.recompute_seconds).c_str(), format_bytes(value.bytes).c_str(),
                        format_duration(value.seconds).c_str()));
    return;
  }
  stages_.run("write checkpoint", [&](const Progress&) {
    h5::ParallelWriter file(stages_.comm(), path());
    file.attribute("/", "format", training_checkpoint_format);
    file.attribute("/", "kind", kernel_kind);
    file.attribute("/", "identity", to_text(identity_));
    regression::write_lower_triangle(file, "/kernel", kernel);
    file.commit();
  });
  stages_.did(value.bytes, "bytes");
  record_.written = kernel_kind;
}

std::optional<IterationProgress> TrainingCheckpoint::iteration(std::size_t structures, std::int64_t targets) {
  if (found_ != iteration_kind)
    return std::nullopt;
  auto progress = read_iteration(stages_.comm(), path());
  if (progress.state.x.size() != structures || progress.target >= targets)
    throw IoError(format("/state/x or /target does not match %zu structures and %lld targets", structures,
                         static_cast<long long>(targets)),
                  path());
  stages_.line(
      format("resuming after iteration %zu, from %s", progress.state.history.size(), path().c_str()));
  record_.resumed = iteration_kind;
  return progress;
}

int TrainingCheckpoint::asked_to_stop() const {
  return parallel::all_reduce(stages_.comm(), StopSignal::received(), MPI_MAX);
}

void TrainingCheckpoint::keep_iteration(const IterationProgress& progress) {
  if (!on())
    return;
  int due = since_kept_.seconds() > options_.interval ? 1 : 0;
  parallel::broadcast(stages_.comm(), due); // rank 0's clock
  if (due == 0 && asked_to_stop() == 0)
    return;
  parallel::agree(stages_.comm(), [&] {
    if (stages_.root())
      write_iteration(path(), identity_, progress);
  });
  record_.written = iteration_kind;
  since_kept_.restart();
  stop_if_asked();
}

void TrainingCheckpoint::stop_if_asked() {
  const int signal = on() ? asked_to_stop() : 0;
  if (signal == 0)
    return;
  const bool kept = !record_.written.empty() || !record_.resumed.empty();
  throw Stopped(std::string("stopped by ") + StopSignal::name(signal) +
                (kept ? "; the checkpoint is in " + path() : std::string("; there was nothing to save yet")) +
                "; run the same command again to resume");
}

void TrainingCheckpoint::remove() {
  parallel::agree(stages_.comm(), [&] {
    std::error_code none;
    if (on() && stages_.root())
      std::filesystem::remove(path(), none);
  });
}

} // namespace soapstone::workflow
