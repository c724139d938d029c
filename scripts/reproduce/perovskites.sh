#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# From a data file to tables and figures: optimised couplings and learning curves of perovskites.
#
#   scripts/reproduce/perovskites.sh perovskites.xyz.xz
#
# The file needs heat_all_eV (heats of formation of Castelli et al., Energy Environ. Sci. 5, 9034 (2012)), taken per atom as it is given:
# errors are in the unit of the file. scripts/reproduce/crystals.bash lists the settings.
set -euo pipefail
# shellcheck source=scripts/reproduce/crystals.bash
. "$(dirname "$0")/crystals.bash"
reproduce perovskites heat_all_eV "$@"
