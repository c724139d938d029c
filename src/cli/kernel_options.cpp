// SPDX-License-Identifier: BSD-3-Clause
#include "kernel_options.hpp"

#include "reader.hpp"

#include "soapstone/base/error.hpp"
#include "soapstone/options/parameter_keys.hpp"

#include <algorithm>
#include <optional>

namespace soapstone::cli {

namespace {

/// Repeats what SoapParameters::validate finds with the key and the place of this kernel.
void validate(const soap::SoapParameters& soap, const Reader& read) {
  const options::Assignment cutoff = read.given("soap.cutoff"), width = read.given("soap.cutoff-width");
  if (soap.cutoff_width > soap.cutoff)
    throw ConfigError(width.key + " = " + shown(width) + ": expected a number from 0 to " + cutoff.key +
                          " = " + shown(cutoff),
                      width.key, place_of(width, cutoff));
  try {
    soap.validate();
  } catch (const ConfigError& error) {
    const std::string key = options::key_of(error.parameter());
    if (!error.where().empty() || key.empty())
      throw;
    const options::Assignment given = read.given(key);
    throw ConfigError((given.key == key ? "" : given.key + " = " + given.value + ": ") +
                          options::with_keys(error.what()),
                      given.key, place_of(given, given));
  }
}

soap::SoapParameters soap_parameters(const Reader& read) {
  soap::SoapParameters soap;
  soap::for_each_field(
      [&](const soap::Field& field, auto& value) { read.read(options::key_of(field.name), value); }, soap);
  validate(soap, read);
  return soap;
}

std::map<int, double> element_values(const options::Assignment& given) {
  if (given.value.empty())
    return {};
  return as_element_values(given, option_named("species.electronegativity"));
}

options::SpeciesOptions species_options(const Reader& read) {
  options::SpeciesOptions species;
  const Option& coupling = option_named("species.coupling");
  const options::Assignment given = read.given(coupling.name);
  if (is_word(given, coupling)) {
    species.coupling =
        as_word(given, coupling) == "none" ? options::CouplingKind::none : options::CouplingKind::gaussian;
  } else {
    species.coupling = options::CouplingKind::file;
    species.coupling_file = given.value;
  }
  species.sigma_electronegativity = read.number("species.sigma-electronegativity");
  species.sigma_radius = read.number("species.sigma-radius");
  species.electronegativities = element_values(read.given("species.electronegativity"));
  species.radii = element_values(read.given("species.radius"));
  if (!read.says("species.elements", "auto"))
    species.elements = as_elements(read.given("species.elements"), option_named("species.elements"));
  if (!read.says("species.channels", "all"))
    species.channels = read.small("species.channels");
  species.normalize_before = read.says("species.normalize", "before");
  if (!read.says("species.form", "auto"))
    species.form = read.says("species.form", "sparse") ? options::CouplingForm::pairwise
                                                       : options::CouplingForm::channels;
  const auto elements = species.elements.size();
  if (species.channels && elements != 0 && static_cast<std::size_t>(*species.channels) > elements)
    throw ConfigError(read.given("species.channels").key + " = " + std::to_string(*species.channels) +
                          ": expected at most the " + std::to_string(elements) +
                          " elements of species.elements",
                      read.given("species.channels").key, read.given("species.channels").source);
  return species;
}

std::optional<kernel::ContractionOptions> contraction_options(const Reader& read) {
  if (read.says("soap.contraction", "none"))
    return std::nullopt;
  kernel::ContractionOptions options;
  options.goal = as_contraction(read.given("soap.contraction"), option_named("soap.contraction"));
  options.method = read.says("soap.contraction-method", "density") ? kernel::ContractionMethod::density
                                                                   : kernel::ContractionMethod::pca;
  options.sample.structures = read.integer("soap.contraction-sample");
  options.seed = static_cast<std::uint64_t>(read.integer("data.seed"));
  return options;
}

options::KernelOptions kernel_options(const Settings& settings, int number) {
  const Reader read(settings, number);
  return {soap_parameters(read),
          contraction_options(read),
          species_options(read),
          read.small("kernel.zeta"),
          read.number("kernel.N.weight"),
          read.says("soap.precision", "float32") ? kernel::Precision::float32 : kernel::Precision::float64,
          number};
}

} // namespace

std::vector<options::KernelOptions> kernel_options(const Settings& settings) {
  std::vector<options::KernelOptions> kernels;
  for (const int number : settings.kernels())
    kernels.push_back(kernel_options(settings, number));
  if (kernels.empty())
    kernels.push_back(kernel_options(settings, 0));
  if (std::none_of(kernels.begin(), kernels.end(), [](const auto& kernel) { return kernel.weight > 0; })) {
    const options::Assignment weight = settings.get("kernel.N.weight", settings.kernels().front());
    throw ConfigError(weight.key + " = 0: expected at least one kernel with a weight > 0", weight.key,
                      weight.source);
  }
  return kernels;
}

} // namespace soapstone::cli
