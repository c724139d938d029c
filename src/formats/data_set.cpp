// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/formats/data_set.hpp"

#include "soapstone/base/check.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/base/units.hpp"
#include "soapstone/formats/extxyz_comment.hpp"
#include "soapstone/formats/stated_unit.hpp"
#include "soapstone/formats/tokens.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace soapstone::formats {

namespace {

constexpr std::size_t frames_between_progress = 256;
constexpr std::size_t most_keys_listed = 30;
constexpr double largest_target = 1e15; // eV: larger ones have no digits left that matter

using Keys = std::vector<std::string>;

void add_keys(Keys& keys, const Frame& frame) {
  for (const InfoEntry& entry : frame.info)
    if (std::find(keys.begin(), keys.end(), entry.key) == keys.end() && keys.size() < most_keys_listed)
      keys.push_back(entry.key);
}

/// "expected the target 'energy' in the comment line, found only the keys a, b".
std::string missing(const std::string& key, const Keys& keys, const std::string& where) {
  std::string message = "expected the target " + shown(key) + " " + where + ", found ";
  if (keys.empty())
    message += "no keys at all";
  else
    message += "only the keys ";
  for (std::size_t i = 0; i < keys.size(); ++i)
    message += (i == 0 ? "" : ", ") + keys[i];
  return message;
}

/// `where`: "in the comment line".
[[noreturn]] void refuse_missing(const std::string& key, const Keys& keys, const std::string& where,
                                 const DataLocation& location) {
  std::string message = missing(key, keys, where);
  if (const auto nearest = nearest_name(key, keys); !nearest.empty())
    message += "; did you mean " + shown(nearest) + "?";
  else if (!keys.empty())
    message += "; set --`target` to the right key";
  throw DataError(message, location);
}

[[noreturn]] void refuse_missing(const Frame& frame, const std::string& key) {
  Keys keys;
  add_keys(keys, frame);
  if (frame.location.frame > 0) // the name is right, then
    throw DataError(missing(key, keys, "in the comment line, as in the frames before") +
                        "; remove this structure, or add the target to it",
                    frame.location);
  refuse_missing(key, keys, "in the comment line", frame.location);
}

void require_one(const Frame& frame, const std::string& key, const std::string& last) {
  for (const InfoEntry& entry : frame.info)
    if (entry.key == key && entry.value != last)
      throw DataError("expected the target " + shown(key) + " once, found " + shown(entry.value) + " and " +
                          shown(last),
                      frame.location);
}

// Returns the number without brackets or quotes that JSON may put around it.
std::string_view number_text(std::string_view value) {
  const auto content = without_json_mark(value);
  const bool json = content.size() != trim(value).size();
  const bool inclosed = content.size() > 2 && ((content.front() == '[' && content.back() == ']') ||
                                               (content.front() == '"' && content.back() == '"'));
  return json && inclosed ? trim(content.substr(1, content.size() - 2)) : content;
}

// The target in eV per structure.
double target_value(const Frame& frame, const TargetSpec& target, double unit_in_ev, bool required) {
  const std::string* text = frame.find(target.key);
  if (!text && required)
    refuse_missing(frame, target.key);
  if (!text)
    return std::numeric_limits<double>::quiet_NaN();
  require_one(frame, target.key, *text);
  const auto number = to_number(number_text(*text));
  const double atoms = target.per_atom ? static_cast<double>(frame.structure.size()) : 1.0;
  const double value = number ? *number * unit_in_ev * atoms : std::numeric_limits<double>::quiet_NaN();
  if (!std::isfinite(value))
    throw DataError("expected a finite number for the target " + shown(target.key) + ", found " +
                        shown(*text),
                    frame.location);
  if (std::abs(value) > largest_target)
    throw DataError("expected at most 1e15 eV for the target " + shown(target.key) + ", found " +
                        shown(*text) + " " + target.unit,
                    frame.location);
  return value;
}

// Shares the name of the file with the structure before, where it is the same.
structure::Origin origin_of(const Frame& frame, const DataSet& before) {
  const auto& [name, number, line] = frame.location;
  if (before.size() != 0)
    if (const auto& file = before.structures.back().origin.file; *file == name)
      return {file, number, line};
  return {std::make_shared<const std::string>(name), number, line};
}

// The remarks of one kind, of which only the first is told.
struct Remarked {
  Remark first;
  DataLocation location;
  std::int64_t frames = 0;
};

void add_remark(std::vector<Remarked>& all, const Remark& remark, const DataLocation& location) {
  const auto known = std::find_if(all.begin(), all.end(),
                                  [&](const Remarked& one) { return one.first.kind == remark.kind; });
  if (known != all.end())
    ++known->frames;
  else if (all.size() < most_keys_listed)
    all.push_back({remark, location, 1});
}

std::vector<std::string> warnings_of(const std::vector<Remarked>& all) {
  std::vector<std::string> warnings;
  warnings.reserve(all.size());
  for (const Remarked& one : all)
    warnings.push_back(
        to_string(one.location) + ": " + one.first.text +
        (one.frames > 1 ? " (and so in " + format_count(one.frames - 1, "other frame") + ")" : ""));
  return warnings;
}

// Appends the frames of one file to `data`, and the keys of frames that lack a target to `keys`; `advance` is
// called now and then with the share of the file that has been read.
template <typename Advance>
void append_frames(DataSet& data, Keys& keys, std::vector<Remarked>& remarks, FrameReader& reader,
                   const std::vector<TargetSpec>& targets, Presence presence, bool keep_info,
                   const Advance& advance) {
  std::vector<double> units;
  units.reserve(targets.size());
  for (const TargetSpec& target : targets)
    units.push_back(energy_unit_in_ev(target.unit));
  Frame frame;
  while (reader.next(frame)) {
    add_unit_remarks(frame, targets);
    for (const Remark& remark : frame.remarks)
      add_remark(remarks, remark, frame.location);
    for (std::size_t t = 0; t < targets.size(); ++t) {
      data.targets[t].push_back(target_value(frame, targets[t], units[t], presence == Presence::required));
      if (std::isnan(data.targets[t].back()))
        add_keys(keys, frame);
      else if (data.contradiction.empty())
        data.contradiction = contradiction(frame, targets[t]);
    }
    frame.structure.origin = origin_of(frame, data);
    data.structures.push_back(std::move(frame.structure));
    if (keep_info)
      data.info.push_back(frame.info);
    if (data.size() % frames_between_progress == 0)
      advance(reader.done());
  }
}

void require_somewhere(const DataSet& data, const std::vector<TargetSpec>& targets, const Keys& keys) {
  for (std::size_t t = 0; t < targets.size(); ++t)
    if (const auto& values = data.targets[t];
        !values.empty() && std::all_of(values.begin(), values.end(), [](double y) { return std::isnan(y); }))
      refuse_missing(targets[t].key, keys, "in the comment lines",
                     {data.structures.front().origin.location().file, -1, 0});
}

} // namespace

DataSet read_data_set(const DataSource& source, const std::vector<TargetSpec>& targets, Presence presence,
                      const Progress& progress) {
  DataSet data;
  Keys keys;
  std::vector<Remarked> remarks;
  data.targets.resize(targets.size());
  const auto files = static_cast<double>(source.paths.size());
  for (std::size_t i = 0; i < source.paths.size(); ++i) {
    const std::size_t before = data.size();
    const auto reader = open_frames(source.paths[i], source.format);
    append_frames(data, keys, remarks, *reader, targets, presence, source.keep_info, [&](double share) {
      if (progress)
        progress((static_cast<double>(i) + share) / files);
    });
    if (const auto left_out = reader->left_out(); !left_out.empty())
      data.warnings.push_back(source.paths[i] + ": " + left_out);
    if (data.size() == before)
      throw DataError("expected at least one structure, found none", {source.paths[i], -1, 0});
  }
  const auto told = warnings_of(remarks);
  data.warnings.insert(data.warnings.end(), told.begin(), told.end());
  if (presence == Presence::expected)
    require_somewhere(data, targets, keys);
  if (progress)
    progress(1.0);
  return data;
}

DataSet subset(const DataSet& data, const std::vector<std::int64_t>& indices) {
  DataSet part;
  part.targets.resize(data.targets.size());
  for (const std::int64_t index : indices) {
    expects(index >= 0 && static_cast<std::size_t>(index) < data.size(), "an index of the data set");
    const auto i = static_cast<std::size_t>(index);
    part.structures.push_back(data.structures[i]);
    if (!data.info.empty())
      part.info.push_back(data.info[i]);
    for (std::size_t t = 0; t < data.targets.size(); ++t)
      part.targets[t].push_back(data.targets[t][i]);
  }
  return part;
}

} // namespace soapstone::formats
