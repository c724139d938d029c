// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/command_needs.hpp"

#include "soapstone/regression/batches.hpp"

#include <algorithm>
#include <memory>

namespace soapstone::app {

using Structures = std::span<const structure::Structure>;

namespace {

constexpr std::int64_t number = sizeof(double);
constexpr std::int64_t prediction_batch = 64;

/// What h5::ParallelWriter holds on rank 0 while it writes so many numbers: a window of 4 Mi of them twice.
std::int64_t writing(std::int64_t numbers) {
  return 2 * number * std::min(numbers, std::int64_t{4} << 20);
}

std::int64_t form_bytes(const regression::Model& model) {
  std::int64_t sum = 0;
  for (const auto* forms : {&model.compact, &model.committee.forms})
    for (const auto& form : *forms)
      sum += number * form.numbers() * form.targets();
  return sum;
}

/// Features by channels of a batch, which kernels in sparse form have for novelty only.
std::int64_t channel_bytes(const kernel::KernelSpec& spec, Structures structures) {
  if (!spec.sparse)
    return 0;
  const FeatureSizes sizes({kernel::by_channels(spec)}, structures);
  const auto work = [&](std::int64_t count) { return sizes.largest_run(count) + sizes.work(count); };
  return std::max(work(1), std::min(work(prediction_batch), regression::most_batch_bytes));
}

/// References for novelty, twice while they are prepared, and products with a batch of environments.
std::int64_t novelty_bytes(const regression::Model& model, Structures structures) {
  std::int64_t most = 0, sum = 0;
  for (const auto& structure : structures)
    most = std::max(most, static_cast<std::int64_t>(structure.size()));
  for (std::size_t i = 0; i < model.novelty.size(); ++i)
    sum += number * static_cast<std::int64_t>(model.novelty[i].rows.size()) *
               (2 * kernel::feature_layout(kernel::by_channels(model.kernels[i])).total_width() +
                prediction_batch * most) +
           channel_bytes(model.kernels[i], structures);
  return sum;
}

} // namespace

NeedOn kernel_command_need(const Configuration& configuration, const std::vector<kernel::KernelSpec>& kernels,
                           Structures structures, Structures against) {
  const auto cols = std::make_shared<const FeatureSizes>(kernels, structures);
  const auto rows = against.empty() ? cols : std::make_shared<const FeatureSizes>(kernels, against);
  const bool symmetric = against.empty();
  return [&configuration, rows, cols, symmetric](const Machine& machine) {
    const auto n = std::max(rows->structures(), cols->structures());
    const auto block = block_size_on(configuration, n, machine.grid);
    auto need = kernel_need(*rows, symmetric ? nullptr : cols.get(), block, machine.grid);
    need.solve_work = std::max(need.solve_work, writing(rows->structures() * cols->structures()));
    return need;
  };
}

NeedOn predict_command_need(const regression::Model& model, Structures structures) {
  const auto fresh = std::make_shared<const FeatureSizes>(model.kernels, structures);
  if (!model.compact.empty())
    return [fresh, forms = form_bytes(model) + novelty_bytes(model, structures)](const Machine&) {
      MemoryNeed need; // the model is loaded; a group of structures gets its part of a form
      need.predict_work = forms + fresh->largest_run(prediction_batch) + fresh->work(prediction_batch);
      return need;
    };
  const auto training = std::make_shared<const FeatureSizes>(model.kernels, model.training);
  const auto block = model.block;
  const auto k = static_cast<std::int64_t>(model.targets.size()) * (1 + model.committee.members);
  const auto novelty = novelty_bytes(model, structures);
  return [fresh, training, block, k, novelty](const Machine& machine) {
    MemoryNeed need;
    need.features = training->largest_share(block, machine.grid);
    need.feature_work = training->work(block);
    need.again_work = block_again(*training, block);
    need.predict_work = prediction_work(*fresh, (training->structures() + block - 1) / block, k) + novelty;
    return need;
  };
}

NeedOn features_command_need(const kernel::KernelSpec& spec, Structures structures) {
  const auto sizes = std::make_shared<const FeatureSizes>(std::vector{spec}, structures);
  std::vector<std::int64_t> atoms{0};
  for (const auto& structure : structures)
    atoms.push_back(atoms.back() + static_cast<std::int64_t>(structure.size()));
  const auto row = number * kernel::feature_layout(spec).total_width();
  return [sizes, atoms, row](const Machine& machine) {
    const auto n = static_cast<std::int64_t>(atoms.size()) - 1;
    const auto most = (n + machine.ranks - 1) / machine.ranks;
    MemoryNeed need;
    for (std::int64_t rank = 0; rank < machine.ranks; ++rank)
      need.features =
          std::max(need.features, row * (atoms[static_cast<std::size_t>(n * (rank + 1) / machine.ranks)] -
                                         atoms[static_cast<std::size_t>(n * rank / machine.ranks)]));
    need.feature_work =
        std::max(sizes->largest_run(most) + sizes->work(most), writing(atoms.back() * row / number));
    return need;
  };
}

} // namespace soapstone::app
