// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/base/check.hpp"
#include "soapstone/h5/file.hpp"
#include "soapstone/search/checkpoint.hpp"

#include <algorithm>
#include <limits>

namespace soapstone::search {

namespace {

using Texts = std::vector<std::string>;
using Integers = std::vector<std::int64_t>;

// HDF5 has no empty chunked data sets: what is empty is left out.
void write_texts(h5::Writer& file, const std::string& name, const Texts& texts) {
  if (!texts.empty())
    file.write(name, texts);
}

Texts read_texts(const h5::Reader& file, const std::string& name) {
  return file.exists(name) ? file.read_strings(name) : Texts{};
}

void write_plan(h5::Writer& file, const Checkpoint& search) {
  Texts keys, values, axis_keys, axis_values;
  for (const auto& [key, value] : search.identity) {
    keys.push_back(key);
    values.push_back(value);
  }
  write_texts(file, "/identity/keys", keys);
  write_texts(file, "/identity/values", values);
  Integers sizes, points, structures;
  for (const auto& axis : search.axes) {
    axis_keys.push_back(axis.key);
    sizes.push_back(static_cast<std::int64_t>(axis.values.size()));
    axis_values.insert(axis_values.end(), axis.values.begin(), axis.values.end());
  }
  if (!search.axes.empty()) {
    file.write("/plan/axis_keys", axis_keys);
    file.write("/plan/axis_sizes", sizes);
    file.write("/plan/axis_values", axis_values);
  }
  for (const auto& rung : search.rungs) {
    points.push_back(rung.points);
    structures.push_back(rung.structures);
  }
  file.write("/plan/rung_points", points);
  file.write("/plan/rung_structures", structures);
  file.write("/plan/rows", search.rows);
  file.write("/plan/columns", search.columns);
  file.write("/plan/score", search.score);
}

void write_records(h5::Writer& file, const Checkpoint& search) {
  if (search.records.empty())
    return;
  Integers rungs, points, codes;
  Texts messages, failures;
  std::vector<double> values, seconds;
  const auto rows = search.rows.size(), width = rows * search.columns.size();
  for (const auto& [task, record] : search.records) {
    expects(record.code != 0 || (record.values.size() == width && record.failures.size() == rows),
            "a record has the search's rows and columns");
    rungs.push_back(task.rung);
    points.push_back(task.point);
    codes.push_back(record.code);
    messages.push_back(record.message);
    seconds.push_back(record.seconds);
    values.insert(values.end(), record.values.begin(), record.values.end());
    failures.insert(failures.end(), record.failures.begin(), record.failures.end());
    values.resize(seconds.size() * width, std::numeric_limits<double>::quiet_NaN());
    failures.resize(seconds.size() * rows);
  }
  file.write("/records/rung", rungs);
  file.write("/records/point", points);
  file.write("/records/code", codes);
  file.write("/records/message", messages);
  file.write("/records/seconds", seconds);
  file.write("/records/values", values, {rungs.size(), rows, search.columns.size()});
  file.write("/records/failure", failures);
}

void require(bool holds, const h5::Reader& file, const std::string& object, const char* what) {
  if (!holds)
    throw IoError(object + ": " + what, file.path());
}

std::vector<Axis> read_axes(const h5::Reader& file) {
  std::vector<Axis> axes;
  if (!file.exists("/plan/axis_keys"))
    return axes;
  const auto keys = file.read_strings("/plan/axis_keys"), values = file.read_strings("/plan/axis_values");
  const auto sizes = file.read_integers("/plan/axis_sizes");
  auto left = static_cast<std::int64_t>(values.size());
  auto at = values.begin();
  for (std::size_t a = 0; a < keys.size(); ++a) {
    const auto size = sizes.at(a);
    require(size >= 1 && size <= left, file, "/plan/axis_sizes",
            "does not have the sizes of /plan/axis_values");
    axes.push_back({keys[a], {at, at + size}});
    at += size;
    left -= size;
  }
  return axes;
}

void read_plan(const h5::Reader& file, Checkpoint& search) {
  const auto keys = read_texts(file, "/identity/keys"), values = read_texts(file, "/identity/values");
  for (std::size_t i = 0; i < keys.size(); ++i)
    search.identity[keys[i]] = values.at(i);
  search.axes = read_axes(file);
  const auto points = file.read_integers("/plan/rung_points");
  const auto structures = file.read_integers("/plan/rung_structures");
  for (std::size_t r = 0; r < points.size(); ++r)
    search.rungs.push_back({points[r], structures.at(r)});
  search.rows = file.read_strings("/plan/rows");
  search.columns = file.read_strings("/plan/columns");
  search.score = file.read_string("/plan/score");
  require(!search.rows.empty(), file, "/plan/rows", "is empty");
  require(std::find(search.columns.begin(), search.columns.end(), search.score) != search.columns.end(), file,
          "/plan/score", "is not one of /plan/columns");
  require(std::all_of(search.rungs.begin(), search.rungs.end(),
                      [](const Rung& rung) { return rung.points >= 0 && rung.structures >= 0; }),
          file, "/plan/rung_points", "these numbers or those of /plan/rung_structures are negative");
}

/// Whose point the plan has, and whose failure says something. A part of a search holds no axes.
void require_sound(const h5::Reader& file, const Checkpoint& search, const Record& record) {
  constexpr int most_code = 255; // of a process
  require(record.task.rung >= 0 && record.task.rung < static_cast<std::int64_t>(search.rungs.size()), file,
          "/records/rung", "is not in the plan");
  require(record.task.point >= 0 &&
              (search.status == part_status || record.task.point < Grid(search.axes).size()),
          file, "/records/point", "is not in the plan");
  require(record.code >= 0 && record.code <= most_code, file, "/records/code", "is not an exit code");
  require(record.code == 0 || !record.message.empty(), file, "/records/message", "is empty");
}

void read_records(const h5::Reader& file, Checkpoint& search) {
  if (!file.is_group("/records"))
    return;
  const auto rungs = file.read_integers("/records/rung"), points = file.read_integers("/records/point"),
             codes = file.read_integers("/records/code");
  const auto messages = file.read_strings("/records/message"),
             failures = file.read_strings("/records/failure");
  const auto seconds = file.read_doubles("/records/seconds"), values = file.read_doubles("/records/values");
  const auto rows = search.rows.size(), width = rows * search.columns.size();
  if (values.size() != rungs.size() * width || failures.size() != rungs.size() * rows)
    throw IoError("its records have other rows and columns than its plan", file.path());
  for (std::size_t i = 0; i < rungs.size(); ++i) {
    const auto code = static_cast<int>(std::clamp<std::int64_t>(codes.at(i), -1, 1 << 16));
    Record record{{rungs[i], points.at(i)}, code, messages.at(i), {}, {}, seconds.at(i)};
    require_sound(file, search, record);
    if (record.code == 0) {
      const auto value = values.begin() + static_cast<std::ptrdiff_t>(i * width);
      const auto failure = failures.begin() + static_cast<std::ptrdiff_t>(i * rows);
      record.values.assign(value, value + static_cast<std::ptrdiff_t>(width));
      record.failures.assign(failure, failure + static_cast<std::ptrdiff_t>(rows));
    }
    search.records[record.task] = record;
  }
}

} // namespace

void write_checkpoint(const std::string& path, const Checkpoint& checkpoint) {
  h5::Writer file(path);
  file.attribute("/", "format", checkpoint_format);
  file.attribute("/", "schema", checkpoint_schema);
  file.attribute("/", "status", checkpoint.status);
  file.attribute("/", "owner", checkpoint.owner);
  write_plan(file, checkpoint);
  write_records(file, checkpoint);
  file.commit();
}

Checkpoint read_checkpoint(const std::string& path) {
  const h5::Reader file(path);
  if (!file.has_attribute("/", "format") || file.attribute_string("/", "format") != checkpoint_format)
    throw ForeignFile("is not a checkpoint of a search", path);
  if (const auto schema = file.attribute_integer("/", "schema"); schema != checkpoint_schema)
    throw ForeignFile("has schema " + std::to_string(schema) + ", but this version reads schema " +
                          std::to_string(checkpoint_schema),
                      path);
  Checkpoint search;
  search.status = file.attribute_string("/", "status");
  search.owner = file.attribute_string("/", "owner");
  try {
    read_plan(file, search);
    read_records(file, search);
  } catch (const std::out_of_range&) {
    throw IoError("its parts are inconsistent", path);
  } catch (const ConfigError& error) { // of a grid beyond all bounds
    throw IoError(error.what(), path);
  }
  return search;
}

} // namespace soapstone::search
