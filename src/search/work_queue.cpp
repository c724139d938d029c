// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/search/work_queue.hpp"

#include "soapstone/base/stop_signal.hpp"
#include "soapstone/base/stopwatch.hpp"
#include "soapstone/parallel/agree.hpp"
#include "soapstone/parallel/collectives.hpp"
#include "soapstone/parallel/waiting.hpp"

namespace soapstone::search {

namespace {

using parallel::Communicator;
using parallel::Failure;

constexpr int trouble = 1000; // beyond all numbers of signals

bool of_the_point(ExitCode code) {
  return code == ExitCode::numerical || code == ExitCode::usage || code == ExitCode::resources;
}

} // namespace

WorkQueue::WorkQueue(const Communicator& world, GroupLayout layout)
    : world_(world.duplicate()), group_(world.split(layout.group_of(world.rank()), world.rank())),
      talk_(world.split(layout.group_of(world.rank()), world.rank())),
      meet_(world.split(layout.group_of(world.rank()), world.rank())), layout_(layout), counter_(world),
      mail_(world) {}

/// May be called amid a collective of this rank's group: what goes wrong is kept for the next boundary.
void WorkQueue::accept(const std::vector<std::string>& texts) {
  try {
    std::vector<Record> records;
    for (const auto& text : texts) {
      std::string_view bytes = text;
      records.push_back(unpack(bytes));
    }
    if (!records.empty())
      work_->arrived(records);
  } catch (...) {
    if (!trouble_)
      trouble_ = parallel::current_failure();
  }
}

void WorkQueue::poll() {
  parallel::show_life();
  if (world_.rank() == 0 && work_ != nullptr)
    accept(mail_.collect());
}

void WorkQueue::check_stop() {
  int stop = StopSignal::received();
  if (talk_.rank() == 0 && counter_.stopped())
    stop = std::max(stop, 1);
  poll();
  stop = parallel::all_reduce(talk_, trouble_ ? trouble : stop, MPI_MAX);
  if (stop == 0)
    return;
  if (stop == trouble)
    parallel::agree_on(talk_, trouble_);
  if (talk_.rank() == 0)
    counter_.stop();
  throw Stopped("stopped by a signal");
}

/// The group's next number; past the last task when the search is to stop.
std::int64_t WorkQueue::next_task() {
  check_stop();
  std::int64_t next = talk_.rank() == 0 ? counter_.next() : 0;
  parallel::broadcast(talk_, next);
  return next;
}

Record WorkQueue::attempt(const Task& task, const TaskWork& work) {
  const Stopwatch watch;
  Record record;
  try {
    record = parallel::agree_after(meet_, [&] { return work.evaluate(task); });
  } catch (const parallel::AgreedError& error) {
    if (!of_the_point(error.code()))
      throw;
    record = {task, static_cast<int>(error.code()), error.what(), {}, {}, 0};
  }
  record.seconds = watch.seconds();
  busy_ += record.seconds;
  return record;
}

void WorkQueue::work_through(const std::vector<Task>& tasks, const TaskWork& work) {
  const auto count = static_cast<std::int64_t>(tasks.size());
  for (auto next = next_task(); next < count; next = next_task()) {
    const auto record = attempt(tasks[static_cast<std::size_t>(next)], work);
    parallel::agree(talk_, [&] {
      if (talk_.rank() != 0)
        return;
      work.keep(record);
      mail_.post(pack(record));
    });
  }
}

bool WorkQueue::run(const std::vector<Task>& tasks, const TaskWork& work) {
  work_ = &work;
  std::optional<Failure> failure;
  bool stopped = false;
  try {
    if (!talk_.is_null())
      work_through(tasks, work);
  } catch (const Error& error) {
    stopped = error.code() == ExitCode::stopped;
    if (!stopped) {
      if (dynamic_cast<const parallel::AgreedError*>(&error) == nullptr)
        throw; // the group is not of one mind
      failure = parallel::current_failure();
      if (talk_.rank() == 0)
        counter_.stop(); // the other groups end at their next boundary
    }
  }
  mail_.close([&](const std::vector<std::string>& texts) { accept(texts); });
  work_ = nullptr;
  parallel::agree_on(world_, failure ? failure : trouble_);
  counter_.reset();
  return parallel::all_reduce(world_, stopped ? 1 : 0, MPI_MAX) == 0;
}

} // namespace soapstone::search
