// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/regression/compact_model.hpp"

#include "model_parameters.hpp"
#include "soapstone/base/error.hpp"
#include "soapstone/regression/batches.hpp"

#include <algorithm>
#include <cmath>

namespace soapstone::regression {

using kernel::CompactForm;
using kernel::KernelSpec;
using Structures = std::span<const structure::Structure>;

namespace {

std::vector<double> lower_triangle(std::span<const double> values, std::int64_t width) {
  std::vector<double> lower;
  lower.reserve(static_cast<std::size_t>(width * (width + 1) / 2));
  for (std::int64_t j = 0; j < width; ++j)
    lower.insert(lower.end(), values.begin() + j * (width + 1), values.begin() + (j + 1) * width);
  return lower;
}

void fill_from_lower_triangle(const double* lower, std::int64_t width, std::span<double> values) {
  for (std::int64_t j = 0; j < width; ++j) {
    std::copy_n(lower, width - j, values.begin() + j * (width + 1));
    lower += width - j;
  }
}

std::size_t stored_numbers(int degree, std::int64_t d) {
  return static_cast<std::size_t>(degree == 1 ? d : d * (d + 1) / 2);
}

void add(std::span<const double> step, std::span<double> values) {
  std::transform(values.begin(), values.end(), step.begin(), values.begin(), std::plus<>());
}

} // namespace

std::optional<std::int64_t> compact_bytes(const std::vector<KernelSpec>& kernels, std::int64_t targets) {
  std::int64_t bytes = 0;
  for (const auto& spec : kernels) {
    if (spec.zeta > 2 || spec.pairwise)
      return std::nullopt;
    const auto width = kernel::feature_layout(spec).total_width();
    bytes += targets * (spec.zeta == 1 ? width : width * width) * static_cast<std::int64_t>(sizeof(double));
  }
  return bytes;
}

std::vector<CompactForm> build_compact(const kernel::KernelSum& training,
                                       const std::vector<double>& coefficients, std::int64_t targets) {
  std::vector<CompactForm> forms;
  for (std::size_t i = 0; i < training.kernels(); ++i) {
    const auto& spec = training.spec(i);
    forms.emplace_back(spec.zeta, kernel::feature_layout(spec), targets, spec.weight);
    kernel::build_form(training.store(i), coefficients, forms.back());
  }
  return forms;
}

std::vector<CompactForm> refine_compact(const kernel::KernelSum& training, const std::vector<double>& targets,
                                        double lambda, const DualSolve& solve,
                                        std::vector<double>& coefficients) {
  const auto k = static_cast<std::int64_t>(targets.size()) / training.structures();
  auto forms = build_compact(training, coefficients, k);
  std::vector<double> values(targets.size(), 0.0);
  for (std::size_t i = 0; i < forms.size(); ++i)
    add(kernel::evaluate_form(training.store(i), forms[i]), values);
  auto residuals = targets;
  for (std::size_t i = 0; i < residuals.size(); ++i)
    residuals[i] -= values[i] + lambda * coefficients[i];
  const auto step = solve(residuals);
  const auto changes = build_compact(training, step, k);
  add(step, coefficients);
  for (std::size_t i = 0; i < forms.size(); ++i)
    for (std::int64_t t = 0; t < k; ++t)
      add(changes[i].values(t), forms[i].values(t));
  return forms;
}

std::vector<double> apply_compact(const parallel::Communicator& comm, const std::vector<KernelSpec>& kernels,
                                  const std::vector<CompactForm>& forms, Structures structures,
                                  const Progress& progress) {
  return for_batches(
      comm, kernels, structures, forms.front().targets(),
      [&](std::size_t i, const features::FeatureBlock& batch, linalg::MatrixView<double> out) {
        forms[i].evaluate(batch, out);
      },
      progress);
}

void write_compact(h5::Writer& file, const std::vector<CompactForm>& forms, const std::string& root) {
  for (std::size_t i = 0; i < forms.size(); ++i) {
    const auto& form = forms[i];
    const std::string group = root + "/" + std::to_string(i + 1);
    std::vector<double> values;
    for (std::int64_t t = 0; t < form.targets(); ++t) {
      const auto all = form.values(t);
      const auto part = form.degree() == 1 ? std::vector<double>(all.begin(), all.end())
                                           : lower_triangle(all, form.width());
      values.insert(values.end(), part.begin(), part.end());
    }
    file.write(group + "/values", values,
               {static_cast<std::uint64_t>(form.targets()), stored_numbers(form.degree(), form.width())});
    file.attribute(group, "degree", std::int64_t{form.degree()});
    file.attribute(group, "width", form.width());
    file.attribute(group, "weight", form.weight());
  }
}

std::vector<CompactForm> read_compact(const h5::Reader& file, const std::vector<KernelSpec>& kernels,
                                      const std::string& root) {
  std::vector<CompactForm> forms;
  if (!file.exists(root))
    return forms;
  for (std::size_t i = 0; i < kernels.size(); ++i) {
    const std::string group = root + "/" + std::to_string(i + 1);
    const auto shape = file.shape(group + "/values");
    const auto values = file.read_doubles(group + "/values");
    auto layout = kernel::feature_layout(kernels[i]);
    if (shape.size() != 2 || kernels[i].zeta > 2 ||
        file.attribute_integer(group, "degree") != kernels[i].zeta ||
        file.attribute_integer(group, "width") != layout.total_width())
      throw IoError("the compact form does not belong to the model's kernel: " + group, file.path());
    // Before anything is made of that size: what a forged file says of itself may be any number.
    const auto numbers = stored_numbers(kernels[i].zeta, layout.total_width());
    if (shape[1] != numbers || !all_finite(values))
      throw IoError("the compact form has the wrong size, or numbers that are not finite: " + group,
                    file.path());
    const double weight = file.attribute_double(group, "weight");
    if (!std::isfinite(weight))
      throw IoError("a finite weight expected in " + group, file.path());
    forms.emplace_back(kernels[i].zeta, std::move(layout), static_cast<std::int64_t>(shape[0]), weight);
    auto& form = forms.back();
    for (std::int64_t t = 0; t < form.targets(); ++t) {
      const double* stored = values.data() + static_cast<std::size_t>(t) * numbers;
      if (form.degree() == 1)
        std::copy_n(stored, numbers, form.values(t).begin());
      else
        fill_from_lower_triangle(stored, form.width(), form.values(t));
    }
    form.symmetrize();
  }
  return forms;
}

} // namespace soapstone::regression
