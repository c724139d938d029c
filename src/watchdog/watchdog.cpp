// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/watchdog/watchdog.hpp"

#include "interposed_calls.hpp"

#include "soapstone/base/check.hpp"
#include "soapstone/base/stopwatch.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/parallel/alarm.hpp"
#include "soapstone/parallel/waiting.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <set>
#include <thread>

namespace soapstone::watchdog {

using parallel::check_mpi;
using parallel::Communicator;
using parallel::heed_alarm;
using parallel::Others;

namespace {

constexpr int question = 1, answer = 2;    // tags
constexpr double grace = 2;                // seconds for answers
constexpr double part_before_asking = 0.1; // of the patience, with ranks that are busy
constexpr double longest_step = 1; // seconds between two polls that count: more is a process that stood still
constexpr double turn_of_others = 10;      // seconds that the lowest waiting rank has to speak for all
constexpr double wait_before_sleep = 0.05; // seconds: a wait of milliseconds must not get longer
constexpr int polls_between_answers = 64;  // to questions, and to alarms

/// The state of the one watchdog. Plain data of the process, as MPI itself is.
struct Watch {
  MPI_Comm comm = MPI_COMM_NULL; ///< null: nobody watches
  int rank = 0;
  double patience = 0;
  std::int64_t asked = 0; ///< questions so far
  std::string stage = "the start";
  MPI_Comm awaited = MPI_COMM_NULL; ///< whose ranks this one waits for just now
};
Watch watch;

/// Ranks of `comm` as they count in the world, ascending.
std::vector<int> world_ranks(MPI_Comm comm) {
  MPI_Group members = MPI_GROUP_NULL, world = MPI_GROUP_NULL;
  MPI_Comm_group(comm, &members);
  MPI_Comm_group(watch.comm, &world);
  std::vector<int> own(static_cast<std::size_t>(parallel::size_of(comm))), there(own.size());
  for (std::size_t i = 0; i < own.size(); ++i)
    own[i] = static_cast<int>(i);
  MPI_Group_translate_ranks(members, narrow<int>(own.size(), "ranks"), own.data(), world, there.data());
  MPI_Group_free(&members);
  MPI_Group_free(&world);
  std::sort(there.begin(), there.end());
  return there;
}

/// A question is its number; an answer the same and whom the answering rank waits for (world ranks).
using Words = std::vector<std::int64_t>;

void send(const Words& words, int rank, int tag) {
  check_mpi(MPI_Send(words.data(), narrow<int>(words.size(), "words"), MPI_INT64_T, rank, tag, watch.comm),
            "MPI_Send");
}

/// Calls use(source, words) for every message with this tag that has arrived.
template <typename Use>
void for_each_message(int tag, const Use& use) {
  for (;;) {
    int there = 0, count = 0;
    MPI_Status status;
    check_mpi(MPI_Iprobe(MPI_ANY_SOURCE, tag, watch.comm, &there, &status), "MPI_Iprobe");
    if (there == 0)
      return;
    check_mpi(MPI_Get_count(&status, MPI_INT64_T, &count), "MPI_Get_count");
    Words words(static_cast<std::size_t>(count));
    check_mpi(
        MPI_Recv(words.data(), count, MPI_INT64_T, status.MPI_SOURCE, tag, watch.comm, MPI_STATUS_IGNORE),
        "MPI_Recv");
    use(status.MPI_SOURCE, words);
  }
}

/// Tells everybody who has asked that this rank waits too, and for whom; or, when it waits for nobody, that
/// it works.
void answer_questions() {
  for_each_message(question, [](int source, Words words) {
    const auto awaited = watch.awaited != MPI_COMM_NULL ? world_ranks(watch.awaited) : std::vector<int>{};
    words.insert(words.end(), awaited.begin(), awaited.end());
    send(words, source, answer);
  });
}

std::string names(const std::vector<int>& ranks) {
  std::string text = ranks.size() == 1 ? "rank " : "ranks ";
  for (std::size_t i = 0; i < ranks.size(); ++i)
    text += (i == 0 ? "" : ", ") + std::to_string(ranks[i]);
  return text;
}

/// Seconds, without those in which the whole process stood still.
class WaitingTime {
public:
  double seconds() {
    const double now = since_.seconds();
    waited_ += std::min(now - last_, longest_step);
    last_ = now;
    return waited_;
  }

private:
  Stopwatch since_;
  double last_ = 0, waited_ = 0;
};

/// Who of the ranks that are waited for, by this rank and by those that it waits for, waits as well. Those
/// that answer that they work are in neither list.
struct RollCall {
  std::vector<int> waiting, missing; ///< world ranks, ascending
};

/// A roll call under way.
class Roll {
public:
  Roll() : asked_{watch.rank}, here_{watch.rank} {
    ++watch.asked;
    ask(world_ranks(watch.awaited));
  }

  bool is_complete() const { return here_.size() == asked_.size(); }
  double seconds_since_question() { return since_question_.seconds(); }

  void take_answers() {
    for_each_message(answer, [&](int source, const Words& words) {
      if (words.front() != watch.asked)
        return; // to an earlier question
      here_.insert(source);
      if (words.size() == 1)
        working_.insert(source);
      ask({words.begin() + 1, words.end()});
    });
  }

  RollCall result() const {
    RollCall roll;
    for (const int rank : asked_)
      if (!working_.contains(rank))
        (here_.contains(rank) ? roll.waiting : roll.missing).push_back(rank);
    return roll;
  }

private:
  void ask(const std::vector<int>& ranks) {
    for (const int rank : ranks)
      if (asked_.insert(rank).second) {
        send({watch.asked}, rank, question);
        since_question_ = {};
      }
  }

  std::set<int> asked_, here_, working_;
  WaitingTime since_question_;
};

RollCall call_roll(const std::function<bool()>& done, double time_for_answers) {
  Roll roll;
  while (!roll.is_complete() && roll.seconds_since_question() < time_for_answers && !done()) {
    answer_questions();
    heed_alarm();
    roll.take_answers();
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return roll.result();
}

[[noreturn]] void give_up(const RollCall& roll) {
  const auto seconds = format_duration(watch.patience);
  if (roll.missing.empty())
    throw RankMissing("all ranks have waited for each other for " + seconds + " in the stage '" +
                          watch.stage + "' (`patience`)",
                      {});
  throw RankMissing(names(roll.missing) + (roll.missing.size() == 1 ? " has" : " have") +
                        " not responded, and " + names(roll.waiting) +
                        (roll.waiting.size() == 1 ? " has" : " have") + " waited for " + seconds +
                        " in the stage '" + watch.stage + "' (`patience`)",
                    roll.missing);
}

/// Waits until done() or until the time is up; whether it was done.
bool wait_at_most(double seconds, const std::function<bool()>& done) {
  WaitingTime time;
  for (std::int64_t polls = 0; !done(); ++polls) {
    const double waited = time.seconds();
    if (waited >= seconds)
      return false;
    if (polls % polls_between_answers == polls_between_answers - 1) {
      answer_questions();
      heed_alarm();
    }
    if (waited < wait_before_sleep)
      std::this_thread::yield();
    else
      std::this_thread::sleep_for(std::chrono::microseconds(100));
  }
  return true;
}

/// This rank waits for those of a communicator.
class Awaiting {
public:
  explicit Awaiting(MPI_Comm comm) { watch.awaited = comm; }
  ~Awaiting() { watch.awaited = MPI_COMM_NULL; }
  Awaiting(const Awaiting&) = delete;
  Awaiting& operator=(const Awaiting&) = delete;
};

/// Ranks that are on their way wait themselves when their time has come, and answer at once. Busy ones are
/// asked early, and have the time to answer.
void wait_watched(MPI_Comm comm, const std::function<bool()>& done, Others others) {
  const Awaiting awaiting(comm);
  const bool busy = others == Others::busy;
  while (!wait_at_most(busy ? watch.patience * part_before_asking : watch.patience, done)) {
    const auto roll = call_roll(done, busy ? std::max(watch.patience, grace) : grace);
    if (done())
      return;
    if (busy && roll.missing.empty())
      continue;
    // One rank speaks for all; another one only if that does not happen.
    if (roll.waiting.front() == watch.rank || !wait_at_most(turn_of_others, done))
      give_up(roll);
  }
}

class Hook final : public parallel::WaitHook {
public:
  void wait(MPI_Comm comm, const std::function<bool()>& done, Others others) override {
    wait_watched(comm, done, others);
  }
  void show_life() override { answer_questions(); }
  void announce_stage(const std::string& name) override { watch.stage = name; }
};
Hook hook;

} // namespace

Watchdog::Watchdog(const Communicator& world, double seconds)
    : comm_(seconds > 0 && world.size() > 1 ? world.duplicate() : Communicator::borrow(MPI_COMM_NULL)) {
  expects(watch.comm == MPI_COMM_NULL, "one Watchdog at a time");
  watch = {};
  watch.comm = comm_.get();
  watch.rank = world.rank();
  watch.patience = seconds;
  if (!comm_.is_null())
    parallel::install_wait_hook(&hook);
  link_interposed_calls();
}

Watchdog::~Watchdog() {
  if (!comm_.is_null())
    parallel::install_wait_hook(nullptr);
  watch = {};
}

} // namespace soapstone::watchdog
