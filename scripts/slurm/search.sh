#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Searches hyperparameters on a cluster, over as many jobs as necessary. From the top of the repository:
#
#   sbatch --nodes=4 scripts/slurm/search.sh --config inputs/search_radial_qm9.ini
#
# Arguments are passed to `soapstone search`. Ten minutes before the time is up, the search stops with a checkpoint and the job is
# requeued. With --output NAME.csv a later job can resume it too. For the settings see scripts/slurm/launch.sh.
#SBATCH --job-name=soapstone-search
#SBATCH --time=08:00:00
#SBATCH --ntasks-per-node=64
#SBATCH --cpus-per-task=1
#SBATCH --exclusive
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --signal=B:USR1@600
#SBATCH --output=%x-%j.log
set -euo pipefail
# shellcheck source=scripts/slurm/launch.sh
source "${SOAPSTONE_SCRIPTS:-scripts/slurm}/launch.sh"

if has_option --output "$@"; then
    arguments=("$@")
else
    arguments=(--output "search-$SLURM_JOB_ID.csv" "$@")
fi
code=0
launch search "${arguments[@]}" || code=$?
finish_or_requeue "$code"
