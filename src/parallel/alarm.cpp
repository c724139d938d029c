// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/parallel/alarm.hpp"

namespace soapstone::parallel {

namespace {

constexpr int tag = 1;

MPI_Comm ears = MPI_COMM_NULL; ///< null: no Alarm
bool heard = false;

} // namespace

Alarm::Alarm(MPI_Comm comm) : comm_(comm) {
  ears = comm;
  heard = false;
}

Alarm::~Alarm() {
  ears = MPI_COMM_NULL;
}

void Alarm::ring() const {
  int own = 0;
  MPI_Comm_rank(comm_, &own);
  for (int rank = 0; rank < size_of(comm_); ++rank) {
    MPI_Request request = MPI_REQUEST_NULL; // never waited for: the job ends
    if (rank != own)
      MPI_Isend(nullptr, 0, MPI_BYTE, rank, tag, comm_, &request);
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
