// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/kernel/stored_block.hpp"

#include "soapstone/base/check.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace soapstone::kernel {

using features::FeatureBlock;
using features::FeatureGroup;

namespace {

/// Doubles that hold so many floats.
std::size_t packed_size(std::size_t floats) {
  return (floats + 1) / 2;
}

std::size_t value_count(const FeatureGroup& group) {
  return static_cast<std::size_t>(group.rows() * group.width);
}

class Cursor {
public:
  explicit Cursor(const std::vector<double>& message) : message_(message) {}
  std::int64_t integer() { return static_cast<std::int64_t>(take(1)[0]); }
  const double* take(std::size_t count) {
    expects(count <= message_.size() - at_, "a complete feature message");
    const double* start = message_.data() + at_;
    at_ += count;
    return start;
  }

private:
  const std::vector<double>& message_;
  std::size_t at_ = 0;
};

void append_header(const FeatureGroup& group, std::vector<double>& message) {
  message.push_back(static_cast<double>(group.segments.size()));
  for (const auto& segment : group.segments) {
    message.push_back(segment.id);
    message.push_back(segment.width);
  }
  message.push_back(group.part_of);
  message.push_back(static_cast<double>(group.structures.size()));
  message.insert(message.end(), group.structures.begin(), group.structures.end());
  message.insert(message.end(), group.environments.begin(), group.environments.end());
}

void append_floats(const std::vector<float>& values, std::vector<double>& message) {
  const auto start = message.size();
  message.resize(start + packed_size(values.size()), 0.0);
  std::memcpy(message.data() + start, values.data(), values.size() * sizeof(float));
}

/// A group without its values.
FeatureGroup take_header(Cursor& cursor) {
  FeatureGroup group;
  const auto segments = cursor.integer();
  for (std::int64_t s = 0; s < segments; ++s) {
    const auto id = static_cast<std::int32_t>(cursor.integer());
    const auto width = static_cast<std::int32_t>(cursor.integer());
    group.segments.push_back({id, width, group.width});
    group.width += width;
  }
  group.part_of = static_cast<std::int32_t>(cursor.integer());
  const auto structures = static_cast<std::size_t>(cursor.integer());
  for (auto* list : {&group.structures, &group.environments}) {
    const double* values = cursor.take(structures);
    list->assign(values, values + structures);
  }
  return group;
}

} // namespace

StoredBlock::StoredBlock(FeatureBlock block, Precision precision) : block_(std::move(block)) {
  if (precision == Precision::float64)
    return;
  for (auto& group : block_.groups) {
    auto& values = rounded_.emplace_back(group.values.size());
    for (std::size_t i = 0; i < values.size(); ++i)
      values[i] = static_cast<float>(group.values[i]);
    group.values = {};
  }
}

StoredBlock::StoredBlock(const std::vector<double>& message) {
  Cursor cursor(message);
  const bool floats = cursor.integer() != 0;
  block_.structures = cursor.integer();
  const auto groups = cursor.integer();
  for (std::int64_t g = 0; g < groups; ++g) {
    auto& group = block_.groups.emplace_back(take_header(cursor));
    const auto count = value_count(group);
    const double* values = cursor.take(floats ? packed_size(count) : count);
    if (floats)
      std::memcpy(rounded_.emplace_back(count).data(), values, count * sizeof(float));
    else
      group.values.assign(values, values + count);
  }
}

std::int64_t StoredBlock::rows() const {
  std::int64_t sum = 0;
  for (const auto& group : block_.groups)
    sum += group.rows();
  return sum;
}

std::int64_t StoredBlock::bytes() const {
  std::size_t sum = block_.bytes();
  for (const auto& values : rounded_)
    sum += values.size() * sizeof(float);
  return static_cast<std::int64_t>(sum);
}

const FeatureBlock& StoredBlock::expand(FeatureBlock& scratch) const {
  if (rounded_.empty())
    return block_;
  scratch.structures = block_.structures;
  scratch.groups.resize(block_.groups.size());
  for (std::size_t g = 0; g < block_.groups.size(); ++g) {
    const auto& from = block_.groups[g];
    auto& to = scratch.groups[g];
    to.segments = from.segments;
    to.width = from.width;
    to.structures = from.structures;
    to.environments = from.environments;
    to.part_of = from.part_of;
    to.values.assign(rounded_[g].begin(), rounded_[g].end());
  }
  return scratch;
}

std::int64_t StoredBlock::message_size() const {
  std::size_t size = 3;
  for (const auto& group : block_.groups)
    size += 3 + 2 * group.segments.size() + 2 * group.structures.size() + group.values.size();
  for (const auto& values : rounded_)
    size += packed_size(values.size());
  return static_cast<std::int64_t>(size);
}

std::vector<double> StoredBlock::message() const {
  std::vector<double> message;
  message.reserve(static_cast<std::size_t>(message_size()));
  message.push_back(rounded_.empty() ? 0.0 : 1.0);
  message.push_back(static_cast<double>(block_.structures));
  message.push_back(static_cast<double>(block_.groups.size()));
  for (std::size_t g = 0; g < block_.groups.size(); ++g) {
    append_header(block_.groups[g], message);
    if (rounded_.empty())
      message.insert(message.end(), block_.groups[g].values.begin(), block_.groups[g].values.end());
    else
      append_floats(rounded_[g], message);
  }
  return message;
}

void round_to_float(FeatureBlock& block) {
  for (auto& group : block.groups)
    for (auto& value : group.values)
      value = static_cast<float>(value);
}

FeatureBlock leading_structures(const FeatureBlock& block, std::int64_t count) {
  FeatureBlock part{std::min(count, block.structures), {}};
  for (const auto& group : block.groups) {
    FeatureGroup kept{group.segments, group.width, {}, {}, {}, group.part_of};
    const double* rows = group.values.data();
    for (std::size_t s = 0; s < group.structures.size(); ++s) {
      const auto values = group.environments[s] * group.width;
      if (group.structures[s] < count) {
        kept.structures.push_back(group.structures[s]);
        kept.environments.push_back(group.environments[s]);
        kept.values.insert(kept.values.end(), rows, rows + values);
      }
      rows += values;
    }
    if (!kept.structures.empty())
      part.groups.push_back(std::move(kept));
  }
  return part;
}

} // namespace soapstone::kernel
