// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "soapstone/soap/species_coupling.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace soapstone::soap {

/// A species coupling as text: the symbols of the elements, then one row of as many numbers per channel J,
/// u_J,alpha below the symbol of alpha. Blank lines and what follows a # are skipped:
///
///     # from an optimisation
///     H      C      O
///     0.91   0.32   0.05
///    -0.10   0.88   0.71
///
/// `file` is for messages. Columns come back in the order of the atomic numbers. Throws DataError with file
/// and line for an unknown symbol or one there twice, a row of another length, what is no finite number, or a
/// text without rows.
SpeciesCoupling parse_coupling(std::string_view text, const std::string& file);

/// The text of a coupling, with comment lines above it; what is parsed back has the same bits.
std::string coupling_text(const SpeciesCoupling& coupling, const std::string& comment = {});

/// The columns of `coupling` for the elements (ascending) and its first `channels` rows. Throws ConfigError
/// that names `file` and what it lacks.
SpeciesCoupling select_coupling(const SpeciesCoupling& coupling, std::vector<int> elements,
                                std::optional<int> channels, const std::string& file);

} // namespace soapstone::soap
