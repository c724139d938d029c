// SPDX-License-Identifier: BSD-3-Clause
#include "rendezvous.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <thread>

namespace soapstone::mpitest {

Rendezvous::Rendezvous(MPI_Comm comm, double patience) : patience_(patience) {
  MPI_Comm_dup(comm, &comm_);
  MPI_Comm_set_errhandler(comm_, MPI_ERRORS_ARE_FATAL);
  MPI_Comm_rank(comm_, &rank_);
  MPI_Comm_size(comm_, &size_);
}

Rendezvous::~Rendezvous() {
  MPI_Comm_free(&comm_);
}

std::vector<int> Rendezvous::meet(int mine, const std::string& where) {
  const int tag = round_++ % 30000; // MPI promises tags up to 32767 only
  std::vector<int> words(static_cast<std::size_t>(size_), mine);
  std::vector<MPI_Request> arrivals(words.size(), MPI_REQUEST_NULL), sends(words.size(), MPI_REQUEST_NULL);
  for (int other = 0; other < size_; ++other) {
    if (other == rank_)
      continue;
    const auto i = static_cast<std::size_t>(other);
    MPI_Irecv(&words[i], 1, MPI_INT, other, tag, comm_, &arrivals[i]);
    MPI_Isend(&mine, 1, MPI_INT, other, tag, comm_, &sends[i]);
  }
  if (!wait_for_all(arrivals))
    give_up(arrivals, where);
  MPI_Waitall(size_, sends.data(), MPI_STATUSES_IGNORE); // all are there, so all receive
  return words;
}

bool Rendezvous::wait_for_all(std::vector<MPI_Request>& arrivals) const {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  std::vector<int> indices(arrivals.size());
  for (int polls = 0;; ++polls) {
    int completed = 0;
    MPI_Testsome(size_, arrivals.data(), &completed, indices.data(), MPI_STATUSES_IGNORE);
    if (std::all_of(arrivals.begin(), arrivals.end(), [](MPI_Request r) { return r == MPI_REQUEST_NULL; }))
      return true;
    if (std::chrono::duration<double>(Clock::now() - start).count() > patience_)
      return false;
    if (polls < 100)
      std::this_thread::yield();
    else
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

void Rendezvous::give_up(const std::vector<MPI_Request>& arrivals, const std::string& where) const {
  std::vector<int> missing;
  for (int other = 0; other < size_; ++other)
    if (arrivals[static_cast<std::size_t>(other)] != MPI_REQUEST_NULL)
      missing.push_back(other);
  char seconds[32];
  std::snprintf(seconds, sizeof seconds, "%.1f", patience_);
  say(rank_, where + ": waited " + seconds + " s at the end; missing: " + name_ranks(missing));
  std::this_thread::sleep_for(
      std::chrono::milliseconds(200)); // lets the others' messages out before the job dies
  MPI_Abort(MPI_COMM_WORLD, 1);
  std::_Exit(1);
}

std::string name_ranks(const std::vector<int>& ranks) {
  std::string text = ranks.size() == 1 ? "rank" : "ranks";
  for (std::size_t i = 0; i < ranks.size(); ++i)
    text += (i == 0 ? " " : ", ") + std::to_string(ranks[i]);
  return text;
}

void say(int rank, const std::string& text) {
  const std::string line = "[rank " + std::to_string(rank) + "] " + text + "\n";
  std::fwrite(line.data(), 1, line.size(), stdout);
  std::fflush(stdout);
}

} // namespace soapstone::mpitest
