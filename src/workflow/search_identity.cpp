// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/workflow/search_identity.hpp"

#include "soapstone/base/text.hpp"
#include "soapstone/options/about.hpp"
#include "soapstone/options/key_roles.hpp"
#include "soapstone/options/parameter_keys.hpp"
#include "soapstone/structure/flat_structures.hpp"

#include <fstream>
#include <iterator>
#include <utility>

namespace soapstone::workflow {

namespace {

/// 64 bits of what went in: FNV-1a (Fowler, Noll, Vo).
class Hash {
public:
  template <typename T>
  void add(const std::vector<T>& values) {
    const auto size = values.size();
    add_bytes(&size, sizeof size);
    add_bytes(values.data(), values.size() * sizeof(T));
  }
  void add_bytes(const void* bytes, std::size_t count) {
    const auto* at = static_cast<const unsigned char*>(bytes);
    for (std::size_t i = 0; i < count; ++i)
      state_ = (state_ ^ at[i]) * 1099511628211ULL;
  }
  std::string text() const { return format("%016llx", static_cast<unsigned long long>(state_)); }

private:
  std::uint64_t state_ = 14695981039346656037ULL;
};

std::string data_hash(const formats::DataSet& data) {
  const auto flat = structure::flatten(data.structures);
  Hash hash;
  hash.add(flat.offsets);
  hash.add(flat.species);
  hash.add(flat.positions);
  hash.add(flat.cells);
  hash.add(flat.periodic);
  for (const auto& target : data.targets)
    hash.add(target);
  return format("%zu structures, contents ", data.size()) + hash.text();
}

std::string file_hash(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::vector<char> bytes((std::istreambuf_iterator<char>(file)), {});
  Hash hash;
  hash.add(bytes);
  return hash.text();
}

} // namespace

std::map<std::string, std::string> search_identity(std::map<std::string, std::string> keys,
                                                   const std::vector<options::KernelOptions>& kernels,
                                                   const formats::DataSet& all) {
  std::erase_if(keys, [](const auto& given) { return options::is_about_running(given.first); });
  for (const auto& kernel : kernels)
    if (const auto& file = kernel.species.coupling_file;
        kernel.species.coupling == options::CouplingKind::file)
      keys["contents of " + file] = file_hash(file);
  keys[options::key_of("structures")] = data_hash(all);
  keys["program version"] = options::version_number();
  return keys;
}

} // namespace soapstone::workflow
