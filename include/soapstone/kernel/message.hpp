// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/soap/feature_block.hpp"

#include <vector>

namespace soapstone::kernel {

/// A feature block as one array of doubles, for sending: header (integers, exact in doubles), then the
/// values.
std::vector<double> to_message(const soap::FeatureBlock& block);

/// Length of that message.
std::int64_t message_size(const soap::FeatureBlock& block);

/// The inverse of to_message. Throws InternalError when the message is not one.
soap::FeatureBlock from_message(const std::vector<double>& message);

} // namespace soapstone::kernel
