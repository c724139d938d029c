// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/search/mailbox.hpp"

#include "soapstone/parallel/collectives.hpp"

#include <chrono>
#include <thread>

namespace soapstone::search {

namespace {

constexpr int tag = 1;

} // namespace

Mailbox::Mailbox(const parallel::Communicator& comm) : comm_(comm.duplicate()) {}

void Mailbox::forget_sent() {
  sent_.remove_if([](auto& message) {
    int done = 0;
    MPI_Test(&message.first, &done, MPI_STATUS_IGNORE);
    return done != 0;
  });
}

void Mailbox::post(std::string text) {
  if (comm_.rank() == 0) {
    own_.push_back(std::move(text));
    return;
  }
  forget_sent();
  ++posted_;
  auto& [request, kept] = sent_.emplace_back(MPI_REQUEST_NULL, std::move(text));
  parallel::check_mpi(
      MPI_Isend(kept.data(), narrow<int>(kept.size(), "bytes"), MPI_CHAR, 0, tag, comm_.get(), &request),
      "MPI_Isend");
}

std::vector<std::string> Mailbox::collect() {
  forget_sent();
  std::vector<std::string> texts;
  if (comm_.rank() != 0)
    return texts;
  texts.swap(own_);
  for (;;) {
    int there = 0;
    MPI_Message message = MPI_MESSAGE_NULL;
    MPI_Status status;
    parallel::check_mpi(MPI_Improbe(MPI_ANY_SOURCE, tag, comm_.get(), &there, &message, &status),
                        "MPI_Improbe");
    if (there == 0)
      return texts;
    int size = 0;
    MPI_Get_count(&status, MPI_CHAR, &size);
    std::string text(static_cast<std::size_t>(size), '\0');
    parallel::check_mpi(MPI_Mrecv(text.data(), size, MPI_CHAR, &message, MPI_STATUS_IGNORE), "MPI_Mrecv");
    texts.push_back(std::move(text));
    ++received_;
  }
}

void Mailbox::begin_closing() {
  parallel::check_mpi(MPI_Ibarrier(comm_.get(), &closing_), "MPI_Ibarrier");
}

bool Mailbox::all_are_here() {
  int done = 0;
  MPI_Test(&closing_, &done, MPI_STATUS_IGNORE);
  if (done == 0)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  return done != 0;
}

std::vector<std::string> Mailbox::collect_the_rest() {
  const auto total = parallel::all_reduce(comm_, posted_);
  std::vector<std::string> texts;
  while (comm_.rank() == 0 && (received_ < total || !own_.empty()))
    for (auto& text : collect())
      texts.push_back(std::move(text));
  while (!sent_.empty())
    forget_sent();
  posted_ = received_ = 0;
  // Nobody posts anew before rank 0 has it all: a new letter would be counted in place of an old one.
  parallel::check_mpi(MPI_Barrier(comm_.get()), "MPI_Barrier");
  return texts;
}

} // namespace soapstone::search
