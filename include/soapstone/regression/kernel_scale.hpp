// SPDX-License-Identifier: BSD-3-Clause
#pragma once

namespace soapstone::regression {

/// The mean diagonal of a kernel matrix, which a relative regularisation is measured in. Throws
/// NumericalError where it is zero, or so small that its numbers have lost digits: there is nothing to learn
/// from.
double require_scale(double mean_diagonal);

} // namespace soapstone::regression
