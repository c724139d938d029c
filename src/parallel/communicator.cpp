// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/parallel/communicator.hpp"

#include "abandoned.hpp"

#include "soapstone/parallel/waiting.hpp"

#include <exception>
#include <utility>

namespace soapstone::parallel {

MpiEnvironment::MpiEnvironment(int& argc, char**& argv) : exceptions_at_start_(std::uncaught_exceptions()) {
  int provided = 0;
  check_mpi(MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &provided), "MPI_Init_thread");
}

MpiEnvironment::~MpiEnvironment() {
  if (std::uncaught_exceptions() == exceptions_at_start_)
    MPI_Finalize();
}

Communicator::Communicator(MPI_Comm comm, bool owned) : comm_(comm), owned_(owned) {
  if (comm_ != MPI_COMM_NULL)
    MPI_Comm_rank(comm_, &rank_);
  size_ = size_of(comm_);
}

Communicator Communicator::world() {
  return {MPI_COMM_WORLD, false};
}
Communicator Communicator::self() {
  return {MPI_COMM_SELF, false};
}
Communicator Communicator::borrow(MPI_Comm comm) {
  return {comm, false};
}

Communicator::~Communicator() {
  release();
}

void Communicator::release() noexcept {
  if (owned_ && comm_ != MPI_COMM_NULL) {
    if (size_ == 1 || std::uncaught_exceptions() == 0)
      MPI_Comm_free(&comm_);
    else
      abandon(comm_); // freeing is collective: while an exception unwinds other ranks may not come
  }
  comm_ = MPI_COMM_NULL;
}

Communicator::Communicator(Communicator&& other) noexcept
    : comm_(std::exchange(other.comm_, MPI_COMM_NULL)), owned_(other.owned_), rank_(other.rank_),
      size_(other.size_) {}

Communicator& Communicator::operator=(Communicator&& other) noexcept {
  if (this != &other) {
    release();
    comm_ = std::exchange(other.comm_, MPI_COMM_NULL);
    owned_ = other.owned_;
    rank_ = other.rank_;
    size_ = other.size_;
  }
  return *this;
}

Communicator Communicator::split(int color, int key) const {
  MPI_Comm made = MPI_COMM_NULL;
  arrive(comm_);
  check_mpi(MPI_Comm_split(comm_, color < 0 ? MPI_UNDEFINED : color, key, &made), "MPI_Comm_split");
  return {made, true};
}

Communicator Communicator::duplicate() const {
  MPI_Comm made = MPI_COMM_NULL;
  arrive(comm_);
  check_mpi(MPI_Comm_dup(comm_, &made), "MPI_Comm_dup");
  return {made, true};
}

void Communicator::barrier() const {
  arrive(comm_);
  check_mpi(MPI_Barrier(comm_), "MPI_Barrier");
}

} // namespace soapstone::parallel
