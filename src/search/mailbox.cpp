// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/search/mailbox.hpp"

#include "soapstone/parallel/collectives.hpp"
#include "soapstone/parallel/under_way.hpp"
#include "soapstone/parallel/waiting.hpp"

namespace soapstone::search {

namespace {

constexpr int tag = 1;

} // namespace

Mailbox::Mailbox(const parallel::Communicator& comm) : comm_(comm.duplicate()) {}

Mailbox::~Mailbox() {
  std::vector<MPI_Request> requests;
  for (const auto& [request, text] : sent_)
    requests.push_back(request);
  parallel::keep_if_under_way(requests, sent_);
}

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
  auto& [request, kept] = sent_.emplace_back(MPI_REQUEST_NULL, std::move(text));
  parallel::check_mpi(
      MPI_Isend(kept.data(), narrow<int>(kept.size(), "bytes"), MPI_CHAR, 0, tag, comm_.get(), &request),
      "MPI_Isend");
  ++posted_; // now that it is on its way: rank 0 waits for it
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

void Mailbox::close(const std::function<void(const std::vector<std::string>&)>& arrived) {
  parallel::await_busy(comm_.get(), [&] { arrived(collect()); });
  const auto total = parallel::all_reduce(comm_, posted_);
  parallel::wait_until(comm_.get(), [&] {
    arrived(collect());
    return sent_.empty() && (comm_.rank() != 0 || received_ == total);
  });
  posted_ = received_ = 0;
  // Nobody posts anew before rank 0 has it all: a new message would be counted in place of an old one.
  comm_.barrier();
}

} // namespace soapstone::search
