// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/parallel/waiting.hpp"

#include "abandoned.hpp"

#include "soapstone/base/check.hpp"
#include "soapstone/parallel/alarm.hpp"

#include <chrono>
#include <thread>

namespace soapstone::parallel {

namespace {

WaitHook* installed = nullptr; ///< state of the process, as MPI itself is

void wait(MPI_Comm comm, const std::function<bool()>& done, Others others) {
  if (installed != nullptr)
    return installed->wait(comm, done, others);
  for (; !done(); heed_alarm())
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

} // namespace

void install_wait_hook(WaitHook* hook) {
  expects(hook == nullptr || installed == nullptr, "one hook for waits at a time");
  installed = hook;
}

bool is_watched() {
  return installed != nullptr;
}

void announce_stage(const std::string& name) {
  if (is_watched())
    installed->announce_stage(name);
}

void arrive(MPI_Comm comm) {
  if (!is_watched() || size_of(comm) < 2)
    return;
  MPI_Request request = MPI_REQUEST_NULL;
  check_mpi(MPI_Ibarrier(comm, &request), "MPI_Ibarrier");
  wait_all(comm, std::span(&request, 1));
}

void wait_all(MPI_Comm comm, std::span<MPI_Request> requests, MPI_Status* statuses) {
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
    wait(comm, std::cref(done), Others::on_their_way);
  } catch (...) {
    abandon(requests);
    throw;
  }
}

void wait_until(MPI_Comm comm, const std::function<bool()>& done) {
  wait(comm, done, Others::on_their_way);
}

void await_busy(MPI_Comm comm, const std::function<void()>& meanwhile) {
  MPI_Request request = MPI_REQUEST_NULL;
  check_mpi(MPI_Ibarrier(comm, &request), "MPI_Ibarrier");
  int finished = 0;
  const auto done = [&] {
    if (finished == 0)
      check_mpi(MPI_Test(&request, &finished, MPI_STATUS_IGNORE), "MPI_Test");
    if (finished == 0)
      meanwhile();
    return finished != 0;
  };
  try {
    wait(comm, std::cref(done), Others::busy);
  } catch (...) {
    abandon(std::span(&request, 1));
    throw;
  }
}

void show_life() {
  if (is_watched())
    installed->show_life();
}

} // namespace soapstone::parallel
