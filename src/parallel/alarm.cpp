// SPDX-License-Identifier: BSD-3-Clause
#include "alarm.hpp"

namespace soapstone::parallel {

namespace {

constexpr int tag = 1;

MPI_Comm ears = MPI_COMM_NULL; ///< null: no Alarm
bool heard = false;

} // namespace

Alarm::Alarm(const Communicator& comm) : comm_(comm) {
  ears = comm.get();
  heard = false;
}

Alarm::~Alarm() {
  ears = MPI_COMM_NULL;
}

void Alarm::ring() const {
  for (int rank = 0; rank < comm_.size(); ++rank) {
    MPI_Request request = MPI_REQUEST_NULL; // never waited for: the job ends
    if (rank != comm_.rank())
      MPI_Isend(nullptr, 0, MPI_BYTE, rank, tag, comm_.get(), &request);
  }
}

void heed_alarm() {
  if (ears == MPI_COMM_NULL)
    return;
  int rung = 0;
  if (!heard)
    MPI_Iprobe(MPI_ANY_SOURCE, tag, ears, &rung, MPI_STATUS_IGNORE);
  heard = heard || rung != 0;
  if (heard)
    throw JobEnds();
}

} // namespace soapstone::parallel
