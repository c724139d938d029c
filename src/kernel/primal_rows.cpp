// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/kernel/primal_rows.hpp"

#include "structure_forms.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>

namespace soapstone::kernel {

using features::FeatureBlock;

namespace {

std::size_t at(std::int64_t position) {
  return static_cast<std::size_t>(position);
}

std::vector<std::int64_t> lower_positions(std::int64_t width) {
  std::vector<std::int64_t> positions;
  positions.reserve(at(PrimalRows::possible(2, width)));
  for (std::int64_t j = 0; j < width; ++j)
    for (std::int64_t i = j; i < width; ++i)
      positions.push_back(i + j * width);
  return positions;
}

} // namespace

PrimalRows PrimalRows::all(int degree, features::FeatureLayout layout, double weight) {
  const auto width = layout.total_width();
  PrimalRows columns;
  columns.degree_ = degree;
  columns.weight_ = weight;
  columns.width_ = width;
  columns.layout_ = std::move(layout);
  if (degree == 2) {
    columns.positions_ = lower_positions(width);
  } else {
    columns.positions_.resize(at(width));
    std::iota(columns.positions_.begin(), columns.positions_.end(), std::int64_t{0});
  }
  return columns;
}

void PrimalRows::keep(const std::vector<std::int64_t>& places) {
  std::vector<std::int64_t> kept;
  kept.reserve(places.size());
  for (const auto place : places)
    kept.push_back(positions_[at(place)]);
  positions_ = std::move(kept);
}

std::int64_t PrimalRows::form_columns() const {
  if (degree_ == 1)
    return 1;
  return positions_.empty() ? 0 : *std::max_element(positions_.begin(), positions_.end()) / width_ + 1;
}

void PrimalRows::add_squares(std::span<const double> form, std::span<double> sum) const {
  for (std::size_t f = 0; f < positions_.size(); ++f) {
    const double value = form[at(positions_[f])];
    sum[f] += weight_ * (on_diagonal(positions_[f]) ? 1.0 : 2.0) * value * value;
  }
}

std::vector<double> PrimalRows::rows(const FeatureBlock& block) const {
  std::vector<double> x(at(count() * block.structures));
  write_rows(block, x.data(), count());
  return x;
}

void PrimalRows::write_rows(const FeatureBlock& block, double* x, std::int64_t leading) const {
  const double scale = std::sqrt(weight_);
  std::vector<double> s;
  for_structures(block, layout_, [&](std::int32_t structure, const double* rows, std::int32_t environments) {
    form_of(degree_, rows, environments, width_, s);
    double* column = x + structure * leading;
    for (const auto position : positions_)
      *column++ = s[at(position)] * (on_diagonal(position) ? scale : scale * std::numbers::sqrt2);
  });
}

std::vector<double> PrimalRows::gather(std::span<const double> form) const {
  const double scale = std::sqrt(weight_);
  std::vector<double> result(positions_.size());
  for (std::size_t f = 0; f < positions_.size(); ++f)
    result[f] = form[at(positions_[f])] * (on_diagonal(positions_[f]) ? scale : scale * std::numbers::sqrt2);
  return result;
}

void PrimalRows::scatter(std::span<const double> z, std::span<double> form) const {
  const double scale = std::sqrt(weight_);
  std::fill(form.begin(), form.end(), 0.0);
  if (weight_ == 0)
    return;
  for (std::size_t f = 0; f < positions_.size(); ++f) {
    const auto position = positions_[f];
    if (on_diagonal(position)) {
      form[at(position)] = z[f] / scale;
    } else { // sqrt 2 S_ab z = (S_ab + S_ba) z / sqrt 2
      const auto mirrored = position / width_ + position % width_ * width_;
      form[at(position)] = form[at(mirrored)] = z[f] / (scale * std::numbers::sqrt2);
    }
  }
}

std::int64_t columns_memory(int degree, std::int64_t width) {
  const auto of_form = degree == 2 ? width * width : width, positions = PrimalRows::possible(degree, width);
  return static_cast<std::int64_t>(sizeof(double)) * (of_form + positions);
}

std::int64_t choice_memory(int degree, std::int64_t width) {
  const auto powers = PrimalRows::possible(degree, width);
  return columns_memory(degree, width) + 3 * static_cast<std::int64_t>(sizeof(double)) * powers;
}

} // namespace soapstone::kernel
