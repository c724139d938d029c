// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/kernel/compact_form.hpp"
#include "soapstone/kernel/kernel_spec.hpp"
#include "soapstone/regression/baseline.hpp"
#include "soapstone/regression/committee.hpp"
#include "soapstone/regression/novelty.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace soapstone::regression {

/// One property that a model predicts.
struct ModelTarget {
  std::string name; ///< key in the input
  Baseline baseline;
};

/// Everything a prediction needs, and where it came from.
struct Model {
  std::vector<kernel::KernelSpec> kernels;
  std::vector<ModelTarget> targets;
  std::vector<structure::Structure> training;
  std::vector<double> coefficients;         ///< training x targets, column-major, eV per atom
  std::vector<kernel::CompactForm> compact; ///< one per kernel, or none: predictions without the training set
  Committee committee;                      ///< for error bars; none unless asked for
  std::vector<NoveltyReference> novelty;    ///< one per kernel, or none: how near structures are is not known
  std::int64_t block = 128;                 ///< structures per feature block: fixes the order of summation
  double regularization = 0;                ///< relative
  double lambda = 0;                        ///< absolute
  std::optional<double> backward_error;     ///< of the direct solver, see linalg::Residual
  std::optional<double>
      residual; ///< ||y - (K + lambda I) x|| / ||y||, where the solver was another than Cholesky
  std::map<std::string, std::string> configuration; ///< every key as it was in force
  std::map<std::string, std::string> provenance;    ///< program version, ranks, errors...

  std::vector<int> elements() const; ///< that every kernel has a channel for, ascending
};

inline constexpr std::int64_t model_schema_version =
    3; ///< newest that is read; 2 has species couplings, 3 radial bases

/// Writes the model as one checksummed HDF5 file, under a temporary name until it is complete. Throws
/// IoError.
void write_model(const std::string& path, const Model& model);

/// Throws IoError when the file is damaged, is not a model, or has a newer schema than this program knows.
Model read_model(const std::string& path);

} // namespace soapstone::regression
