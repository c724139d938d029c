// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/console.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/parallel/collectives.hpp"
#include "soapstone/parallel/waiting.hpp"

#include <algorithm>
#include <exception>
#include <utility>

namespace soapstone::app {

namespace {

/// "features                 12 s  1880 environments/s".
std::string finished_text(const std::string& stage, double seconds, const Amount& whole) {
  const auto rate = rate_text(whole, seconds);
  return format("%-24s %s", stage.c_str(), format_duration(seconds).c_str()) +
         (rate.empty() ? "" : "  " + rate);
}

} // namespace

StageTimer::Scope::Scope(StageTimer& timer, std::string name)
    : timer_(timer), exceptions_(std::uncaught_exceptions()), whole_(std::exchange(timer.expected_, {})) {
  const auto found = std::find_if(timer.stages_.begin(), timer.stages_.end(),
                                  [&](const Stage& stage) { return stage.name == name; });
  index_ = static_cast<std::size_t>(found - timer.stages_.begin());
  if (found == timer.stages_.end())
    timer.stages_.emplace_back().name = std::move(name);
  timer.last_ = index_;
  parallel::announce_stage(timer.stages_[index_].name);
}

StageTimer::Scope::~Scope() {
  Stage& stage = timer_.stages_[index_];
  const double seconds = watch_.seconds();
  stage.seconds += seconds;
  try {
    timer_.console_.end_progress();
    if (std::uncaught_exceptions() == exceptions_) // a stage that failed did not finish
      timer_.console_.line(finished_text(stage.name, seconds, whole_));
  } catch (...) { // a line that cannot be shown must not end the run
  }
}

Progress StageTimer::Scope::progress() {
  return [this](double share) {
    if (timer_.at_progress_)
      timer_.at_progress_();
    timer_.console_.progress(timer_.stages_[index_].name, share, watch_.seconds(), whole_);
  };
}

void StageTimer::did(double items, const std::string& item_name, double flops) {
  expects(!stages_.empty(), "a stage has been run");
  Stage& stage = stages_[last_];
  stage.items += items;
  stage.item_name = item_name;
  stage.flops += flops;
}

std::vector<StageSummary> StageTimer::summarize() const {
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
