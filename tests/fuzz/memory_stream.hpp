// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/formats/text_source.hpp"

#include <algorithm>
#include <memory>
#include <string>

namespace soapstone::fuzz {

/// A text in memory, as the readers of structures see a file.
class MemoryStream : public formats::ByteStream {
public:
  explicit MemoryStream(const std::string& text) : text_(text) {}
  std::size_t read(char* to, std::size_t capacity) override {
    const auto count = std::min(capacity, text_.size() - at_);
    std::copy_n(text_.data() + at_, count, to);
    at_ += count;
    return count;
  }
  double done() const override { return 0; }

private:
  const std::string& text_; ///< outlives this
  std::size_t at_ = 0;
};

inline std::unique_ptr<formats::TextSource> text_source(const std::string& text) {
  return std::make_unique<formats::TextSource>(std::make_unique<MemoryStream>(text), "in.xyz");
}

} // namespace soapstone::fuzz
