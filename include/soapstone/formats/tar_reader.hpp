// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/formats/archive_handle.hpp"

namespace soapstone::formats {

/// Returns whether the first 512 bytes of a file are a tar header: its checksum is right.
bool looks_like_tar(std::string_view first_block);

/// The files in a tar archive, in its order.
class TarReader {
public:
  TarReader(std::unique_ptr<ByteStream> source, const std::string& path)
      : archive_(std::make_shared<ArchiveHandle>(std::move(source), path, ArchiveHandle::Content::tar)) {}
  /// The next regular file's name and content, or nullptr after the last. The content is valid until the next
  /// call. Throws IoError when the archive is damaged or ends without its end mark.
  std::unique_ptr<ByteStream> next(std::string& name);
  double done() const { return archive_->done(); }

private:
  std::shared_ptr<ArchiveHandle> archive_;
};

} // namespace soapstone::formats
