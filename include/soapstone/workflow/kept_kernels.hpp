// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/workflow/evaluation.hpp"

#include <string>
#include <vector>

namespace soapstone::workflow {

/// Evaluates points of which some differ in the weights of their kernels alone: kernels are assembled one by
/// one and summed, and kept for the next point where memory allows. The same numbers whether they were kept
/// or not.
class KeptKernels {
public:
  /// Collective. Does what evaluate_set does. `features` must be equal for configurations that differ in
  /// weights and regularisations alone, and for no others.
  EvaluateResult evaluate(const Context& context, const formats::DataSet& all,
                          const options::Configuration& configuration, const std::string& features);

  std::int64_t assembled() const { return assembled_; } ///< kernels so far

private:
  linalg::DistributedMatrix assemble(const Context& context, const EvaluationSet& set, std::size_t kernel,
                                     const options::Configuration& configuration);
  void forget();

  std::string features_; ///< of what is kept
  std::vector<kernel::KernelSpec> specs_;
  std::vector<linalg::DistributedMatrix> kernels_; ///< of weight 1, or none
  std::int64_t assembled_ = 0;
};

} // namespace soapstone::workflow
