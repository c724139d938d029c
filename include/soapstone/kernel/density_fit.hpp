// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/kernel/projection.hpp"
#include "soapstone/soap/density_contraction.hpp"
#include "soapstone/soap/density_covariance.hpp"

namespace soapstone::kernel {

/// The density contraction whose combinations are the leading eigenvectors of the covariance, per l: all
/// whose eigenvalue exceeds one threshold common to all l. The lowest threshold that keeps the spectrum
/// (body_order 3: power, 2: radial) within goal.width columns, or, for goal.width = 0, the highest that
/// leaves at most goal.residual_variance of the trace out. At least one combination stays. Throws
/// NumericalError for a covariance that is zero or not finite.
soap::DensityContraction fit_density_contraction(const soap::DensityCovariance& covariance,
                                                 const ContractionGoal& goal, int body_order);

} // namespace soapstone::kernel
