// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/parallel/mpi.hpp"

#include <exception>

namespace soapstone::parallel {

/// Thrown where this rank waits for others, once one of them has failed and will not come: so that what is
/// unfinished is tidied up as after a failure of its own. Not an Error, as nothing but run_agreed may catch
/// it for good.
class JobEnds : public std::exception {
public:
  const char* what() const noexcept override { return "another rank has failed"; }
};

/// By which a rank that has failed calls those away that wait for it. One at a time in a process.
class Alarm {
public:
  explicit Alarm(MPI_Comm comm); ///< which must outlive it
  ~Alarm();
  Alarm(const Alarm&) = delete;
  Alarm& operator=(const Alarm&) = delete;

  /// Tells all other ranks. The job must then end by MPI_Abort: who does not wait does not hear it.
  void ring() const;

private:
  MPI_Comm comm_;
};

/// Throws JobEnds if an alarm has come, from then on whenever it is called. Those who poll for other
/// ranks do so all the time.
void heed_alarm();

} // namespace soapstone::parallel
