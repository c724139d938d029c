/* SPDX-License-Identifier: BSD-3-Clause
 * A library for LD_PRELOAD under which linear systems are solved a little wrong: SOAPSTONE_WRONG_SOLUTION
 * times the first unknown is added to it. */
#include <dlfcn.h>
#include <stdlib.h>

void blacs_gridinfo_(const int* context, int* rows, int* cols, int* my_row, int* my_col);

typedef void Solve(const char* triangle, const int* n, const int* k, const double* a, const int* ia,
                   const int* ja, const int* a_descriptor, double* b, const int* ib, const int* jb,
                   const int* b_descriptor, int* info);

Solve pdpotrs_;

void pdpotrs_(const char* triangle, const int* n, const int* k, const double* a, const int* ia, const int* ja,
              const int* a_descriptor, double* b, const int* ib, const int* jb, const int* b_descriptor,
              int* info) {
  Solve* solve;
  *(void**)&solve = dlsym(RTLD_NEXT, "pdpotrs_");
  solve(triangle, n, k, a, ia, ja, a_descriptor, b, ib, jb, b_descriptor, info);
  int rows, cols, my_row, my_col;
  blacs_gridinfo_(&a_descriptor[1], &rows, &cols, &my_row, &my_col);
  const char* wish = getenv("SOAPSTONE_WRONG_SOLUTION");
  if (wish != NULL && my_row == 0 && my_col == 0) /* which has the first unknown */
    b[0] += atof(wish) * b[0];
}
