// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/formats/frame.hpp"

namespace soapstone::formats {

const std::string* Frame::find(std::string_view key) const {
  for (auto entry = info.rbegin(); entry != info.rend(); ++entry)
    if (entry->key == key)
      return &entry->value;
  return nullptr;
}

} // namespace soapstone::formats
