// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/parallel/watchdog.hpp"

#include "abandoned.hpp"
#include "alarm.hpp"

#include "soapstone/base/check.hpp"
#include "soapstone/base/stopwatch.hpp"
#include "soapstone/base/text.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <set>
#include <thread>

namespace soapstone::parallel {

namespace {

constexpr int question = 1, answer = 2; // tags
constexpr double grace = 2;             // seconds for answers
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
  const Communicator* awaited = nullptr; ///< whose ranks this one waits for just now
};
Watch watch;

/// Ranks of `comm` as they count in the world, ascending.
std::vector<int> world_ranks(const Communicator& comm) {
  MPI_Group members = MPI_GROUP_NULL, world = MPI_GROUP_NULL;
  MPI_Comm_group(comm.get(), &members);
  MPI_Comm_group(watch.comm, &world);
  std::vector<int> own(static_cast<std::size_t>(comm.size())), there(own.size());
  for (std::size_t i = 0; i < own.size(); ++i)
    own[i] = static_cast<int>(i);
  MPI_Group_translate_ranks(members, comm.size(), own.data(), world, there.data());
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

/// Tells everybody who has asked that this rank waits too, and for whom.
void answer_questions() {
  for_each_message(question, [](int source, Words words) {
    const auto awaited = world_ranks(*watch.awaited);
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

/// Who of the ranks that are waited for, by this rank and by those that it waits for, waits as well.
struct RollCall {
  std::vector<int> waiting, missing; ///< world ranks, ascending
};

template <typename Done>
RollCall call_roll(const Done& done) {
  ++watch.asked;
  std::set<int> asked{watch.rank}, here{watch.rank};
  const Stopwatch since;
  double last_question = 0;
  const auto ask = [&](int rank) {
    if (!asked.insert(rank).second)
      return;
    send({watch.asked}, rank, question);
    last_question = since.seconds();
  };
  for (const int rank : world_ranks(*watch.awaited))
    ask(rank);
  while (here.size() < asked.size() && since.seconds() < last_question + grace && !done()) {
    answer_questions();
    for_each_message(answer, [&](int source, const Words& words) {
      if (words.front() != watch.asked)
        return; // to an earlier question
      here.insert(source);
      for (std::size_t i = 1; i < words.size(); ++i)
        ask(static_cast<int>(words[i]));
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  RollCall roll;
  for (const int rank : asked)
    (here.contains(rank) ? roll.waiting : roll.missing).push_back(rank);
  return roll;
}

[[noreturn]] void give_up(const RollCall& roll) {
  const auto seconds = format_duration(watch.patience);
  if (roll.missing.empty())
    throw RankMissing("all ranks have waited for each other for " + seconds + " in the stage '" +
                          watch.stage + "' (parallel.watchdog)",
                      {});
  throw RankMissing(names(roll.missing) + (roll.missing.size() == 1 ? " has" : " have") + " not come, and " +
                        names(roll.waiting) + (roll.waiting.size() == 1 ? " has" : " have") + " waited for " +
                        seconds + " in the stage '" + watch.stage + "' (parallel.watchdog)",
                    roll.missing);
}

/// Waits until done() or until the time is up; whether it was done.
template <typename Done>
bool wait_at_most(double seconds, const Done& done) {
  double waited = 0;
  Stopwatch since;
  double last = 0;
  for (std::int64_t polls = 0; !done(); ++polls) {
    const double now = since.seconds();
    waited += std::min(now - last, longest_step);
    last = now;
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

template <typename Done>
void wait_watched(const Communicator& comm, const Done& done) {
  watch.awaited = &comm;
  while (!wait_at_most(watch.patience, done)) {
    const auto roll = call_roll(done);
    if (done())
      return;
    // One rank speaks for all; another one only if that does not happen.
    if (roll.waiting.front() == watch.rank || !wait_at_most(turn_of_others, done))
      give_up(roll);
  }
}

} // namespace

Watchdog::Watchdog(const Communicator& world, double seconds)
    : comm_(seconds > 0 && world.size() > 1 ? world.duplicate() : Communicator::borrow(MPI_COMM_NULL)) {
  expects(watch.comm == MPI_COMM_NULL, "one Watchdog at a time");
  watch = {};
  watch.comm = comm_.get();
  watch.rank = world.rank();
  watch.patience = seconds;
}

Watchdog::~Watchdog() {
  watch = {};
}

bool is_watched() {
  return watch.comm != MPI_COMM_NULL;
}

void watch_stage(const std::string& name) {
  if (is_watched())
    watch.stage = name;
}

void arrive(const Communicator& comm) {
  if (!is_watched() || comm.size() < 2)
    return;
  MPI_Request request = MPI_REQUEST_NULL;
  check_mpi(MPI_Ibarrier(comm.get(), &request), "MPI_Ibarrier");
  wait_all(comm, std::span(&request, 1));
}

void wait_all(const Communicator& comm, std::span<MPI_Request> requests, MPI_Status* statuses) {
  const auto count = narrow<int>(requests.size(), "requests");
  if (!is_watched()) {
    check_mpi(MPI_Waitall(count, requests.data(), statuses), "MPI_Waitall");
    return;
  }
  int finished = 0; // once it is, MPI_Testall would say so of null requests again
  const auto done = [&] {
    if (finished == 0)
      check_mpi(MPI_Testall(count, requests.data(), &finished, statuses), "MPI_Testall");
    return finished != 0;
  };
  try {
    wait_watched(comm, done);
  } catch (...) {
    abandon(requests);
    throw;
  }
}

} // namespace soapstone::parallel
