// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/stages.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/parallel/collectives.hpp"
#include "soapstone/parallel/waiting.hpp"

#include <algorithm>
#include <exception>
#include <utility>

namespace soapstone::app {

Stages::Scope::Scope(Stages& stages, std::string name)
    : all_(stages), exceptions_(std::uncaught_exceptions()), whole_(std::exchange(stages.expected_, {})) {
  const auto found = std::find_if(stages.stages_.begin(), stages.stages_.end(),
                                  [&](const Stage& stage) { return stage.name == name; });
  index_ = static_cast<std::size_t>(found - stages.stages_.begin());
  if (found == stages.stages_.end())
    stages.stages_.emplace_back().name = std::move(name);
  stages.last_ = index_;
  parallel::announce_stage(stages.stages_[index_].name);
}

Stages::Scope::~Scope() {
  Stage& stage = all_.stages_[index_];
  const double seconds = watch_.seconds();
  stage.seconds += seconds;
  try {
    all_.log_.stage_ended(stage.name, std::uncaught_exceptions() == exceptions_, seconds, whole_);
  } catch (...) { // a line that cannot be shown must not end the run
  }
}

Progress Stages::Scope::progress() {
  return [this](double share) {
    if (all_.at_progress_)
      all_.at_progress_();
    all_.log_.progress(all_.stages_[index_].name, share, watch_.seconds(), whole_);
  };
}

void Stages::did(double items, const std::string& item_name, double flops) {
  expects(!stages_.empty(), "a stage has been run");
  Stage& stage = stages_[last_];
  stage.items += items;
  stage.item_name = item_name;
  stage.flops += flops;
}

std::vector<StageSummary> Stages::summarize() const {
  const auto count = static_cast<std::int64_t>(stages_.size());
  expects(parallel::all_reduce(comm_, count, MPI_MIN) == parallel::all_reduce(comm_, count, MPI_MAX),
          "all ranks ran the same stages");
  std::vector<double> least, sum, most;
  for (const Stage& stage : stages_)
    least.push_back(stage.seconds);
  sum = most = least;
  parallel::all_reduce(comm_, std::span<double>(least), MPI_MIN);
  parallel::all_reduce(comm_, std::span<double>(sum), MPI_SUM);
  parallel::all_reduce(comm_, std::span<double>(most), MPI_MAX);
  std::vector<StageSummary> summaries;
  for (std::size_t i = 0; i < stages_.size(); ++i) {
    const Stage& stage = stages_[i];
    const double slowest = std::max(most[i], 1e-9);
    summaries.push_back({stage.name, least[i], sum[i] / comm_.size(), most[i], stage.flops / slowest / 1e9,
                         stage.items / slowest, stage.item_name});
  }
  return summaries;
}

} // namespace soapstone::app
