// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/planning/command_needs.hpp"

#include "number.hpp"
#include "soapstone/h5/file.hpp"
#include "soapstone/kernel/apply.hpp"
#include "soapstone/regression/batches.hpp"
#include "soapstone/regression/compact_model.hpp"

#include <algorithm>
#include <memory>

namespace soapstone::planning {

using Structures = std::span<const structure::Structure>;

namespace {

std::int64_t form_bytes(const regression::Model& model) {
  std::int64_t sum = 0;
  for (const auto* forms : {&model.compact, &model.committee.forms})
    for (const auto& form : *forms)
      sum += number * form.numbers() * form.targets();
  return sum;
}

/// Features by channels of a batch, which kernels in pairwise form have for novelty only.
std::int64_t channel_bytes(const kernel::KernelSpec& spec, Structures structures) {
  if (!spec.pairwise)
    return 0;
  const FeatureSizes sizes({kernel::by_channels(spec)}, structures);
  const auto work = [&](const kernel::RunLimits& limits) {
    return sizes.largest_run(limits) + sizes.work(limits);
  };
  return std::max(work(sizes.blocks_of(1)),
                  std::min(work(kernel::prediction_limits), regression::most_batch_bytes));
}

/// References for novelty and products with a batch of environments.
std::int64_t novelty_bytes(const regression::Model& model, Structures structures) {
  const auto most = FeatureSizes({}, structures).largest_atoms(kernel::prediction_limits);
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < model.novelty.size(); ++i)
    sum += regression::novelty_memory(
               static_cast<std::int64_t>(model.novelty[i].rows.size()),
               kernel::feature_layout(kernel::by_channels(model.kernels[i])).total_width(), most) +
           channel_bytes(model.kernels[i], structures);
  return sum;
}

} // namespace

NeedOn kernel_command_need(const std::vector<kernel::KernelSpec>& kernels, Structures structures,
                           Structures against) {
  const auto cols = std::make_shared<const FeatureSizes>(kernels, structures);
  const auto rows = against.empty() ? cols : std::make_shared<const FeatureSizes>(kernels, against);
  const bool symmetric = against.empty();
  return [rows, cols, symmetric](const Machine& machine) {
    const auto n = std::max(rows->structures(), cols->structures());
    const auto block = machine.block_size(n);
    auto need = kernel_need(*rows, symmetric ? nullptr : cols.get(), block, machine.grid);
    need.solve_work =
        std::max(need.solve_work, h5::parallel_write_memory(rows->structures() * cols->structures()));
    return need;
  };
}

NeedOn predict_command_need(const regression::Model& model, Structures structures) {
  const auto fresh = std::make_shared<const FeatureSizes>(model.kernels, structures);
  if (!model.compact.empty())
    return [fresh, forms = form_bytes(model), novelty = novelty_bytes(model, structures)](const Machine&) {
      MemoryNeed need; // the model is loaded
      const auto& limits = kernel::prediction_limits;
      need.predict_work =
          novelty + regression::apply_compact_memory(forms, fresh->largest_run(limits), fresh->work(limits));
      return need;
    };
  const auto training = std::make_shared<const FeatureSizes>(model.kernels, model.training);
  const auto block = model.block;
  const auto k = static_cast<std::int64_t>(model.targets.size()) * (1 + model.committee.members);
  const auto novelty = novelty_bytes(model, structures);
  return [fresh, training, block, k, novelty](const Machine& machine) {
    MemoryNeed need;
    need.features = training->largest_share(block, machine.grid);
    const auto blocks = training->blocks_of(block);
    need.feature_work = training->work(blocks);
    need.again_work = block_again(*training, block);
    need.predict_work = prediction_work(*fresh, training->runs(blocks), k) + novelty;
    return need;
  };
}

NeedOn features_command_need(const kernel::KernelSpec& spec, Structures structures) {
  const auto sizes = std::make_shared<const FeatureSizes>(std::vector{spec}, structures);
  const auto rows = kernel::count_rows(structures, kernel::RowsOf::environments);
  const auto row = number * kernel::feature_layout(spec).total_width();
  return [sizes, rows, row](const Machine& machine) {
    const auto& limits = kernel::prediction_limits;
    MemoryNeed need;
    need.features = row * ((rows + machine.ranks - 1) / machine.ranks);
    need.feature_work =
        std::max(sizes->largest_run(limits) + sizes->work(limits) +
                     row * sizes->largest_atoms(limits), // dense rows, with zeros for absent segments
                 h5::parallel_write_memory(rows * row / number));
    return need;
  };
}

} // namespace soapstone::planning
