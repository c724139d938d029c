#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Installs the package in a clean Debian 12 and uses it there as a user would; as root, with debootstrap:
#   scripts/packaging/chroot_test.sh build/soapstone_0.1.0_amd64.deb [MIRROR | BASE.tar]
# MIRROR: of Debian's packages (http://deb.debian.org/debian); BASE.tar: a debootstrap made before. What is mounted is seen by these
# processes alone and goes with them; the folder is removed. CHROOT_FOLDER (a folder below TMPDIR): where there is 2 GB of room.
set -euo pipefail
deb=$(realpath "${1:?the package}")
from=${2:-http://deb.debian.org/debian}
root=$(mktemp -d "${CHROOT_FOLDER:-${TMPDIR:-/tmp}}/soapstone_chroot.XXXXXX")
trap 'rm -rf --one-file-system "$root"' EXIT

if [ -f "$from" ]; then
    tar -C "$root" -xf "$from"
else
    debootstrap bookworm "$root" "$from"
fi
cp "$deb" "$root/tmp/"

cat >"$root/tmp/use.sh" <<'TEXT'
set -eux
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
apt-get update -q
start=$(date +%s)
apt-get install -q -y $APT_OPTIONS ./tmp/soapstone_*.deb >/tmp/apt.log 2>&1 || { cat /tmp/apt.log; exit 1; }
echo "apt install: $(($(date +%s) - start)) s"
soapstone --version
apt-get install -q -y man-db >/dev/null 2>&1 # not in every base system
man soapstone | head -n 5
mkdir /tmp/work && cd /tmp/work
cp -r /usr/share/soapstone/inputs /usr/share/soapstone/scripts .
mpirun --oversubscribe -n 2 soapstone train --data.structures inputs/data/organics.xyz.xz --data.target energy --data.target-unit eV \
    --data.train 500 --data.test 500 --soap.contraction 100 --output model.h5 --report train.json
mpirun --oversubscribe -n 2 soapstone predict --model model.h5 --data.structures inputs/data/organics.xyz.xz --output predictions.csv
python3 scripts/plot.py predictions.csv || echo "no plot: without recommended packages"
ls -l
TEXT
# A name space of its own for mounts and processes: nothing of the host is mounted, and nothing is left.
# shellcheck disable=SC2016 # $1 is the inner shell's
unshare --mount --pid --fork --kill-child bash -euc '
    mount -t proc proc "$1/proc"
    mount -t sysfs -o ro sysfs "$1/sys"
    mount -t tmpfs tmpfs "$1/dev/shm"
    exec chroot "$1" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin APT_OPTIONS="${APT_OPTIONS:-}" sh /tmp/use.sh' chroot_test "$root"
