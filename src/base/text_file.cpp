// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/base/text_file.hpp"

#include "soapstone/base/atomic_file.hpp"
#include "soapstone/base/error.hpp"

#include <fstream>
#include <sstream>

namespace soapstone {

std::string read_text_file(const std::string& path, const std::string& what) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream content;
  // Streams count it as a failure to put in nothing; a folder is opened, but no character of it is read.
  const bool empty = file.peek() == std::ifstream::traits_type::eof();
  if (!file.is_open() || file.bad() || (!empty && !(content << file.rdbuf())))
    throw IoError("cannot read " + what, path);
  return content.str();
}

void write_text_file(const std::string& path, std::string_view text) {
  AtomicFile file(path);
  file.write(text);
  file.commit();
}

} // namespace soapstone
