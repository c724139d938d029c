#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# check_scripts.sh REPOSITORY   runs shellcheck over its shell scripts, after showing that it finds a planted mistake.
set -euo pipefail
cd "$1"
command -v shellcheck >/dev/null || {
    echo "skipped: there is no shellcheck"
    exit 77
}
# shellcheck disable=SC2016 # the mistake is quoted
if printf '#!/bin/bash\nrm $1\n' | shellcheck - >/dev/null; then
    echo "shellcheck does not find a missing quote" >&2
    exit 1
fi
mapfile -t scripts < <(find scripts tests .ci -type f \( -name '*.sh' -o -name '*.bash' -o -path '.ci/run' \) | sort)
((${#scripts[@]} >= 10)) || {
    echo "found ${#scripts[@]} scripts only" >&2
    exit 1
}
shellcheck --external-sources "${scripts[@]}"
