#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# From a data file to tables and figures: optimised couplings and learning curves of elpasolites.
#
#   scripts/reproduce/elpasolites.sh elpasolites.xyz.xz
#
# The file needs formation_energy_eV_per_atom; energies of Faber et al., Phys. Rev. Lett. 117, 135502 (2016). Curves are shown beside
# those of the table PUBLISHED, if it is given. scripts/reproduce/crystals.bash lists the settings.
set -euo pipefail
# shellcheck source=scripts/reproduce/crystals.bash
. "$(dirname "$0")/crystals.bash"
reproduce elpasolites formation_energy_eV_per_atom "$@"
