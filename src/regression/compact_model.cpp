// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/regression/compact_model.hpp"

#include "soapstone/base/error.hpp"
#include "soapstone/parallel/agree.hpp"
#include "soapstone/parallel/collectives.hpp"

#include <algorithm>
#include <cmath>

namespace soapstone::regression {

using kernel::CompactForm;
using kernel::KernelSpec;
using Structures = std::span<const structure::Structure>;

namespace {

constexpr std::size_t batch_size = 64; // the same on any number of ranks, so that products round alike

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

bool all_finite(const std::vector<double>& values) {
  return std::all_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); });
}

/// out (batch x targets) += all forms on one batch.
void add_batch(const std::vector<kernel::FeatureFunction>& features, const std::vector<CompactForm>& forms,
               Structures batch, double* out, std::int64_t ld) {
  std::vector<double> part(batch.size() * static_cast<std::size_t>(forms.front().targets()));
  for (std::size_t i = 0; i < forms.size(); ++i) {
    forms[i].evaluate(features[i](batch), part.data(), static_cast<std::int64_t>(batch.size()));
    for (std::size_t j = 0; j < part.size(); ++j)
      out[static_cast<std::int64_t>(j % batch.size()) + static_cast<std::int64_t>(j / batch.size()) * ld] +=
          part[j];
  }
}

} // namespace

std::optional<std::int64_t> compact_bytes(const std::vector<KernelSpec>& kernels, std::int64_t targets) {
  std::int64_t bytes = 0;
  for (const auto& spec : kernels) {
    if (spec.zeta > 2)
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

std::vector<double> apply_compact(const parallel::Communicator& comm, const std::vector<KernelSpec>& kernels,
                                  const std::vector<CompactForm>& forms, Structures structures,
                                  const Progress& progress) {
  std::vector<kernel::FeatureFunction> features;
  for (const auto& spec : kernels)
    features.push_back(kernel::make_features(spec));
  const auto total = static_cast<std::int64_t>(structures.size());
  std::vector<double> values(structures.size() * static_cast<std::size_t>(forms.front().targets()), 0.0);
  parallel::agree(comm, [&] {
    const auto stride = batch_size * static_cast<std::size_t>(comm.size());
    for (auto first = batch_size * static_cast<std::size_t>(comm.rank()); first < structures.size();
         first += stride) {
      add_batch(features, forms, structures.subspan(first, std::min(batch_size, structures.size() - first)),
                values.data() + first, total);
      if (progress)
        progress(std::min(1.0, static_cast<double>(first + stride) / static_cast<double>(total)));
    }
  });
  parallel::all_reduce(comm, std::span(values)); // every element is nonzero on one rank only: exact
  return values;
}

void write_compact(h5::Writer& file, const std::vector<CompactForm>& forms) {
  for (std::size_t i = 0; i < forms.size(); ++i) {
    const auto& form = forms[i];
    const std::string group = "/compact/" + std::to_string(i + 1);
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

std::vector<CompactForm> read_compact(const h5::Reader& file, const std::vector<KernelSpec>& kernels) {
  std::vector<CompactForm> forms;
  if (!file.exists("/compact"))
    return forms;
  for (std::size_t i = 0; i < kernels.size(); ++i) {
    const std::string group = "/compact/" + std::to_string(i + 1);
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
