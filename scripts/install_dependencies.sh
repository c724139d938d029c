#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Installs what soapstone needs to build and to run its tests, with apt on Debian 12 and, if asked to, on other systems with apt.
# Elsewhere it says what the modules of a cluster or Spack have to provide instead.
set -euo pipefail

readonly build_packages=(
    build-essential cmake ninja-build pkg-config file
    openmpi-bin libopenmpi-dev libscalapack-openmpi-dev libopenblas-dev libhdf5-openmpi-dev
    libboost-dev libboost-program-options-dev libarchive-dev zlib1g-dev nlohmann-json3-dev liblbfgs-dev
    python3)
readonly test_packages=(
    libgtest-dev libgmock-dev python3-numpy python3-scipy python3-h5py python3-ase python3-sklearn shellcheck)
readonly data_packages=(python3-rdkit xtb)
readonly plot_packages=(python3-matplotlib)
readonly docs_packages=(doxygen groff-base zsh)
readonly bench_packages=(libbenchmark-dev)
readonly slurm_packages=(slurm-wlm munge)
readonly check_packages=(clang clang-tidy cppcheck valgrind gcovr qemu-user)
readonly mpich_packages=(mpich libmpich-dev libscalapack-mpich-dev libhdf5-mpich-dev)

usage() {
    cat <<'TEXT'
usage: install_dependencies.sh [--data] [--plots] [--docs] [--bench] [--slurm] [--checks] [--mpich] [--build-only] [--any-debian]
                               [--explain]
  --data     also what scripts/data/make_organics.py needs (rdkit, xtb)
  --plots    also what plots need (matplotlib)
  --docs     also what the target docs needs (Doxygen), and what checks the manual page and the completions (groff, zsh)
  --bench    also what the benchmarks need (Google Benchmark)
  --slurm    also what the tests of the job scripts need (Slurm, munge); without it they are skipped
  --checks   also what checks.sh, fuzz.sh, check_static.sh and coverage.sh need (clang, clang-tidy, cppcheck, valgrind, gcovr), and
             what runs the program on an old CPU (qemu)
  --mpich    MPICH as well, beside Open MPI, for the preset mpich
  --build-only  not what the tests need (GoogleTest, Python's packages): for cmake -DSOAPSTONE_TESTS=OFF
  --any-debian  try the same package names on another Debian, on Ubuntu or another relative of Debian
  --explain  install nothing; say what a system other than Debian 12 must provide
Exit code 3: not Debian 12 (and no --any-debian), or packages that this system does not have; nothing was installed.
TEXT
}

explain() {
    cat <<'TEXT'
soapstone needs, wherever it is built:
  a C++20 compiler (g++ 12 or newer, clang 14 or newer), CMake 3.25 or newer, Ninja or make, pkg-config
  MPI                    Open MPI 4, MPICH 3.4 or newer, or the vendor's
  ScaLAPACK              built for that MPI (or MKL, or Cray LibSci)
  BLAS and LAPACK        an optimised one (OpenBLAS, MKL, BLIS with libFLAME), the same that ScaLAPACK links
  HDF5 1.10 or newer     parallel, built for that MPI; the C interface is enough
  Boost 1.74 or newer    Program_options
  libarchive 3.6         with zlib, lzma and bzip2; zlib itself
  nlohmann-json 3.11
  libLBFGS 1.10          (MIT)
  GoogleTest 1.12        tests only, with GoogleMock
  Python 3.9 or newer    scripts; for the tests with numpy, scipy, h5py, ase and scikit-learn

As Spack specs, in an environment of its own:
  spack env create soapstone && spack env activate soapstone
  spack add cmake@3.25: ninja pkgconf
  spack add openmpi@4.1:
  spack add openblas@0.3.21: threads=none
  spack add netlib-scalapack@2.2: ^openblas ^openmpi
  spack add hdf5@1.10:1.14 +mpi ~cxx ~fortran ^openmpi
  spack add boost@1.74: +program_options
  spack add libarchive@3.6: compression=bz2lib,lzma,zlib
  spack add zlib-api
  spack add nlohmann-json@3.11:
  spack add liblbfgs
  spack add googletest@1.12: +gmock
  spack add python@3.9: py-numpy py-scipy py-h5py py-ase py-scikit-learn
  spack concretize && spack install

As modules (names differ from site to site): a compiler, cmake, an MPI, that MPI's scalapack and hdf5-parallel,
openblas or mkl, boost. libarchive, nlohmann-json, liblbfgs and googletest usually come with the system or from Spack.
TEXT
}

is_debian_12() {
    [[ -r /etc/os-release ]] || return 1
    # shellcheck source=/dev/null
    (. /etc/os-release && [[ "${ID:-}" == debian && "${VERSION_ID:-}" == 12 ]])
}

# Another system with Debian's package manager; its name, for messages.
is_relative_of_debian() {
    [[ -r /etc/os-release ]] && command -v apt-get dpkg-query apt-cache >/dev/null || return 1
    # shellcheck source=/dev/null
    (. /etc/os-release && [[ " ${ID:-} ${ID_LIKE:-} " == *\ debian\ * || " ${ID:-} ${ID_LIKE:-} " == *\ ubuntu\ * ]])
}

# Names among the arguments that apt has no package for.
unknown_packages() {
    local package
    for package; do
        apt-cache show --no-all-versions "$package" >/dev/null 2>&1 || echo "$package"
    done
}

installed() {
    [[ "$(dpkg-query --show --showformat='${db:Status-Abbrev}' "$1" 2>/dev/null)" == ii* ]]
}

as_root() {
    if [[ "$(id -u)" -eq 0 ]]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        echo "install_dependencies.sh: run this as root, or install sudo" >&2
        return 1
    fi
}

# Quiet unless it fails: the output of apt is shown only then.
quietly() {
    local log
    log="$(mktemp)"
    if ! "$@" >"$log" 2>&1; then
        cat "$log" >&2
        rm -f "$log"
        echo "install_dependencies.sh: failed: $*" >&2
        exit 1
    fi
    rm -f "$log"
}

# ScaLAPACK loads libblas.so.3 and liblapack.so.3 whatever the program links; the reference BLAS behind them is
# twenty times slower than OpenBLAS. OpenBLAS wins by priority unless someone chose otherwise by hand.
check_alternatives() {
    local multiarch library target
    multiarch="$(gcc -print-multiarch)"
    for library in libblas.so.3 liblapack.so.3; do
        target="$(readlink -f "/etc/alternatives/$library-$multiarch" || true)"
        if [[ "$target" != *openblas* ]]; then
            echo "warning: $library is ${target:-missing}, not OpenBLAS; to change it (as root):" >&2
            echo "  update-alternatives --auto $library-$multiarch" >&2
            echo "  or, to choose: update-alternatives --config $library-$multiarch" >&2
        fi
    done
}

main() {
    local wanted=("${build_packages[@]}") tests=("${test_packages[@]}") missing=() unknown=() package any=no
    while (($#)); do
        case "$1" in
            --data) wanted+=("${data_packages[@]}") ;;
            --plots) wanted+=("${plot_packages[@]}") ;;
            --docs) wanted+=("${docs_packages[@]}") ;;
            --bench) wanted+=("${bench_packages[@]}") ;;
            --mpich) wanted+=("${mpich_packages[@]}") ;;
            --slurm) wanted+=("${slurm_packages[@]}") ;;
            --checks) wanted+=("${check_packages[@]}") ;;
            --build-only) tests=() ;;
            --any-debian) any=yes ;;
            --explain) explain && exit 0 ;;
            --help | -h) usage && exit 0 ;;
            *) usage >&2 && exit 2 ;;
        esac
        shift
    done
    if ! is_debian_12 && ! { [[ $any == yes ]] && is_relative_of_debian; }; then
        echo "This is not Debian 12; nothing was installed." >&2
        if is_relative_of_debian; then
            echo "With --any-debian the same package names are tried here." >&2
        fi
        explain
        exit 3
    fi
    for package in "${wanted[@]}" "${tests[@]}"; do
        installed "$package" || missing+=("$package")
    done
    if ((${#missing[@]})); then
        echo "installing: ${missing[*]}"
        quietly as_root apt-get update -q
        mapfile -t unknown < <(unknown_packages "${missing[@]}")
        if ((${#unknown[@]})); then
            echo "no such packages here, nothing was installed: ${unknown[*]}" >&2
            echo "--explain lists what they provide; install that otherwise and leave the script out" >&2
            exit 3
        fi
        quietly as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"
    fi
    check_alternatives
    echo "all dependencies are installed"
}

main "$@"
