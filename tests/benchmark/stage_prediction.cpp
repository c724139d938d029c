// SPDX-License-Identifier: BSD-3-Clause
#include "samples.hpp"
#include "soapstone/base/random.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/kernel/contraction.hpp"
#include "soapstone/regression/compact_model.hpp"
#include "stages.hpp"

namespace soapstone::benchmark {

namespace {

using Molecules = std::span<const structure::Structure>;

constexpr double reference_training = 10000; // molecules that the ratio is stated for
constexpr std::size_t batch = 32;

std::vector<double> random_coefficients(std::size_t count) {
  CounterRandom random(1);
  std::vector<double> values(count);
  for (auto& value : values)
    value = random.normal();
  return values;
}

/// What a compact prediction does: features of every ranks-th batch, and the form applied to them, or only
/// the features without one.
void predict_batches(const parallel::Communicator& comm, const kernel::FeatureFunction& features,
                     const kernel::CompactForm* form, Molecules molecules) {
  std::vector<double> values(batch);
  const auto stride = batch * static_cast<std::size_t>(comm.size());
  for (auto i = batch * static_cast<std::size_t>(comm.rank()); i < molecules.size(); i += stride) {
    const auto block = features(molecules.subspan(i, std::min(batch, molecules.size() - i)));
    if (form != nullptr)
      form->evaluate(block, values.data(), static_cast<std::int64_t>(batch));
  }
}

/// Compact against dual with `training` molecules; the part of the dual that is not features grows with the
/// training set, and is scaled from there to 10 000.
void compare(const Settings& settings, const linalg::ProcessGrid& grid, const std::string& label,
             const kernel::KernelSpec& spec, Molecules training, Molecules fresh, Sheet& sheet) {
  const auto& comm = sheet.comm();
  const auto repeats = settings.pick(1, 2, 3);
  const auto n = static_cast<double>(training.size()), count = static_cast<double>(fresh.size());
  kernel::KernelSum sum(grid, {spec}, training,
                        linalg::choose_block_size(static_cast<std::int64_t>(training.size()), grid.shape()));
  const auto coefficients = random_coefficients(training.size());
  const auto forms = regression::build_compact(sum, coefficients, 1);
  const auto features = kernel::make_features(spec);
  const double compact =
      best_seconds(comm, repeats, [&] { predict_batches(comm, features, &forms.front(), fresh); });
  const double only_features =
      best_seconds(comm, repeats, [&] { predict_batches(comm, features, nullptr, fresh); });
  const double dual = best_seconds(comm, repeats, [&] { sum.apply(fresh, coefficients, 1); });
  const double scaled = only_features + std::max(0.0, dual - only_features) * reference_training / n;
  const auto size = format("structures=%zu", fresh.size());
  sheet.add({"predict compact " + label, size, compact, count / compact, "structures/s"});
  sheet.add({"predict dual " + label, format("%s N=%zu", size.c_str(), training.size()), dual, count / dual,
             "structures/s"});
  sheet.add({"predict dual " + label, size + " N=10000 extrapolated", scaled, scaled / compact,
             "times the compact prediction"});
}

} // namespace

void bench_prediction(const Settings& settings, const linalg::ProcessGrid& grid, Sheet& sheet) {
  const auto molecules = read_molecules(settings.data, settings.pick(96, 512, 1280));
  const auto all = Molecules(molecules);
  const auto split = static_cast<std::size_t>(settings.pick(32, 128, 256));
  const auto fresh = all.first(split), training = all.subspan(split);
  const auto spec = organic_kernel(8, 6);
  compare(settings, grid, "n8 l6", spec, training.first(training.size() / 2), fresh, sheet);
  kernel::ContractionOptions options;
  options.goal.width = settings.pick(32, 256, 256);
  options.sample = {500, settings.pick(500, 2000, 3000)};
  for (const auto method : {kernel::ContractionMethod::density, kernel::ContractionMethod::pca}) {
    auto contracted = spec;
    options.method = method;
    kernel::fit_contraction(sheet.comm(), contracted, training, options);
    const char* name = method == kernel::ContractionMethod::pca ? "pca" : "density";
    compare(settings, grid, format("n8 l6 %s %lld", name, static_cast<long long>(options.goal.width)),
            contracted, training, fresh, sheet);
  }
}

} // namespace soapstone::benchmark
