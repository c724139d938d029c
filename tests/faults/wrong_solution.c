/* SPDX-License-Identifier: BSD-3-Clause
 * A library for LD_PRELOAD under which linear systems are solved a little wrong, and inverses and
 * eigenvectors are so: SOAPSTONE_WRONG_SOLUTION times the first number of the result is added to it. */
#include <dlfcn.h>
#include <stdlib.h>

void blacs_gridinfo_(const int* context, int* rows, int* cols, int* my_row, int* my_col);

/* Adds to the first number of a distributed matrix, on the rank that has it. */
static void make_wrong(double* matrix, const int* descriptor) {
  int rows, cols, my_row, my_col;
  blacs_gridinfo_(&descriptor[1], &rows, &cols, &my_row, &my_col);
  const char* wish = getenv("SOAPSTONE_WRONG_SOLUTION");
  if (wish != NULL && my_row == 0 && my_col == 0)
    matrix[0] += atof(wish) * matrix[0];
}

typedef void Solve(const char* triangle, const int* n, const int* k, const double* a, const int* ia,
                   const int* ja, const int* a_descriptor, double* b, const int* ib, const int* jb,
                   const int* b_descriptor, int* info);
typedef void Invert(const char* triangle, const int* n, double* a, const int* ia, const int* ja,
                    const int* descriptor, int* info);
typedef void Decompose(const char* job, const char* triangle, const int* n, double* a, const int* ia,
                       const int* ja, const int* a_descriptor, double* w, double* z, const int* iz,
                       const int* jz, const int* z_descriptor, double* work, const int* lwork, int* iwork,
                       const int* liwork, int* info);

Solve pdpotrs_;
Invert pdpotri_;
Decompose pdsyevd_;

void pdpotrs_(const char* triangle, const int* n, const int* k, const double* a, const int* ia, const int* ja,
              const int* a_descriptor, double* b, const int* ib, const int* jb, const int* b_descriptor,
              int* info) {
  Solve* solve;
  *(void**)&solve = dlsym(RTLD_NEXT, "pdpotrs_");
  solve(triangle, n, k, a, ia, ja, a_descriptor, b, ib, jb, b_descriptor, info);
  make_wrong(b, b_descriptor);
}

void pdpotri_(const char* triangle, const int* n, double* a, const int* ia, const int* ja,
              const int* descriptor, int* info) {
  Invert* invert;
  *(void**)&invert = dlsym(RTLD_NEXT, "pdpotri_");
  invert(triangle, n, a, ia, ja, descriptor, info);
  make_wrong(a, descriptor);
}

void pdsyevd_(const char* job, const char* triangle, const int* n, double* a, const int* ia, const int* ja,
              const int* a_descriptor, double* w, double* z, const int* iz, const int* jz,
              const int* z_descriptor, double* work, const int* lwork, int* iwork, const int* liwork,
              int* info) {
  Decompose* decompose;
  *(void**)&decompose = dlsym(RTLD_NEXT, "pdsyevd_");
  decompose(job, triangle, n, a, ia, ja, a_descriptor, w, z, iz, jz, z_descriptor, work, lwork, iwork, liwork,
            info);
  if (*lwork != -1) /* else it was asked for the size of its workspace */
    make_wrong(z, z_descriptor);
}
