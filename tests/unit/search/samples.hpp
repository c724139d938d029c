// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/search/checkpoint.hpp"

namespace soapstone::search {

/// A good record with two rows of two columns; row 1 failed where `half` is set.
inline Record good_record(std::int64_t rung, std::int64_t point, double score, bool half = false) {
  return {{rung, point}, 0, "", {1e-8, score, 1e-6, score + 1}, {"", half ? "not positive definite" : ""},
          0.25};
}

inline Record failed_record(std::int64_t rung, std::int64_t point) {
  return {{rung, point}, 4, "K + λI is not positive definite\nat all", {}, {}, 1.5};
}

inline Checkpoint sample_search() {
  Checkpoint search;
  search.identity = {{"soap.cutoff", "3:5:3"}, {"data", "0123"}, {"empty", ""}};
  search.axes = {{"soap.cutoff", {"3", "4", "5"}}, {"species.coupling", {"none", "gaussian"}}};
  search.rows = {"1e-8", "1e-6"};
  search.columns = {"lambda", "mae"};
  search.score = "mae";
  search.rungs = {{6, 100}, {2, 300}};
  search.status = "running";
  search.owner = "process 1 on host here";
  return search;
}

inline void add(Checkpoint& search, const Record& record) {
  search.records[record.task] = record;
}

} // namespace soapstone::search
