#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Runs independent searches as one job array, one for each configuration file (different data, targets, kernels):
#
#   sbatch --array=1-2 scripts/slurm/array.sh inputs/search_radial.ini inputs/search_kappa.ini -- --data.train 1000
#
# Task i runs a search with the i-th file, writes the table to <file name>.csv in the folder of submission, and is requeued separately
# when its time is up. Arguments after -- are passed to every search. For a single search use search.sh, which uses all ranks for it.
#SBATCH --job-name=soapstone-array
#SBATCH --time=08:00:00
#SBATCH --nodes=1
#SBATCH --ntasks-per-node=64
#SBATCH --cpus-per-task=1
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --signal=B:USR1@600
#SBATCH --output=%x-%A-%a.log
set -euo pipefail
# shellcheck source=scripts/slurm/launch.sh
source "${SOAPSTONE_SCRIPTS:-scripts/slurm}/launch.sh"

files=()
while (($#)) && [[ $1 != -- ]]; do
    files+=("$1")
    shift
done
if (($#)); then shift; fi
if ((SLURM_ARRAY_TASK_ID < 1 || SLURM_ARRAY_TASK_ID > ${#files[@]})); then
    echo "array task $SLURM_ARRAY_TASK_ID has no configuration file: there are ${#files[@]}; use --array=1-${#files[@]}" >&2
    exit 2
fi
file=${files[SLURM_ARRAY_TASK_ID - 1]}
code=0
launch search --config "$file" --output "$(basename "$file" .ini).csv" "$@" || code=$?
finish_or_requeue "$code"
