// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/search/hyperparameter_loss.hpp"

#include "kernel_features.hpp"
#include "soapstone/base/error.hpp"
#include "soapstone/kernel/assembly.hpp"
#include "soapstone/parallel/collectives.hpp"

#include <numeric>
#include <utility>

namespace soapstone::search {

using kernel::KernelSpec;
using structure::Structure;

namespace {

/// Beyond their limits hyperparameters have no loss.
void require_valid(const Hyperparameters& at) {
  try {
    for (const auto& spec : at.kernels)
      spec.soap.validate();
  } catch (const ConfigError& error) {
    throw NumericalError(error.what());
  }
}

/// Collective. Sums over ranks.
void project(const parallel::Communicator& comm, features::SoapDerivatives& sum) {
  std::vector<double> all{sum.scale, sum.exponent, sum.rate, sum.central_weight, sum.gaussian_width};
  all.insert(all.end(), sum.u.begin(), sum.u.end());
  parallel::all_reduce(comm, std::span(all));
  sum = {{all.begin() + 5, all.end()}, all[0], all[1], all[2], all[3], all[4]};
}

/// The features of one kernel on this rank, as a store and for going back.
struct Part {
  const KernelSpec* spec;
  std::shared_ptr<const KernelFeatures> features;
  kernel::FeatureStore store;
};

} // namespace

class HyperparameterLoss::Parts {
public:
  Parts(const linalg::ProcessGrid& grid, const regression::ValidationProblem& problem,
        const LossOptions& options)
      : grid_(grid), structures_(problem.structures), options_(options),
        loss_(grid.all(), problem, options.errors) {}

  LossPoint evaluate(const Variables& variables, const std::vector<double>& x, bool gradient) {
    const auto at = variables.unpack(x);
    require_valid(at);
    auto parts = make_parts(at, variables, gradient);
    auto slope = loss_(assemble(parts), at.regularization);
    LossPoint point{slope.loss, slope.loss, {}, std::move(slope.errors), slope.backward_error};
    const bool regularized = variables.has(Hyperparameter::coupling);
    for (const auto& spec : at.kernels)
      if (regularized)
        point.objective += options_.regularizer / 2 *
                           std::inner_product(spec.coupling->u.begin(), spec.coupling->u.end(),
                                              spec.coupling->u.begin(), 0.0);
    if (gradient)
      point.gradient = variables.chain(x, differentiate(parts, slope, regularized));
    return point;
  }

private:
  std::shared_ptr<features::DensityCache> densities(std::size_t k, const KernelSpec& spec) {
    densities_.resize(std::max(densities_.size(), k + 1));
    auto& known = densities_[k];
    if (!known || known->parameters() != spec.soap) {
      known = nullptr; // before the new ones need the memory
      known =
          std::make_shared<features::DensityCache>(spec.soap, spec.elements, structures_, options_.densities);
    }
    return known;
  }

  std::vector<Part> make_parts(const Hyperparameters& at, const Variables& variables, bool gradient) {
    std::vector<Part> parts;
    for (std::size_t k = 0; k < at.kernels.size(); ++k) {
      const auto& spec = at.kernels[k];
      const auto wanted = gradient ? variables.wanted() : features::WantedDerivatives{false, false, false};
      auto features = std::make_shared<const KernelFeatures>(spec, densities(k, spec), wanted);
      const auto compute = [features, first = structures_.data()](std::span<const Structure> run) {
        return features->compute(static_cast<std::size_t>(run.data() - first), run.size());
      };
      kernel::FeatureStore store(
          grid_, structures_, options_.block, compute,
          {kernel::Precision::float64, options_.features,
           std::numeric_limits<std::int64_t>::max()}); // gradients need whole structures
      parts.push_back({&spec, std::move(features), std::move(store)});
    }
    return parts;
  }

  linalg::DistributedMatrix assemble(const std::vector<Part>& parts) const {
    const auto n = static_cast<std::int64_t>(structures_.size());
    linalg::DistributedMatrix matrix(grid_, n, n, options_.block);
    for (const auto& part : parts)
      kernel::assemble_kernel(
          matrix, part.store, part.store,
          {part.spec->zeta, part.spec->weight, kernel::Extent::lower, options_.row_memory});
    return matrix;
  }

  HyperparameterDerivatives differentiate(const std::vector<Part>& parts,
                                          const regression::ValidationSlope& slope, bool regularized) const {
    HyperparameterDerivatives all;
    all.regularization = slope.regularization;
    for (const auto& part : parts) {
      auto sum = part.features->zero();
      const double product = kernel::kernel_gradient(
          part.store, part.features->layout(), slope.dk,
          {part.spec->zeta, part.spec->weight, options_.gradients,
           part.spec->zeta == 2 ? options_.way : kernel::GradientWay::fewest_operations},
          [&](std::int64_t b, const features::FeatureBlock& gradient) {
            part.features->add_derivatives(static_cast<std::size_t>(part.store.first_structure(b)), gradient,
                                           sum);
          });
      project(grid_.all(), sum);
      if (regularized)
        for (std::size_t i = 0; i < sum.u.size(); ++i)
          sum.u[i] += options_.regularizer * part.spec->coupling->u[i];
      all.soap.push_back(std::move(sum));
      all.weights.push_back(product / part.spec->weight);
    }
    return all;
  }

  const linalg::ProcessGrid& grid_;
  std::span<const Structure> structures_;
  LossOptions options_;
  regression::ValidationLossGradient loss_;
  std::vector<std::shared_ptr<features::DensityCache>> densities_; // of each kernel
};

HyperparameterLoss::HyperparameterLoss(const linalg::ProcessGrid& grid,
                                       const regression::ValidationProblem& problem,
                                       const LossOptions& options)
    : parts_(std::make_unique<Parts>(grid, problem, options)) {}

HyperparameterLoss::~HyperparameterLoss() = default;

LossPoint HyperparameterLoss::operator()(const Variables& variables, const std::vector<double>& x,
                                         bool gradient) {
  return parts_->evaluate(variables, x, gradient);
}

} // namespace soapstone::search
