// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/workflow/load_model.hpp"

#include "soapstone/parallel/agree.hpp"

namespace soapstone::workflow {

regression::Model load_model(Stages& stages, const std::string& path) {
  return stages.run("read model", [&](const Progress&) {
    return parallel::agree(stages.comm(), [&] { return regression::read_model(path); });
  });
}

} // namespace soapstone::workflow
