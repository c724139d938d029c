// SPDX-License-Identifier: BSD-3-Clause
#include "model_contraction.hpp"

#include "soapstone/base/error.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

namespace soapstone::regression {

namespace {

bool all_finite(const std::vector<double>& values) {
  return std::all_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); });
}

void write_reduction(h5::Writer& file, const std::string& group, const kernel::Reduction& reduction) {
  file.write(group + "/matrix", reduction.matrix,
             {static_cast<std::uint64_t>(reduction.width), static_cast<std::uint64_t>(reduction.width_in)});
  file.write(group + "/variances", reduction.variances);
  file.write(group + "/segment_widths", reduction.layout.widths);
  file.attribute(group, "residual_variance", reduction.residual_variance);
}

kernel::Reduction read_reduction(const h5::Reader& file, const std::string& group,
                                 const kernel::KernelSpec& spec) {
  kernel::Reduction reduction;
  for (const auto width : file.read_integers(group + "/segment_widths"))
    reduction.layout.widths.push_back(static_cast<std::int32_t>(width));
  reduction.width_in = reduction.layout.total_width();
  reduction.matrix = file.read_doubles(group + "/matrix");
  reduction.variances = file.read_doubles(group + "/variances");
  reduction.width = static_cast<std::int64_t>(reduction.variances.size());
  reduction.residual_variance = file.attribute_double(group, "residual_variance");
  const bool fits =
      reduction.layout.widths == kernel::feature_layout(spec).widths && reduction.width >= 1 &&
      reduction.matrix.size() == static_cast<std::size_t>(reduction.width_in * reduction.width) &&
      all_finite(reduction.matrix);
  if (!fits)
    throw IoError("a contraction of the kernel's features expected in " + group, file.path());
  return reduction;
}

} // namespace

void write_contraction(h5::Writer& file, const std::string& group, const kernel::KernelSpec& spec) {
  if (spec.reduction)
    write_reduction(file, group + "/reduction", *spec.reduction);
}

void read_contraction(const h5::Reader& file, const std::string& group, kernel::KernelSpec& spec) {
  if (const auto name = group + "/reduction"; file.exists(name))
    spec.reduction = std::make_shared<const kernel::Reduction>(read_reduction(file, name, spec));
}

} // namespace soapstone::regression
