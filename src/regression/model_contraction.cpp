// SPDX-License-Identifier: BSD-3-Clause
#include "model_contraction.hpp"

#include "model_parameters.hpp"
#include "soapstone/base/error.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

namespace soapstone::regression {

namespace {

void write_projection(h5::Writer& file, const std::string& group, const kernel::Projection& projection) {
  file.write(group + "/matrix", projection.matrix,
             {static_cast<std::uint64_t>(projection.width), static_cast<std::uint64_t>(projection.width_in)});
  file.write(group + "/variances", projection.variances);
  file.write(group + "/segment_widths", projection.layout.widths);
  file.attribute(group, "residual_variance", projection.residual_variance);
}

kernel::Projection read_projection(const h5::Reader& file, const std::string& group,
                                   const kernel::KernelSpec& spec) {
  kernel::Projection projection;
  projection.layout = kernel::feature_layout(spec);
  const auto& widths = projection.layout.widths;
  const auto stored = file.read_integers(group + "/segment_widths");
  projection.width_in = projection.layout.total_width();
  projection.matrix = file.read_doubles(group + "/matrix");
  projection.variances = file.read_doubles(group + "/variances");
  projection.width = static_cast<std::int64_t>(projection.variances.size());
  projection.residual_variance = file.attribute_double(group, "residual_variance");
  const bool fits =
      std::equal(stored.begin(), stored.end(), widths.begin(), widths.end()) && projection.width >= 1 &&
      projection.matrix.size() == static_cast<std::size_t>(projection.width_in * projection.width) &&
      all_finite(projection.matrix) && all_finite(projection.variances);
  if (!fits)
    throw IoError("a contraction of the kernel's features expected in " + group, file.path());
  return projection;
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
  if (spec.projection)
    write_projection(file, group + "/reduction", *spec.projection);
}

void read_contraction(const h5::Reader& file, const std::string& group, kernel::KernelSpec& spec) {
  if (const auto name = group + "/density_contraction"; file.exists(name))
    spec.density = std::make_shared<const soap::DensityContraction>(read_density(file, name, spec));
  if (const auto name = group + "/reduction"; file.exists(name))
    spec.projection = std::make_shared<const kernel::Projection>(read_projection(file, name, spec));
}

} // namespace soapstone::regression
