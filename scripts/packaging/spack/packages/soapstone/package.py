# SPDX-License-Identifier: BSD-3-Clause
"""soapstone for Spack: scripts/packaging/README.md says how to use it."""
from pathlib import Path

from spack.package import *

try:  # Spack 1; before it they are in spack.package
    from spack_repo.builtin.build_systems.cmake import CMakePackage, generator
except ImportError:
    pass


class Soapstone(CMakePackage):
    """Kernel ridge regression on optimised SOAP representations of molecules and crystals, with MPI and ScaLAPACK."""

    license("BSD-3-Clause")

    # The clone that this file lies in. Its work tree as it is: `spack dev-build soapstone@main` in its top folder.
    git = f"file://{Path(__file__).resolve().parents[5]}"
    version("main", branch="main")

    variant("native", default=False, description="every instruction of the CPU that compiles; otherwise those of Spack's target")
    variant("tests", default=False, description="build the tests")

    depends_on("c", type="build")
    depends_on("cxx", type="build")
    depends_on("cmake@3.25:", type="build")
    depends_on("ninja", type="build")
    depends_on("pkgconfig", type="build")

    depends_on("mpi@3:")
    depends_on("blas")
    depends_on("lapack")
    depends_on("scalapack")
    depends_on("hdf5@1.10:1.14+mpi")
    depends_on("boost@1.74:+program_options")
    depends_on("libarchive@3.6: compression=bz2lib,lzma,zlib")
    depends_on("zlib-api")
    depends_on("nlohmann-json@3.9:")
    depends_on("liblbfgs")
    depends_on("googletest@1.12:+gmock", when="+tests")
    depends_on("python@3.9:", type=("build", "test"), when="+tests")
    depends_on("py-numpy", type=("build", "test"), when="+tests")
    depends_on("py-scipy", type=("build", "test"), when="+tests")
    depends_on("py-h5py", type=("build", "test"), when="+tests")
    depends_on("py-ase", type=("build", "test"), when="+tests")
    depends_on("py-scikit-learn", type=("build", "test"), when="+tests")

    # Ranks are the parallelism; a threaded OpenBLAS that is asked for one thread still pays for its locks.
    requires("^openblas threads=none", when="^[virtuals=blas] openblas", msg="one BLAS thread per rank: openblas threads=none")
    conflicts("%gcc@:11", msg="C++20 as far as g++ 12 goes")
    conflicts("%clang@:13", msg="C++20 as far as clang 14 goes")

    generator("ninja")

    def cmake_args(self):
        spec = self.spec
        libraries = spec["scalapack"].libs + spec["lapack"].libs + spec["blas"].libs
        return [
            self.define("SCALAPACK_LIBRARIES", libraries.joined(";")),
            self.define("HDF5_ROOT", spec["hdf5"].prefix),
            self.define("LBFGS_ROOT", spec["liblbfgs"].prefix),
            self.define_from_variant("SOAPSTONE_NATIVE", "native"),
            self.define_from_variant("SOAPSTONE_TESTS", "tests"),
        ]

    @run_after("install")
    @on_package_attributes(run_tests=True)
    def tells_its_version(self):
        Executable(self.prefix.bin.soapstone)("--version")
