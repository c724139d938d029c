// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

namespace soapstone {

/// A number of things that a stage does or has done: 22600 "environments".
struct Amount {
  double items = 0;
  std::string name;
};

/// Receives what a run tells while it works; how it is shown is decided elsewhere.
class Log {
public:
  virtual ~Log() = default;
  virtual void line(const std::string& text) = 0;
  virtual void warn(const std::string& text) = 0; ///< shows each text once
  /// `share` in [0, 1] of a stage is done. `whole`: all that it is to do, where that is known.
  virtual void progress(const std::string& stage, double share, double elapsed_seconds,
                        const Amount& whole) = 0;
  /// A stage has ended, by an exception unless it is `finished`.
  virtual void stage_ended(const std::string& stage, bool finished, double seconds, const Amount& whole) = 0;
};

} // namespace soapstone
