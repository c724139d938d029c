// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/linalg/scalapack.hpp"

#include "fortran_int.hpp"
#include "scalapack_fortran.hpp"

#include <vector>

namespace soapstone::linalg::scalapack {

namespace {

constexpr int block_cyclic_dense = 1; // DTYPE_ of a dense matrix

/// A character argument: pointer to the enum's letter, valid for the call it is written in.
template <typename Enum>
class Character {
public:
  Character(Enum value) : character_(static_cast<char>(value)) {}
  operator const char*() const { return &character_; }

private:
  char character_;
};

FortranInt from_one(std::int64_t index) {
  return {index + 1};
}

} // namespace

Descriptor make_descriptor(int context, std::int64_t rows, std::int64_t cols, std::int64_t block,
                           std::int64_t leading) {
  const int nb = FortranInt(block).value();
  return {
      block_cyclic_dense,         context, FortranInt(rows).value(), FortranInt(cols).value(), nb, nb, 0, 0,
      FortranInt(leading).value()};
}

void pdgemm(Op op_a, Op op_b, std::int64_t m, std::int64_t n, std::int64_t k, double alpha, Source a,
            Source b, double beta, Target c) {
  pdgemm_(Character(op_a), Character(op_b), FortranInt(m), FortranInt(n), FortranInt(k), &alpha, a.data,
          from_one(a.row), from_one(a.col), a.descriptor.data(), b.data, from_one(b.row), from_one(b.col),
          b.descriptor.data(), &beta, c.data, from_one(c.row), from_one(c.col), c.descriptor.data());
}

void pdsyrk(Triangle triangle, Op op, std::int64_t n, std::int64_t k, double alpha, Source a, double beta,
            Target c) {
  pdsyrk_(Character(triangle), Character(op), FortranInt(n), FortranInt(k), &alpha, a.data, from_one(a.row),
          from_one(a.col), a.descriptor.data(), &beta, c.data, from_one(c.row), from_one(c.col),
          c.descriptor.data());
}

void pdsymm(Side side, Triangle triangle, std::int64_t m, std::int64_t n, double alpha, Source a, Source b,
            double beta, Target c) {
  pdsymm_(Character(side), Character(triangle), FortranInt(m), FortranInt(n), &alpha, a.data, from_one(a.row),
          from_one(a.col), a.descriptor.data(), b.data, from_one(b.row), from_one(b.col), b.descriptor.data(),
          &beta, c.data, from_one(c.row), from_one(c.col), c.descriptor.data());
}

void pdtrsm(Side side, Triangle triangle, Op op, Diagonal diagonal, std::int64_t m, std::int64_t n,
            double alpha, Source a, Target b) {
  pdtrsm_(Character(side), Character(triangle), Character(op), Character(diagonal), FortranInt(m),
          FortranInt(n), &alpha, a.data, from_one(a.row), from_one(a.col), a.descriptor.data(), b.data,
          from_one(b.row), from_one(b.col), b.descriptor.data());
}

void pdtran(std::int64_t m, std::int64_t n, double alpha, Source a, double beta, Target c) {
  pdtran_(FortranInt(m), FortranInt(n), &alpha, a.data, from_one(a.row), from_one(a.col), a.descriptor.data(),
          &beta, c.data, from_one(c.row), from_one(c.col), c.descriptor.data());
}

void pdgeadd(std::int64_t m, std::int64_t n, double alpha, Source a, double beta, Target c) {
  pdgeadd_(Character(Op::none), FortranInt(m), FortranInt(n), &alpha, a.data, from_one(a.row),
           from_one(a.col), a.descriptor.data(), &beta, c.data, from_one(c.row), from_one(c.col),
           c.descriptor.data());
}

int pdpotrf(Triangle triangle, std::int64_t n, Target a) {
  int info = 0;
  pdpotrf_(Character(triangle), FortranInt(n), a.data, from_one(a.row), from_one(a.col), a.descriptor.data(),
           &info, 1);
  return info;
}

int pdpotrs(Triangle triangle, std::int64_t n, std::int64_t k, Source factor, Target b) {
  int info = 0;
  pdpotrs_(Character(triangle), FortranInt(n), FortranInt(k), factor.data, from_one(factor.row),
           from_one(factor.col), factor.descriptor.data(), b.data, from_one(b.row), from_one(b.col),
           b.descriptor.data(), &info, 1);
  return info;
}

int pdpotri(Triangle triangle, std::int64_t n, Target a) {
  int info = 0;
  pdpotri_(Character(triangle), FortranInt(n), a.data, from_one(a.row), from_one(a.col), a.descriptor.data(),
           &info, 1);
  return info;
}

int pdsyevd(Triangle triangle, std::int64_t n, Target a, std::span<double> eigenvalues, Target z) {
  int info = 0;
  const auto call = [&](double* work, std::int64_t lwork, int* iwork, std::int64_t liwork) {
    pdsyevd_("V", Character(triangle), FortranInt(n), a.data, from_one(a.row), from_one(a.col),
             a.descriptor.data(), eigenvalues.data(), z.data, from_one(z.row), from_one(z.col),
             z.descriptor.data(), work, FortranInt(lwork), iwork, FortranInt(liwork), &info, 1, 1);
  };
  double work_size = 0;
  int iwork_size = 0;
  call(&work_size, -1, &iwork_size, 1);
  // With blocks wider than the matrix pdsyevd asks for less than its own pdormtr needs, which then leaves the
  // eigenvectors of the tridiagonal matrix without an error: that much more (ScaLAPACK 2.2.1).
  const std::int64_t block = a.descriptor[4], rows = a.descriptor[8];
  const auto extra = (rows + n + 3 * block) * block;
  std::vector<double> work(static_cast<std::size_t>(work_size) + static_cast<std::size_t>(extra));
  std::vector<int> iwork(static_cast<std::size_t>(iwork_size));
  call(work.data(), static_cast<std::int64_t>(work.size()), iwork.data(),
       static_cast<std::int64_t>(iwork.size()));
  return info;
}

} // namespace soapstone::linalg::scalapack
