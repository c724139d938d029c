// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/app/load_model.hpp"

#include "soapstone/parallel/agree.hpp"

namespace soapstone::app {

regression::Model load_model(Session& session, const std::string& path) {
  return session.stages().run("read model", [&](const Progress&) {
    return parallel::agree(session.comm(), [&] { return regression::read_model(path); });
  });
}

} // namespace soapstone::app
