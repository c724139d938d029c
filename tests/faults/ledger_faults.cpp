// SPDX-License-Identifier: BSD-3-Clause
// A program that does one thing wrong, for the test of mpi_ledger.cpp: ledger_faults FAULT. Run on two ranks
// or more.
#include <cstdio>
#include <cstring>

#include <hdf5.h>
#include <mpi.h>

namespace {

void add(void*, void*, int*, MPI_Datatype*) {}

void leak(const char* what, int rank) {
  if (std::strcmp(what, "communicators") == 0) {
    MPI_Comm lost = MPI_COMM_NULL, kept = MPI_COMM_NULL;
    MPI_Comm_dup(MPI_COMM_WORLD, &lost);
    MPI_Comm_split(MPI_COMM_WORLD, rank % 2, 0, &kept);
    MPI_Comm_free(&kept);
  } else if (std::strcmp(what, "groups") == 0) {
    MPI_Group lost = MPI_GROUP_NULL;
    MPI_Comm_group(MPI_COMM_WORLD, &lost);
  } else if (std::strcmp(what, "datatypes") == 0) {
    MPI_Datatype lost = MPI_DATATYPE_NULL;
    MPI_Type_vector(3, 1, 2, MPI_DOUBLE, &lost);
  } else if (std::strcmp(what, "requests") == 0) {
    static int word = 0;
    MPI_Request lost = MPI_REQUEST_NULL;
    MPI_Irecv(&word, 1, MPI_INT, rank, 7, MPI_COMM_WORLD, &lost); // of which nobody asks again
    MPI_Send(&word, 1, MPI_INT, rank, 7, MPI_COMM_WORLD);
  } else if (std::strcmp(what, "operations") == 0) {
    MPI_Op lost = MPI_OP_NULL;
    MPI_Op_create(add, 1, &lost);
  } else if (std::strcmp(what, "windows") == 0) {
    double* memory = nullptr;
    MPI_Win lost = MPI_WIN_NULL;
    MPI_Win_allocate(sizeof(double), sizeof(double), MPI_INFO_NULL, MPI_COMM_WORLD,
                     static_cast<void*>(&memory), &lost);
  } else if (std::strcmp(what, "HDF5") == 0) {
    const hid_t memory = H5Pcreate(H5P_FILE_ACCESS);
    H5Pset_fapl_core(memory, 1024, 0);
    H5Fcreate("lost.h5", H5F_ACC_TRUNC, H5P_DEFAULT, memory);
    H5Pclose(memory);
  } else if (std::strcmp(what, "spaces") == 0) {
    H5Screate(H5S_SCALAR);
  } else if (std::strcmp(what, "lists") == 0) {
    H5Pcreate(H5P_DATASET_CREATE);
  } else if (std::strcmp(what, "types") == 0) {
    H5Tcopy(H5T_NATIVE_DOUBLE);
  } else if (std::strcmp(what, "file") == 0) {
    [[maybe_unused]] static std::FILE* lost = nullptr;
    lost = std::fopen("lost.txt", "w");
  }
}

/// Calls that end all the same, as small messages do.
void mismatch(const char* what, int rank) {
  int word = 0;
  MPI_Comm twin = MPI_COMM_NULL;
  MPI_Comm_dup(MPI_COMM_WORLD, &twin);
  if (std::strcmp(what, "one_more") == 0 && rank == 0)
    MPI_Bcast(&word, 1, MPI_INT, 0, twin); // the root need not wait for anybody
  if (std::strcmp(what, "another_root") == 0)
    MPI_Bcast(&word, 1, MPI_INT, rank, twin); // everybody sends, nobody receives
  MPI_Comm_free(&twin);
}

} // namespace

int main(int count, char** arguments) {
  MPI_Init(&count, &arguments);
  int rank = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  const char* what = count > 1 ? arguments[1] : "none";
  leak(what, rank);
  mismatch(what, rank);
  MPI_Barrier(MPI_COMM_WORLD);
  MPI_Finalize();
  return 0;
}
