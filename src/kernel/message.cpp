// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/kernel/message.hpp"

#include "soapstone/base/check.hpp"

namespace soapstone::kernel {

using soap::FeatureBlock;
using soap::FeatureGroup;

namespace {

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

void append_group(const FeatureGroup& group, std::vector<double>& message) {
  message.push_back(static_cast<double>(group.segments.size()));
  for (const auto& segment : group.segments) {
    message.push_back(segment.id);
    message.push_back(segment.width);
  }
  message.push_back(static_cast<double>(group.structures.size()));
  message.insert(message.end(), group.structures.begin(), group.structures.end());
  message.insert(message.end(), group.environments.begin(), group.environments.end());
  message.insert(message.end(), group.values.begin(), group.values.end());
}

FeatureGroup take_group(Cursor& cursor) {
  FeatureGroup group;
  const auto segments = cursor.integer();
  for (std::int64_t s = 0; s < segments; ++s) {
    const auto id = static_cast<std::int32_t>(cursor.integer());
    const auto width = static_cast<std::int32_t>(cursor.integer());
    group.segments.push_back({id, width, group.width});
    group.width += width;
  }
  const auto structures = static_cast<std::size_t>(cursor.integer());
  for (auto* list : {&group.structures, &group.environments}) {
    const double* values = cursor.take(structures);
    list->assign(values, values + structures);
  }
  const auto count = static_cast<std::size_t>(group.rows() * group.width);
  const double* values = cursor.take(count);
  group.values.assign(values, values + count);
  return group;
}

} // namespace

std::int64_t message_size(const FeatureBlock& block) {
  std::size_t size = 2;
  for (const auto& group : block.groups)
    size += 2 + 2 * group.segments.size() + 2 * group.structures.size() + group.values.size();
  return static_cast<std::int64_t>(size);
}

std::vector<double> to_message(const FeatureBlock& block) {
  std::vector<double> message;
  message.reserve(static_cast<std::size_t>(message_size(block)));
  message.push_back(static_cast<double>(block.structures));
  message.push_back(static_cast<double>(block.groups.size()));
  for (const auto& group : block.groups)
    append_group(group, message);
  return message;
}

FeatureBlock from_message(const std::vector<double>& message) {
  Cursor cursor(message);
  FeatureBlock block;
  block.structures = cursor.integer();
  const auto groups = cursor.integer();
  for (std::int64_t g = 0; g < groups; ++g)
    block.groups.push_back(take_group(cursor));
  return block;
}

} // namespace soapstone::kernel
