// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/report/search_report.hpp"

#include "soapstone/base/text.hpp"
#include "soapstone/options/parameter_keys.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace soapstone::report {

using search::Checkpoint;
using search::Record;

namespace {

std::int64_t structures_of(const Checkpoint& search, const Record& record) {
  return search.rungs.at(static_cast<std::size_t>(record.task.rung)).structures;
}

std::string error_of(const Record& record, std::size_t row) {
  return options::with_keys(record.code != 0 ? record.message : record.failures.at(row));
}

double value_at(const Checkpoint& search, const Record& record, std::size_t row, std::size_t column) {
  return record.values.at(row * search.columns.size() + column);
}

std::string csv_row(const Checkpoint& search, const Record& record, std::size_t row) {
  std::string line = format("%lld,%lld,%lld", static_cast<long long>(record.task.rung) + 1,
                            static_cast<long long>(structures_of(search, record)),
                            static_cast<long long>(record.task.point));
  for (const auto& value : workflow::values_of(search, record))
    line += "," + csv_field(value);
  line += "," + search.rows[row];
  const auto error = error_of(record, row);
  for (std::size_t c = 0; c < search.columns.size(); ++c)
    line += error.empty() ? format(",%.12g", value_at(search, record, row, c)) : ",";
  return line + "," + csv_field(error) + "\n";
}

/// A text as the number that it is, if it is one.
Json number_or_text(const std::string& text) {
  const auto number = parse_double(text);
  return number && std::isfinite(*number) ? Json(*number) : Json(text);
}

Json keys_json(const Checkpoint& search, const Record& record, std::size_t row) {
  Json keys = Json::object();
  const auto values = workflow::values_of(search, record);
  for (std::size_t a = 0; a < values.size(); ++a)
    keys[search.axes[a].key] = number_or_text(values[a]);
  keys["regression.regularization"] = number_or_text(search.rows[row]);
  return keys;
}

Json row_json(const Checkpoint& search, const Record& record, std::size_t row) {
  Json json{{"rung", record.task.rung + 1},
            {"n_structures", structures_of(search, record)},
            {"point", record.task.point},
            {"keys", keys_json(search, record, row)}};
  const auto error = error_of(record, row);
  for (std::size_t c = 0; c < search.columns.size(); ++c)
    json[search.columns[c]] = error.empty() ? Json(value_at(search, record, row, c)) : Json(nullptr);
  json["unit"] = "eV";
  json["error"] = error.empty() ? Json(nullptr) : Json(error);
  return json;
}

/// Records of one rung, best first, failures last.
std::vector<const Record*> ranked(const Checkpoint& search, std::int64_t rung) {
  std::vector<const Record*> records;
  for (const auto& [task, record] : search.records)
    if (task.rung == rung)
      records.push_back(&record);
  std::stable_sort(records.begin(), records.end(), [&](const Record* a, const Record* b) {
    return search::best_row(search, *a).score < search::best_row(search, *b).score;
  });
  return records;
}

std::string first_line(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

std::string table_line(const Checkpoint& search, const Record& record) {
  std::string line;
  for (const auto& value : workflow::values_of(search, record))
    line += format("%-12s ", value.c_str());
  const auto best = search::best_row(search, record);
  if (!std::isfinite(best.score))
    return line + first_line(error_of(record, 0)) + "\n";
  // lambda, mae, rmse, max_error, mae_per_structure, mae_fold_std: those of the first target come first.
  const auto value = [&](std::size_t column) { return value_at(search, record, best.row, column); };
  return line + format("%-10s %8.3f %8.3f %8.3f %10.5f\n", search.rows[best.row].c_str(), value(1) * 1e3,
                       value(5) * 1e3, value(2) * 1e3, value(4));
}

std::string last_part(const std::string& key) {
  return key.substr(key.rfind('.') + 1);
}

std::string table_header(const Checkpoint& search) {
  std::string first, second;
  for (const auto& axis : search.axes) {
    first += format("%-12.12s ", last_part(axis.key).c_str());
    second += std::string(13, ' ');
  }
  return first + "lambda     MAE      +- folds RMSE     MAE\n" + second +
         "           meV/atom meV/atom meV/atom eV/structure\n";
}

} // namespace

std::string search_csv(const Checkpoint& search) {
  std::string text = "rung,structures,point";
  for (const auto& axis : search.axes)
    text += "," + csv_field(axis.key);
  text += ",regression.regularization";
  for (const auto& column : search.columns)
    text += "," + csv_field(column);
  text += ",error\n";
  for (const auto& [task, record] : search.records)
    for (std::size_t row = 0; row < search.rows.size(); ++row)
      text += csv_row(search, record, row);
  return text;
}

Json search_json(const Checkpoint& search) {
  Json json{{"score", search.score}, {"points", search.records.size()}, {"rungs", Json::array()}};
  for (const auto& rung : search.rungs)
    json["rungs"].push_back({{"points", rung.points}, {"n_structures", rung.structures}});
  const auto* best = search::best_record(search);
  json["best"] =
      best == nullptr ? Json(nullptr) : row_json(search, *best, search::best_row(search, *best).row);
  json["table"] = Json::array();
  for (const auto& [task, record] : search.records)
    for (std::size_t row = 0; row < search.rows.size(); ++row)
      json["table"].push_back(row_json(search, record, row));
  return json;
}

Json throughput_json(const workflow::SearchThroughput& throughput) {
  return {{"groups", throughput.layout.groups},
          {"ranks_per_group", throughput.layout.ranks_per_group},
          {"points", throughput.points},
          {"kernels_assembled", throughput.kernels_assembled},
          {"environments_reused", throughput.environments_reused},
          {"environments_bytes", throughput.environments_bytes},
          {"seconds", throughput.seconds},
          {"points_per_hour", throughput.points_per_hour()},
          {"idle_share", throughput.idle_share}};
}

std::string search_table(const Checkpoint& search) {
  std::string text;
  for (std::size_t r = 0; r < search.rungs.size(); ++r) {
    const auto records = ranked(search, static_cast<std::int64_t>(r));
    text += format("cross-validation on %lld structures, %zu point%s, best first\n",
                   static_cast<long long>(search.rungs[r].structures), records.size(),
                   records.size() == 1 ? "" : "s") +
            table_header(search);
    for (const auto* record : records)
      text += table_line(search, *record);
  }
  return text;
}

std::string describe_search(const Checkpoint& search) {
  std::size_t failed = 0;
  for (const auto& [task, record] : search.records)
    failed += record.code != 0 ? 1 : 0;
  std::string text =
      format("  search, %s (%s): %zu of %lld points", search.status.c_str(), search.owner.c_str(),
             search.records.size(), static_cast<long long>(search.planned()));
  text += failed > 0 ? format(", %zu of them failed\n", failed) : std::string("\n");
  for (const auto& axis : search.axes) {
    text += "  " + axis.key + ":";
    for (const auto& value : axis.values)
      text += " " + value;
    text += "\n";
  }
  text += "  regression.regularization:";
  for (const auto& row : search.rows)
    text += " " + row;
  text += "\n";
  for (const auto& rung : search.rungs)
    text += format("  %lld point%s on %lld structures\n", static_cast<long long>(rung.points),
                   rung.points == 1 ? "" : "s", static_cast<long long>(rung.structures));
  const auto* best = search::best_record(search);
  if (best != nullptr)
    text +=
        format("  best so far: %s %.3f meV/atom with %s\n", search.score.c_str(),
               search::best_row(search, *best).score * 1e3, workflow::describe_point(search, *best).c_str());
  return text;
}

} // namespace soapstone::report
