// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/formats/tar_reader.hpp"

#include "soapstone/base/error.hpp"

namespace soapstone::formats {

namespace {

class EntryStream : public ByteStream {
public:
  explicit EntryStream(std::shared_ptr<ArchiveHandle> archive) : archive_(std::move(archive)) {}
  std::size_t read(char* to, std::size_t capacity) override { return archive_->read(to, capacity); }
  double done() const override { return archive_->done(); }

private:
  std::shared_ptr<ArchiveHandle> archive_;
};

} // namespace

std::unique_ptr<ByteStream> TarReader::next(std::string& name) {
  bool is_file = false;
  while (archive_->next_entry(name, is_file))
    if (is_file)
      return std::make_unique<EntryStream>(archive_);
  // The rest is read for the sake of the checksums of a compressed archive. Without the end mark (POSIX: two
  // blocks of zeros) the archive was cut between two files.
  archive_->drain();
  if (!archive_->ends_in_zeros())
    throw IoError("truncated: the tar archive has no end mark", archive_->path());
  return nullptr;
}

bool looks_like_tar(std::string_view first_block) {
  constexpr std::size_t block = 512, sum_at = 148,
                        sum_size = 8; // POSIX.1-1988 ustar: the sum counts its own field as blanks
  if (first_block.size() < block)
    return false;
  long sum = 0;
  for (std::size_t i = 0; i < block; ++i)
    sum += i >= sum_at && i < sum_at + sum_size ? ' ' : static_cast<unsigned char>(first_block[i]);
  long stated = 0;
  bool any = false;
  for (const char c : first_block.substr(sum_at, sum_size)) {
    if (c < '0' || c > '7') {
      if (any || c != ' ')
        break;
      continue;
    }
    stated = stated * 8 + (c - '0');
    any = true;
  }
  return any && stated == sum;
}

} // namespace soapstone::formats
