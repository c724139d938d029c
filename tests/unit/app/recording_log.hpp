// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/base/log.hpp"

#include <string>
#include <vector>

namespace soapstone::app {

/// Keeps what it is told.
struct RecordingLog : Log {
  std::vector<std::string> lines, warnings;
  std::vector<std::string> stages; ///< that have finished

  void line(const std::string& text) override { lines.push_back(text); }
  void warn(const std::string& text) override { warnings.push_back(text); }
  void progress(const std::string&, double, double, const Amount&) override {}
  void stage_ended(const std::string& stage, bool finished, double, const Amount&) override {
    if (finished)
      stages.push_back(stage);
  }
};

} // namespace soapstone::app
