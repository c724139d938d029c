// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/parallel/collectives.hpp"

namespace soapstone::parallel {

void broadcast(const Communicator& comm, std::string& text, int root) {
  auto size = static_cast<std::uint64_t>(text.size());
  broadcast(comm, size, root);
  text.resize(static_cast<std::size_t>(size));
  broadcast(comm, std::span<char>(text), root);
}

} // namespace soapstone::parallel
