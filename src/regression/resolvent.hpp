// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/linalg/distributed_matrix.hpp"
#include "soapstone/linalg/eigen.hpp"

#include <optional>
#include <vector>

namespace soapstone::regression {

/// G = (K + lambda I)^-1 for some lambdas, as far as cross-validation needs it. All is collective.
class Resolvent {
public:
  Resolvent() = default;
  virtual ~Resolvent() = default;
  Resolvent(const Resolvent&) = delete;
  Resolvent& operator=(const Resolvent&) = delete;

  /// Takes the matrix T (n x c) of the products that follow; it must outlive them.
  virtual void prepare(const linalg::DistributedMatrix& t) = 0;
  /// R (m x c) := (G T)(row : row + m, :), G with lambda `i`.
  virtual void product(std::size_t i, std::int64_t row, linalg::DistributedMatrix& r) const = 0;
  /// B (m x m) := G(row : row + m, row : row + m), at least its lower triangle.
  virtual void block(std::size_t i, std::int64_t row, linalg::DistributedMatrix& b) const = 0;
};

/// By the inverse itself: one lambda.
class InverseResolvent : public Resolvent {
public:
  /// `inverse` with both triangles.
  explicit InverseResolvent(linalg::DistributedMatrix inverse) : inverse_(std::move(inverse)) {}
  void prepare(const linalg::DistributedMatrix& t) override { t_ = &t; }
  void product(std::size_t i, std::int64_t row, linalg::DistributedMatrix& r) const override;
  void block(std::size_t i, std::int64_t row, linalg::DistributedMatrix& b) const override;

private:
  linalg::DistributedMatrix inverse_;
  const linalg::DistributedMatrix* t_ = nullptr;
};

/// By G = V (D + lambda)^-1 Vᵀ with the eigenvectors V and eigenvalues D of K: any number of lambdas.
class EigenResolvent : public Resolvent {
public:
  EigenResolvent(linalg::Eigenvectors eigen, std::vector<double> lambdas)
      : eigen_(std::move(eigen)), lambdas_(std::move(lambdas)) {}
  void prepare(const linalg::DistributedMatrix& t) override; ///< Vᵀ T, for all lambdas
  void product(std::size_t i, std::int64_t row, linalg::DistributedMatrix& r) const override;
  void block(std::size_t i, std::int64_t row, linalg::DistributedMatrix& b) const override;

private:
  linalg::Eigenvectors eigen_;
  std::vector<double> lambdas_;
  std::optional<linalg::DistributedMatrix> projected_;
};

} // namespace soapstone::regression
