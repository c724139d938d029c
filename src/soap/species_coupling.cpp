// SPDX-License-Identifier: BSD-3-Clause
#include "soapstone/soap/species_coupling.hpp"

#include "jacobi.hpp"
#include "soapstone/base/check.hpp"
#include "soapstone/base/simd.hpp"
#include "soapstone/base/text.hpp"
#include "soapstone/structure/element_properties.hpp"
#include "soapstone/structure/elements.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

namespace soapstone::soap {

namespace {

constexpr int most_channels = 1000; // features grow with their square; more than elements are of no use

[[noreturn]] void refuse(const std::string& message) {
  throw ConfigError(message, "coupling");
}

double known(std::optional<double> value, const std::map<int, double>& given, int z, const char* what,
             const char* key) {
  if (const auto found = given.find(z); found != given.end())
    return found->second;
  if (!value)
    refuse(format("`coupling` = gaussian: %s has no %s in the tables; set it with `%s`, or give the "
                  "whole coupling with `coupling` = FILE",
                  std::string(structure::element_symbol(z)).c_str(), what, key));
  return *value;
}

/// exp(-(x_a - x_b)² / 2 sigma²)
double gaussian(double a, double b, double sigma) {
  const double x = (a - b) / sigma;
  return std::exp(-x * x / 2);
}

/// Makes the sign unique: of its largest entries, which may be equal but for rounding, the first one decides.
void make_sign_unique(double* row, int order) {
  constexpr double alike = 1 - 1e-8;
  double largest = 0;
  for (int i = 0; i < order; ++i)
    largest = std::max(largest, std::abs(row[i]));
  const double* first =
      std::find_if(row, row + order, [&](double value) { return std::abs(value) >= alike * largest; });
  if (*first < 0)
    std::transform(row, row + order, row, std::negate<>());
}

} // namespace

int SpeciesCoupling::channels() const {
  return elements.empty() ? 0 : static_cast<int>(u.size() / elements.size());
}

void SpeciesCoupling::validate() const {
  const bool ascending =
      std::adjacent_find(elements.begin(), elements.end(), std::greater_equal<>()) == elements.end();
  if (elements.empty() || !ascending || u.empty() || u.size() % elements.size() != 0)
    refuse("a species coupling needs ascending elements and whole rows");
  if (!std::all_of(u.begin(), u.end(), [](double value) { return std::isfinite(value); }))
    refuse("a species coupling must be finite");
  if (channels() > most_channels)
    refuse(format("a species coupling of %d channels: at most %d", channels(), most_channels));
}

std::vector<double> gaussian_kappa(std::span<const int> elements, const GaussianCoupling& options) {
  std::vector<double> electronegativities, radii, kappa;
  for (const int z : elements) {
    electronegativities.push_back(known(structure::pauling_electronegativity(z), options.electronegativities,
                                        z, "Pauling electronegativity", "electronegativities"));
    radii.push_back(
        known(structure::van_der_waals_radius(z), options.radii, z, "van der Waals radius", "radii"));
  }
  for (std::size_t a = 0; a < elements.size(); ++a)
    for (std::size_t b = 0; b < elements.size(); ++b)
      kappa.push_back(
          gaussian(electronegativities[a], electronegativities[b], options.sigma_electronegativity) *
          gaussian(radii[a], radii[b], options.sigma_radius));
  return kappa;
}

std::vector<double> factorize_coupling(std::vector<double> kappa, int order, std::optional<int> channels) {
  expects(order >= 1 && kappa.size() == static_cast<std::size_t>(order) * static_cast<std::size_t>(order),
          "a square coupling");
  auto eigen = eigen_symmetric(std::move(kappa), order);
  const double rounding = order * std::numeric_limits<double>::epsilon() * eigen.values.front();
  if (!(eigen.values.front() > 0) || eigen.values.back() < -1e6 * rounding)
    throw NumericalError("the coupling of the elements is not positive semi-definite");
  std::vector<double> u;
  for (int row = 0; row < std::min(order, channels.value_or(order)); ++row) {
    const double value = eigen.values[static_cast<std::size_t>(row)];
    if (value <= rounding)
      break;
    double* vector = eigen.vectors.data() + static_cast<std::ptrdiff_t>(row) * order;
    make_sign_unique(vector, order);
    for (int i = 0; i < order; ++i)
      u.push_back(std::sqrt(value) * vector[i]);
  }
  return u;
}

SpeciesCoupling gaussian_coupling(std::vector<int> elements, const GaussianCoupling& options,
                                  std::optional<int> channels) {
  SpeciesCoupling coupling;
  coupling.u =
      factorize_coupling(gaussian_kappa(elements, options), static_cast<int>(elements.size()), channels);
  coupling.elements = std::move(elements);
  return coupling;
}

std::vector<int> active_channels(const SpeciesCoupling& coupling, std::span<const int> present) {
  std::vector<int> active;
  for (int channel = 0; channel < coupling.channels(); ++channel)
    if (std::any_of(present.begin(), present.end(), [&](int element) {
          return coupling.at(channel, static_cast<std::size_t>(element)) != 0;
        }))
      active.push_back(channel);
  return active;
}

PackedCoupling::PackedCoupling(const SpeciesCoupling& coupling, std::span<const int> present)
    : PackedCoupling(coupling, present, active_channels(coupling, present)) {}

PackedCoupling::PackedCoupling(const SpeciesCoupling& coupling, std::span<const int> present,
                               std::vector<int> active)
    : depth_(static_cast<long>(present.size())), active_(std::move(active)) {
  for (const int channel : active_)
    for (const int element : present)
      u_.push_back(coupling.at(channel, static_cast<std::size_t>(element)));
}

namespace {

/// `Rows` channels of one row (l, m) of coefficients: u times the coefficients of the elements.
template <int Rows>
void combine(const double* u, long depth, const double* from, int n_max, double* to) {
  for (int n = 0; n < n_max; n += simd::lanes) {
    simd::Vector sums[Rows][1] = {};
    simd::multiply_tile<Rows, 1>(static_cast<int>(depth), u, depth, 1, from + n, n_max, sums);
    for (long r = 0; r < Rows; ++r)
      simd::store(to + r * n_max + n, sums[r][0], simd::lanes_between(0, n_max - n));
  }
}

} // namespace

void PackedCoupling::apply(DensityView source, DensityTarget coupled) const {
  const auto& from = source.shape;
  const double* density = source.values;
  expects(from.channels == depth_, "densities of the elements that the coupling was packed for");
  const DensityShape to = shape(from);
  expects(coupled.shape == to, "room for the active channels");
  double* contracted = coupled.values;
  constexpr int step = 4;
  for (int row = 0; row < from.rows(); ++row, density += from.stride(), contracted += to.stride()) {
    int channel = 0;
    for (; channel + step <= to.channels; channel += step)
      combine<step>(u_.data() + channel * depth_, depth_, density, from.n_max,
                    contracted + from.offset(0, channel));
    for (; channel < to.channels; ++channel)
      combine<1>(u_.data() + channel * depth_, depth_, density, from.n_max,
                 contracted + from.offset(0, channel));
  }
}

} // namespace soapstone::soap
