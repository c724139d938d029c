// SPDX-License-Identifier: BSD-3-Clause
#include "structure_forms.hpp"

#include "soapstone/linalg/blas.hpp"
#include "soapstone/parallel/collectives.hpp"

#include <algorithm>

namespace soapstone::kernel {

namespace {

/// Computes s = beta s + 1/N sum_j p_j p_j^T (lower triangle) over `count` rows of a structure that has N =
/// `size`.
void add_mean_square(const double* rows, std::int64_t count, std::int64_t size, std::int64_t width,
                     double beta, std::vector<double>& s) {
  linalg::syrk(linalg::Triangle::lower, linalg::Op::none, 1.0 / static_cast<double>(size),
               {rows, width, count}, beta, {s.data(), width, width});
}

} // namespace

void form_of(int degree, const double* rows, std::int64_t count, std::int64_t width,
             std::vector<double>& form) {
  form.resize(static_cast<std::size_t>(degree == 2 ? width * width : width));
  if (degree == 2)
    add_mean_square(rows, count, count, width, 0, form);
  else
    std::copy_n(rows, width, form.data()); // zeta = 1 keeps one mean row per structure
}

std::vector<std::int64_t> structures_in_parts(const FeatureStore& store) {
  std::vector<std::int64_t> structures;
  for (std::int64_t b = 0; b < store.blocks(); ++b)
    if (store.run(b).is_part() && (structures.empty() || structures.back() != store.first_structure(b)))
      structures.push_back(store.first_structure(b));
  return structures;
}

std::vector<double> form_of_parts(const FeatureStore& store, std::int64_t structure, int degree,
                                  const features::FeatureLayout& layout) {
  const auto width = layout.total_width();
  std::vector<double> s(static_cast<std::size_t>(degree == 2 ? width * width : width), 0.0);
  features::FeatureBlock scratch;
  for (const auto b : store.my_blocks()) {
    if (!store.run(b).is_part() || store.first_structure(b) != structure)
      continue;
    const auto& part = store.mine(b, scratch);
    for_structures(part, layout, [&](std::int32_t, const double* rows, std::int32_t count) {
      if (degree == 2)
        add_mean_square(rows, count, part.groups.front().size(0), width, 1, s);
      else
        std::transform(s.begin(), s.end(), rows, s.begin(), std::plus<>()); // a part has one row
    });
  }
  parallel::all_reduce(store.grid().all(), std::span(s));
  return s;
}

} // namespace soapstone::kernel
