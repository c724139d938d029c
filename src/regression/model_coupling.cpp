// SPDX-License-Identifier: BSD-3-Clause
#include "model_coupling.hpp"

#include "soapstone/base/error.hpp"

#include <memory>

namespace soapstone::regression {

void write_coupling(h5::Writer& file, const std::string& group, const kernel::KernelSpec& spec) {
  if (!spec.coupling)
    return;
  const auto& coupling = *spec.coupling;
  const auto name = group + "/species_coupling";
  file.write(name + "/u", coupling.u,
             {static_cast<std::uint64_t>(coupling.channels()),
              static_cast<std::uint64_t>(coupling.elements.size())});
  file.attribute(name, "normalize", coupling.normalize_before ? "before" : "after");
  file.attribute(name, "form", spec.pairwise ? "sparse" : "channels"); // either gives the same predictions
}

void read_coupling(const h5::Reader& file, const std::string& group, kernel::KernelSpec& spec) {
  const auto name = group + "/species_coupling";
  if (!file.exists(name))
    return;
  soap::SpeciesCoupling coupling{spec.elements, file.read_doubles(name + "/u"),
                                 file.attribute_string(name, "normalize") == "before"};
  try {
    coupling.validate();
  } catch (const ConfigError& error) {
    throw IoError(std::string(error.what()) + " (" + name + ")", file.path());
  }
  spec.pairwise = file.has_attribute(name, "form") && file.attribute_string(name, "form") == "sparse";
  spec.coupling = std::make_shared<const soap::SpeciesCoupling>(std::move(coupling));
}

} // namespace soapstone::regression
