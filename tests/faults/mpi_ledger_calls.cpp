// SPDX-License-Identifier: BSD-3-Clause
// The calls of MPI that the ledger sees: what the program uses, and their relatives.
#include "mpi_ledger.hpp"

using namespace ledger;

#define CALLER __builtin_return_address(0)

extern "C" {

int MPI_Init(int* argc, char*** argv) {
  const int status = PMPI_Init(argc, argv);
  ledger::begin();
  return status;
}
int MPI_Init_thread(int* argc, char*** argv, int required, int* provided) {
  const int status = PMPI_Init_thread(argc, argv, required, provided);
  ledger::begin();
  return status;
}
int MPI_Finalize() {
  ledger::close();
  return PMPI_Finalize();
}

// Communicators and groups.
int MPI_Comm_dup(MPI_Comm comm, MPI_Comm* made) {
  called(comm, "dup");
  const int status = PMPI_Comm_dup(comm, made);
  made_from(comm, *made, CALLER);
  return status;
}
int MPI_Comm_split(MPI_Comm comm, int color, int order, MPI_Comm* made) {
  called(comm, "split");
  const int status = PMPI_Comm_split(comm, color, order, made);
  made_from(comm, *made, CALLER);
  return status;
}
int MPI_Comm_split_type(MPI_Comm comm, int type, int order, MPI_Info info, MPI_Comm* made) {
  called(comm, "split_type");
  const int status = PMPI_Comm_split_type(comm, type, order, info, made);
  made_from(comm, *made, CALLER);
  return status;
}
int MPI_Comm_create(MPI_Comm comm, MPI_Group group, MPI_Comm* made) {
  called(comm, "create");
  const int status = PMPI_Comm_create(comm, group, made);
  made_from(comm, *made, CALLER);
  return status;
}
int MPI_Comm_free(MPI_Comm* comm) {
  const MPI_Comm old = *comm;
  called(old, "free");
  closed(old);
  freed(communicators, old);
  return PMPI_Comm_free(comm);
}
int MPI_Comm_group(MPI_Comm comm, MPI_Group* made) {
  const int status = PMPI_Comm_group(comm, made);
  opened(groups, *made, MPI_GROUP_NULL, CALLER);
  return status;
}
int MPI_Group_incl(MPI_Group group, int n, const int ranks[], MPI_Group* made) {
  const int status = PMPI_Group_incl(group, n, ranks, made);
  opened(groups, *made, MPI_GROUP_NULL, CALLER);
  return status;
}
int MPI_Group_free(MPI_Group* group) {
  freed(groups, *group);
  return PMPI_Group_free(group);
}

// Datatypes and operations.
int MPI_Type_contiguous(int count, MPI_Datatype old, MPI_Datatype* made) {
  const int status = PMPI_Type_contiguous(count, old, made);
  opened(datatypes, *made, MPI_DATATYPE_NULL, CALLER);
  return status;
}
int MPI_Type_vector(int count, int length, int stride, MPI_Datatype old, MPI_Datatype* made) {
  const int status = PMPI_Type_vector(count, length, stride, old, made);
  opened(datatypes, *made, MPI_DATATYPE_NULL, CALLER);
  return status;
}
int MPI_Type_indexed(int count, const int lengths[], const int places[], MPI_Datatype old,
                     MPI_Datatype* made) {
  const int status = PMPI_Type_indexed(count, lengths, places, old, made);
  opened(datatypes, *made, MPI_DATATYPE_NULL, CALLER);
  return status;
}
int MPI_Type_create_struct(int count, const int lengths[], const MPI_Aint places[],
                           const MPI_Datatype types[], MPI_Datatype* made) {
  const int status = PMPI_Type_create_struct(count, lengths, places, types, made);
  opened(datatypes, *made, MPI_DATATYPE_NULL, CALLER);
  return status;
}
int MPI_Type_create_subarray(int dimensions, const int sizes[], const int parts[], const int starts[],
                             int order, MPI_Datatype old, MPI_Datatype* made) {
  const int status = PMPI_Type_create_subarray(dimensions, sizes, parts, starts, order, old, made);
  opened(datatypes, *made, MPI_DATATYPE_NULL, CALLER);
  return status;
}
int MPI_Type_create_resized(MPI_Datatype old, MPI_Aint low, MPI_Aint extent, MPI_Datatype* made) {
  const int status = PMPI_Type_create_resized(old, low, extent, made);
  opened(datatypes, *made, MPI_DATATYPE_NULL, CALLER);
  return status;
}
int MPI_Type_dup(MPI_Datatype old, MPI_Datatype* made) {
  const int status = PMPI_Type_dup(old, made);
  opened(datatypes, *made, MPI_DATATYPE_NULL, CALLER);
  return status;
}
int MPI_Type_free(MPI_Datatype* type) {
  freed(datatypes, *type);
  return PMPI_Type_free(type);
}
int MPI_Op_create(MPI_User_function* function, int commutes, MPI_Op* made) {
  const int status = PMPI_Op_create(function, commutes, made);
  opened(operations, *made, MPI_OP_NULL, CALLER);
  return status;
}
int MPI_Op_free(MPI_Op* op) {
  freed(operations, *op);
  return PMPI_Op_free(op);
}

// Windows.
int MPI_Win_allocate(MPI_Aint size, int unit, MPI_Info info, MPI_Comm comm, void* base, MPI_Win* made) {
  called(comm, "win_allocate");
  const int status = PMPI_Win_allocate(size, unit, info, comm, base, made);
  opened(windows, *made, MPI_WIN_NULL, CALLER);
  return status;
}
int MPI_Win_create(void* base, MPI_Aint size, int unit, MPI_Info info, MPI_Comm comm, MPI_Win* made) {
  called(comm, "win_create");
  const int status = PMPI_Win_create(base, size, unit, info, comm, made);
  opened(windows, *made, MPI_WIN_NULL, CALLER);
  return status;
}
int MPI_Win_free(MPI_Win* window) {
  freed(windows, *window);
  return PMPI_Win_free(window);
}

// Requests.
int MPI_Isend(const void* data, int count, MPI_Datatype type, int to, int tag, MPI_Comm comm,
              MPI_Request* request) {
  delay();
  const int status = PMPI_Isend(data, count, type, to, tag, comm, request);
  opened(requests, *request, MPI_REQUEST_NULL, CALLER);
  return status;
}
int MPI_Irecv(void* data, int count, MPI_Datatype type, int from, int tag, MPI_Comm comm,
              MPI_Request* request) {
  delay();
  const int status = PMPI_Irecv(data, count, type, from, tag, comm, request);
  opened(requests, *request, MPI_REQUEST_NULL, CALLER);
  return status;
}
int MPI_Ibcast(void* data, int count, MPI_Datatype type, int root, MPI_Comm comm, MPI_Request* request) {
  called(comm, "ibcast", detail(root, count, type));
  const int status = PMPI_Ibcast(data, count, type, root, comm, request);
  opened(requests, *request, MPI_REQUEST_NULL, CALLER);
  return status;
}
int MPI_Ibarrier(MPI_Comm comm, MPI_Request* request) {
  called(comm, "ibarrier");
  const int status = PMPI_Ibarrier(comm, request);
  opened(requests, *request, MPI_REQUEST_NULL, CALLER);
  return status;
}
int MPI_Wait(MPI_Request* request, MPI_Status* status) {
  const Completion completion(1, request);
  return PMPI_Wait(request, status);
}
int MPI_Test(MPI_Request* request, int* done, MPI_Status* status) {
  const Completion completion(1, request);
  return PMPI_Test(request, done, status);
}
int MPI_Waitall(int count, MPI_Request array[], MPI_Status* statuses) {
  const Completion completion(count, array);
  return PMPI_Waitall(count, array, statuses);
}
int MPI_Testall(int count, MPI_Request array[], int* done, MPI_Status* statuses) {
  const Completion completion(count, array);
  return PMPI_Testall(count, array, done, statuses);
}
int MPI_Waitany(int count, MPI_Request array[], int* which, MPI_Status* status) {
  const Completion completion(count, array);
  return PMPI_Waitany(count, array, which, status);
}
int MPI_Testsome(int count, MPI_Request array[], int* some, int* which, MPI_Status* statuses) {
  const Completion completion(count, array);
  return PMPI_Testsome(count, array, some, which, statuses);
}
int MPI_Request_free(MPI_Request* request) {
  freed(requests, *request);
  return PMPI_Request_free(request);
}

// Collectives.
int MPI_Barrier(MPI_Comm comm) {
  called(comm, "barrier");
  return PMPI_Barrier(comm);
}
int MPI_Bcast(void* data, int count, MPI_Datatype type, int root, MPI_Comm comm) {
  called(comm, "bcast", detail(root, count, type));
  return PMPI_Bcast(data, count, type, root, comm);
}
int MPI_Reduce(const void* from, void* to, int count, MPI_Datatype type, MPI_Op op, int root, MPI_Comm comm) {
  called(comm, "reduce", detail(root, count, type));
  return PMPI_Reduce(from, to, count, type, op, root, comm);
}
int MPI_Allreduce(const void* from, void* to, int count, MPI_Datatype type, MPI_Op op, MPI_Comm comm) {
  called(comm, "allreduce", detail(-1, count, type));
  return PMPI_Allreduce(from, to, count, type, op, comm);
}
int MPI_Allgather(const void* from, int count, MPI_Datatype type, void* to, int to_count,
                  MPI_Datatype to_type, MPI_Comm comm) {
  called(comm, "allgather", detail(-1, to_count, to_type));
  return PMPI_Allgather(from, count, type, to, to_count, to_type, comm);
}
int MPI_Allgatherv(const void* from, int count, MPI_Datatype type, void* to, const int counts[],
                   const int places[], MPI_Datatype to_type, MPI_Comm comm) {
  called(comm, "allgatherv");
  return PMPI_Allgatherv(from, count, type, to, counts, places, to_type, comm);
}
int MPI_Gather(const void* from, int count, MPI_Datatype type, void* to, int to_count, MPI_Datatype to_type,
               int root, MPI_Comm comm) {
  called(comm, "gather", detail(root, 0, MPI_BYTE));
  return PMPI_Gather(from, count, type, to, to_count, to_type, root, comm);
}
int MPI_Alltoall(const void* from, int count, MPI_Datatype type, void* to, int to_count, MPI_Datatype to_type,
                 MPI_Comm comm) {
  called(comm, "alltoall", detail(-1, to_count, to_type));
  return PMPI_Alltoall(from, count, type, to, to_count, to_type, comm);
}
}
