// SPDX-License-Identifier: BSD-3-Clause
#include "model_contraction.hpp"

#include "model_parameters.hpp"
#include "soapstone/base/error.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

namespace soapstone::regression {

namespace {

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
  reduction.layout = kernel::feature_layout(spec);
  const auto& widths = reduction.layout.widths;
  const auto stored = file.read_integers(group + "/segment_widths");
  reduction.width_in = reduction.layout.total_width();
  reduction.matrix = file.read_doubles(group + "/matrix");
  reduction.variances = file.read_doubles(group + "/variances");
  reduction.width = static_cast<std::int64_t>(reduction.variances.size());
  reduction.residual_variance = file.attribute_double(group, "residual_variance");
  const bool fits =
      std::equal(stored.begin(), stored.end(), widths.begin(), widths.end()) && reduction.width >= 1 &&
      reduction.matrix.size() == static_cast<std::size_t>(reduction.width_in * reduction.width) &&
      all_finite(reduction.matrix) && all_finite(reduction.variances);
  if (!fits)
    throw IoError("a contraction of the kernel's features expected in " + group, file.path());
  return reduction;
}

void write_density(h5::Writer& file, const std::string& group, const soap::DensityContraction& density) {
  std::vector<double> all;
  std::vector<std::int64_t> kept;
  for (int l = 0; l <= density.l_max(); ++l) {
    const auto& matrix = density.matrices[static_cast<std::size_t>(l)];
    all.insert(all.end(), matrix.begin(), matrix.end());
    kept.push_back(density.kept(l));
  }
  file.write(group + "/matrices", all); // one behind the other, channels n_max x kept
  file.write(group + "/kept", kept);
  file.attribute(group, "residual_variance", density.residual_variance);
}

soap::DensityContraction read_density(const h5::Reader& file, const std::string& group,
                                      const kernel::KernelSpec& spec) {
  const auto all = file.read_doubles(group + "/matrices");
  const auto kept = file.read_integers(group + "/kept");
  soap::DensityContraction density{kernel::density_channels(spec), spec.soap.n_max, {}, 0.0};
  const auto most = static_cast<std::int64_t>(density.channels) * density.n_max;
  const auto l_max = spec.soap.density_l_max();
  bool fits = kept.size() == static_cast<std::size_t>(l_max) + 1 && all_finite(all);
  std::int64_t at = 0;
  for (const auto count : kept) {
    const auto next = at + std::clamp<std::int64_t>(count, 0, most) * most;
    fits = fits && count >= 0 && count <= most && next <= static_cast<std::int64_t>(all.size());
    if (!fits)
      break;
    density.matrices.emplace_back(all.begin() + at, all.begin() + next);
    at = next;
  }
  if (!fits || at == 0 || at != static_cast<std::int64_t>(all.size()))
    throw IoError("a contraction of the kernel's densities expected in " + group, file.path());
  density.residual_variance = file.attribute_double(group, "residual_variance");
  return density;
}

} // namespace

void write_contraction(h5::Writer& file, const std::string& group, const kernel::KernelSpec& spec) {
  if (spec.density)
    write_density(file, group + "/density_contraction", *spec.density);
  if (spec.reduction)
    write_reduction(file, group + "/reduction", *spec.reduction);
}

void read_contraction(const h5::Reader& file, const std::string& group, kernel::KernelSpec& spec) {
  if (const auto name = group + "/density_contraction"; file.exists(name))
    spec.density = std::make_shared<const soap::DensityContraction>(read_density(file, name, spec));
  if (const auto name = group + "/reduction"; file.exists(name))
    spec.reduction = std::make_shared<const kernel::Reduction>(read_reduction(file, name, spec));
}

} // namespace soapstone::regression
