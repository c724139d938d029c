// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/parallel/mpi.hpp"

#include <cstddef>

// BLACS, PBLAS and ScaLAPACK as their libraries export them. Names and meanings: netlib.org/scalapack.
extern "C" {

// BLACS, C interface.
int Csys2blacs_handle(MPI_Comm comm);
void Cfree_blacs_system_handle(int handle);
void Cblacs_gridmap(int* context, int* map, int ldmap, int rows, int cols);
void Cblacs_gridinfo(int context, int* rows, int* cols, int* row, int* col);
void Cblacs_set(int context, int what, int* value);
void Cblacs_freebuff(int context, int wait);
void Cblacs_gridexit(int context);

// PBLAS. Places ia, ja count from 1.
void pdgemm_(const char* op_a, const char* op_b, const int* m, const int* n, const int* k,
             const double* alpha, const double* a, const int* ia, const int* ja, const int* desc_a,
             const double* b, const int* ib, const int* jb, const int* desc_b, const double* beta, double* c,
             const int* ic, const int* jc, const int* desc_c);
void pdsyrk_(const char* triangle, const char* op, const int* n, const int* k, const double* alpha,
             const double* a, const int* ia, const int* ja, const int* desc_a, const double* beta, double* c,
             const int* ic, const int* jc, const int* desc_c);
void pdsymm_(const char* side, const char* triangle, const int* m, const int* n, const double* alpha,
             const double* a, const int* ia, const int* ja, const int* desc_a, const double* b, const int* ib,
             const int* jb, const int* desc_b, const double* beta, double* c, const int* ic, const int* jc,
             const int* desc_c);
void pdtrsm_(const char* side, const char* triangle, const char* op, const char* diagonal, const int* m,
             const int* n, const double* alpha, const double* a, const int* ia, const int* ja,
             const int* desc_a, double* b, const int* ib, const int* jb, const int* desc_b);
void pdtran_(const int* m, const int* n, const double* alpha, const double* a, const int* ia, const int* ja,
             const int* desc_a, const double* beta, double* c, const int* ic, const int* jc,
             const int* desc_c);
void pdgeadd_(const char* op, const int* m, const int* n, const double* alpha, const double* a, const int* ia,
              const int* ja, const int* desc_a, const double* beta, double* c, const int* ic, const int* jc,
              const int* desc_c);

// ScaLAPACK.
void pdpotrf_(const char* triangle, const int* n, double* a, const int* ia, const int* ja, const int* desc_a,
              int* info, std::size_t);
void pdpotrs_(const char* triangle, const int* n, const int* nrhs, const double* a, const int* ia,
              const int* ja, const int* desc_a, double* b, const int* ib, const int* jb, const int* desc_b,
              int* info, std::size_t);
void pdpotri_(const char* triangle, const int* n, double* a, const int* ia, const int* ja, const int* desc_a,
              int* info, std::size_t);
void pdsyevd_(const char* job, const char* triangle, const int* n, double* a, const int* ia, const int* ja,
              const int* desc_a, double* w, double* z, const int* iz, const int* jz, const int* desc_z,
              double* work, const int* lwork, int* iwork, const int* liwork, int* info, std::size_t,
              std::size_t);
}
