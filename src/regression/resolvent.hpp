// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/linalg/distributed_matrix.hpp"
#include "soapstone/linalg/eigen.hpp"

#include <utility>
#include <vector>

namespace soapstone::regression {

/// G = (K + lambda I)^-1 for some lambdas, as far as cross-validation needs it. All is collective.
class Resolvent {
public:
  Resolvent() = default;
  virtual ~Resolvent() = default;
  Resolvent(const Resolvent&) = delete;
  Resolvent& operator=(const Resolvent&) = delete;

  /// Returns what product() takes for a matrix T (n x c), for all lambdas.
  virtual linalg::DistributedMatrix prepare(linalg::DistributedMatrix t) const = 0;
  /// R (m x c) := (G T)(row : row + m, :), G with lambda `i`.
  virtual void product(std::size_t i, std::int64_t row, const linalg::DistributedMatrix& prepared,
                       linalg::DistributedMatrix& r) const = 0;
  /// B (m x m) := G(row : row + m, row : row + m), at least its lower triangle.
  virtual void block(std::size_t i, std::int64_t row, linalg::DistributedMatrix& b) const = 0;
};

/// By the inverse itself: one lambda.
class InverseResolvent : public Resolvent {
public:
  /// `inverse` with both triangles.
  explicit InverseResolvent(linalg::DistributedMatrix inverse) : inverse_(std::move(inverse)) {}
  linalg::DistributedMatrix prepare(linalg::DistributedMatrix t) const override { return t; }
  void product(std::size_t i, std::int64_t row, const linalg::DistributedMatrix& prepared,
               linalg::DistributedMatrix& r) const override;
  void block(std::size_t i, std::int64_t row, linalg::DistributedMatrix& b) const override;

private:
  linalg::DistributedMatrix inverse_;
};

/// By G = V (D + lambda)^-1 Vᵀ with the eigenvectors V and eigenvalues D of K: any number of lambdas.
class EigenResolvent : public Resolvent {
public:
  EigenResolvent(linalg::Eigenvectors eigen, std::vector<double> lambdas)
      : eigen_(std::move(eigen)), lambdas_(std::move(lambdas)) {}
  linalg::DistributedMatrix prepare(linalg::DistributedMatrix t) const override; ///< Vᵀ T
  void product(std::size_t i, std::int64_t row, const linalg::DistributedMatrix& prepared,
               linalg::DistributedMatrix& r) const override;
  void block(std::size_t i, std::int64_t row, linalg::DistributedMatrix& b) const override;

private:
  linalg::Eigenvectors eigen_;
  std::vector<double> lambdas_;
};

} // namespace soapstone::regression
