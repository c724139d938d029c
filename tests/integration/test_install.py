# SPDX-License-Identifier: BSD-3-Clause
"""Installs the built project and builds another one on top of it, which must get the program's own numbers."""
import os
import re
import subprocess
from pathlib import Path

from program import PROGRAM, ProgramTest, main, need

np, h5py = need("numpy", "h5py")

WATER = "3\nwater\nO 0 0 0\nH 0.96 0 0\nH -0.24 0.93 0\n"


class Install(ProgramTest):
    def must(self, *command):
        done = subprocess.run(list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=self.folder)
        self.assertEqual(done.returncode, 0, f"{command}\n{done.stdout}")
        return done.stdout

    def install(self):
        cmake = os.environ["SOAPSTONE_CMAKE"]
        self.must(cmake, "--install", os.environ["SOAPSTONE_BUILD"], "--prefix", self.path("prefix"))
        return cmake

    def test_a_consumer_builds_and_computes_the_same_vector(self):
        cmake = self.install()
        self.must(cmake, "-S", Path(__file__).parent / "consumer", "-B", self.path("build"), "-G", os.environ["SOAPSTONE_GENERATOR"],
                  f"-DCMAKE_PREFIX_PATH={self.path('prefix')}", f"-DCMAKE_CXX_COMPILER={os.environ['SOAPSTONE_CXX']}",
                  f"-DCMAKE_CXX_FLAGS={os.environ['SOAPSTONE_CXX_FLAGS']}")
        self.must(cmake, "--build", self.path("build"))
        found = np.array([float(line) for line in self.must(self.path("build/consumer")).split()])
        self.run_program("features", {"data.structures": self.write("water.xyz", WATER), "soap.n-max": 2, "soap.l-max": 1,
                                      "soap.cutoff": 5.0, "output": self.path("f.h5")})
        with h5py.File(self.path("f.h5"), "r") as file:
            expected = file["features"][0]
        self.assertEqual(found.tolist(), expected.tolist())
        self.assertAlmostEqual(np.linalg.norm(found), 1, delta=1e-14)

    def mpi_functions_in(self, file, *options):
        """MPI's names that are defined in an object file, a library or a program."""
        lines = self.must("nm", "--defined-only", *options, file).splitlines()
        return {line.split()[-1] for line in lines if re.search(r" [TW] P?MPI_\w+$", line)}

    def test_no_library_defines_functions_of_mpi(self):
        self.install()
        libraries = list(self.path("prefix").rglob("libsoapstone_*.a"))
        self.assertGreater(len(libraries), 8)
        for library in libraries:
            self.assertEqual(self.mpi_functions_in(library), set(), library.name)
        for room in ("app", "watchdog"):
            self.assertFalse(self.path("prefix/include/soapstone").joinpath(room).exists())
        # What must be found where it is meant to be: the program's waits in ScaLAPACK are its own.
        self.assertLess({"MPI_Recv", "MPI_Bcast"}, self.mpi_functions_in(PROGRAM, "--dynamic"))

    def test_manual_page_and_completions_are_where_shells_look(self):
        self.install()
        program = self.path("prefix/bin") / Path(PROGRAM).name
        for words, place in ((["man"], "man/man1/soapstone.1"), (["completion", "bash"], "bash-completion/completions/soapstone"),
                             (["completion", "zsh"], "zsh/site-functions/_soapstone")):
            self.assertEqual(self.path("prefix/share").joinpath(place).read_text(encoding="utf-8"), self.must(program, *words))

    def test_the_installed_program_runs(self):
        self.install()
        program = self.path("prefix/bin") / Path(PROGRAM).name
        self.assertIn("BSD-3-Clause", self.must(program, "--version"))


if __name__ == "__main__":
    main()
