# SPDX-License-Identifier: BSD-3-Clause
"""Compares what scripts/packaging and the documents say with what the program and the build need."""
import ast
import gzip
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from program import PROGRAM, ProgramTest, main

TOP = Path(__file__).resolve().parents[2]
PACKAGING = TOP / "scripts/packaging"
# In every Debian that runs C++, or by the MPI launcher.
IMPLIED = {"libc6", "libgcc-s1", "libstdc++6", "libopenmpi3", "libasan8", "libubsan1", "libgfortran5"}


def documents():
    return sorted(page for page in TOP.rglob("*.md") if "build" not in page.relative_to(TOP).parts)


def output(*command):
    return subprocess.run(list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True).stdout


class Container(ProgramTest):
    @staticmethod
    def runtime_packages():
        stage = (PACKAGING / "Containerfile").read_text(encoding="utf-8").split("\nFROM ")[-1]
        names = re.search(r"--no-install-recommends(.*?)&&", stage, re.DOTALL).group(1)
        return set(names.replace("\\", " ").split())

    def test_the_image_has_the_libraries_that_the_program_loads(self):
        if not (shutil.which("dpkg") and shutil.which("readelf")):
            self.skipTest("no dpkg or no readelf")
        needed = re.findall(r"NEEDED.*\[(.+)\]", output("readelf", "-d", PROGRAM))
        self.assertIn("libhdf5_openmpi.so.103", needed)
        paths = dict(re.findall(r"(\S+) => (\S+)", output("ldd", PROGRAM)))
        owners = {output("dpkg", "-S", Path(paths[name]).resolve()).split(":")[0] for name in needed if name in paths}
        missing = owners - IMPLIED - self.runtime_packages() - {""}
        self.assertEqual(missing, set())

    def test_its_presets_and_scripts_exist(self):
        text = (PACKAGING / "Containerfile").read_text(encoding="utf-8")
        preset = re.search(r"ARG PRESET=(\w+)", text).group(1)
        self.assertIn(f'"name": "{preset}"', (TOP / "CMakePresets.json").read_text(encoding="utf-8"))
        for script in re.findall(r"scripts/\S+\.sh", text):
            self.assertTrue((TOP / script).exists(), script)


class DebianPackages(ProgramTest):
    """Builds the package from this build, whose program is for this CPU alone; the package for others only differs in that."""

    @classmethod
    def setUpClass(cls):
        if not (shutil.which("dpkg-deb") and shutil.which("dpkg-shlibdeps")):
            raise unittest.SkipTest("no dpkg-deb or no dpkg-shlibdeps")
        cls.scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.scratch.cleanup)
        top = Path(cls.scratch.name)
        cpack = Path(os.environ["SOAPSTONE_CMAKE"]).with_name("cpack")
        subprocess.run([cpack, "-G", "DEB", "--config", Path(os.environ["SOAPSTONE_BUILD"]) / "CPackConfig.cmake", "-B", top,
                        "-D", "CPACK_DEBIAN_COMPRESSION_TYPE=gzip"], check=True, stdout=subprocess.DEVNULL)
        cls.debs, cls.control, cls.roots = {}, {}, {}
        for deb in top.glob("*.deb"):
            name = deb.name.split("_")[0]
            cls.debs[name] = deb
            fields = re.findall(r"(?m)^([\w-]+): (.*)", output("dpkg-deb", "-f", deb))
            cls.control[name] = dict(fields)
            cls.roots[name] = top / name
            subprocess.run(["dpkg-deb", "-x", deb, cls.roots[name]], check=True)

    def wants(self, package, field="Depends"):
        return set(re.findall(r"(?:^|[,|] )([a-z0-9.+-]+)", self.control[package][field]))

    def files(self, package):
        return {str(path.relative_to(self.roots[package])) for path in self.roots[package].rglob("*") if not path.is_dir()}

    def test_they_are_named_and_described_as_debian_wants(self):
        version = re.search(r"VERSION ([\d.]+) LANGUAGES", (TOP / "CMakeLists.txt").read_text(encoding="utf-8")).group(1)
        architecture = output("dpkg", "--print-architecture").strip()
        self.assertEqual({deb.name for deb in self.debs.values()},
                         {f"{name}_{version}_{architecture}.deb" for name in ("soapstone", "libsoapstone-dev")})
        author = re.search(r"- name: (.+)", (TOP / "CITATION.cff").read_text(encoding="utf-8")).group(1)
        for control in self.control.values():
            self.assertEqual(control["Version"], version)
            self.assertRegex(control["Maintainer"], f"^{author} <.+@.+>$")

    def test_the_program_brings_its_libraries_mpirun_and_a_fast_blas(self):
        libraries = Container.runtime_packages() - {"libopenblas0-pthread"}  # one of those that libopenblas0 stands for
        mpich = "libmpich12" in self.wants("soapstone")
        self.assertEqual((libraries - self.wants("soapstone")) if not mpich else set(), set())
        self.assertLessEqual({"libopenblas0", "libc6", "mpich" if mpich else "openmpi-bin"}, self.wants("soapstone"))
        self.assertLessEqual({"python3-matplotlib", "python3-numpy"}, self.wants("soapstone", "Recommends"))

    def test_the_libraries_bring_what_cmake_looks_for(self):
        wanted = self.wants("libsoapstone-dev")
        self.assertLessEqual({"libopenmpi-dev", "libscalapack-openmpi-dev", "libhdf5-openmpi-dev", "liblbfgs-dev"}, wanted)
        self.assertTrue(all(name.endswith("-dev") for name in wanted), wanted)

    def test_files_are_where_debian_has_them(self):
        share = "usr/share/"
        files = self.files("soapstone")
        self.assertLessEqual(
            {"usr/bin/soapstone", share + "man/man1/soapstone.1.gz", share + "bash-completion/completions/soapstone",
             share + "zsh/vendor-completions/_soapstone", share + "doc/soapstone/copyright", share + "doc/soapstone/changelog.gz",
             share + "soapstone/inputs/data/organics.xyz.xz", share + "soapstone/scripts/plot.py"}, files)
        self.assertEqual({name for name in files if re.search(r"\.a$|\.hpp$|__pycache__|^usr/local|/build/", name)}, set())
        libraries = self.files("libsoapstone-dev")
        self.assertTrue(any(name.endswith("/cmake/soapstone/soapstoneConfig.cmake") for name in libraries), libraries)
        self.assertIn("usr/include/soapstone/base/error.hpp", libraries)
        self.assertEqual(files & libraries, set())

    def test_manual_and_licence_are_whole(self):
        doc = self.roots["soapstone"] / "usr/share"
        with gzip.open(doc / "man/man1/soapstone.1.gz", "rt", encoding="utf-8") as page:
            self.assertEqual(page.read(), output(PROGRAM, "man"))
        licence = re.sub(r"(?m)^ \.?", "", (doc / "doc/soapstone/copyright").read_text(encoding="utf-8").split("License: ")[1])
        self.assertEqual(licence.split("\n", 1)[1].strip(), (TOP / "LICENSE").read_text(encoding="utf-8").strip())

    def test_links_of_the_readme_lead_to_the_installed_inputs(self):
        doc = self.roots["soapstone"] / "usr/share/doc/soapstone"
        for target in re.findall(r"\]\((inputs/[^)#\s]+)", (doc / "README.md").read_text(encoding="utf-8")):
            self.assertTrue((doc / target).exists(), target)

    def test_the_unpacked_program_learns_from_the_unpacked_molecules(self):
        root = self.roots["soapstone"] / "usr"
        organics = root / "share/soapstone/inputs/data/organics.xyz.xz"
        run = subprocess.run(
            [root / "bin/soapstone", "train", "--data.structures", organics, "--data.train", "60", "--data.test", "20", "--soap.n-max", "3",
             "--soap.l-max", "2", "--output", self.path("model.h5"), "--report", self.path("report.json")],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=self.folder)
        self.assertEqual(run.returncode, 0, run.stdout)
        table = output(root / "share/soapstone/scripts/plotting/compare_reports.py", self.path("report.json"))
        self.assertRegex(table, r"report.json +60 +20 ")


class OldProcessor(ProgramTest):
    def test_the_program_says_what_a_cpu_lacks(self):
        if not shutil.which("qemu-x86_64"):
            self.skipTest("no qemu-x86_64")
        if "-march" not in output(PROGRAM, "--version"):
            self.skipTest("compiled for any CPU")
        run = subprocess.run(["qemu-x86_64", "-cpu", "Nehalem", PROGRAM, "--version"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.assertEqual(run.returncode, 6, run.stderr)
        self.assertRegex(run.stderr, r"soapstone: error: this CPU has no AVX\S+, which this program was compiled to use")
        self.assertEqual(run.stdout, "")


class Spack(ProgramTest):
    def setUp(self):
        super().setUp()
        text = (PACKAGING / "spack/packages/soapstone/package.py").read_text(encoding="utf-8")
        calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
        self.needs = {re.match(r"[a-z0-9-]+", call.args[0].value).group() for call in calls if call.func.id == "depends_on"}

    def test_it_asks_for_what_cmake_looks_for(self):
        text = (TOP / "cmake/SoapstoneDependencies.cmake").read_text(encoding="utf-8")
        found = set(re.findall(r"find_package\((\w+)", text))
        spack = {"MPI": "mpi", "ScaLAPACK": "scalapack", "LibArchive": "libarchive", "ZLIB": "zlib-api", "Boost": "boost",
                 "nlohmann_json": "nlohmann-json", "LBFGS": "liblbfgs", "HDF5": "hdf5"}
        self.assertEqual(found - set(spack), set(), "say here what Spack calls it, and in package.py that it is needed")
        self.assertEqual({spack[name] for name in found} - self.needs, set())

    def test_it_asks_for_what_the_install_script_explains(self):
        explained = set(re.findall(r"(?m)^  spack add ([\w-]+)", output(TOP / "scripts/install_dependencies.sh", "--explain")))
        more = set(re.findall(r" (py-[\w-]+|ninja|pkgconf)\b", output(TOP / "scripts/install_dependencies.sh", "--explain")))
        virtual = {"openmpi": "mpi", "openblas": "blas", "netlib-scalapack": "scalapack", "pkgconf": "pkgconfig"}
        self.assertGreater(len(explained | more), 12)
        self.assertEqual({virtual.get(name, name) for name in explained | more} - self.needs, set())

    def test_it_sets_options_that_exist(self):
        text = (PACKAGING / "spack/packages/soapstone/package.py").read_text(encoding="utf-8")
        build = (TOP / "CMakeLists.txt").read_text(encoding="utf-8")
        for option in re.findall(r'"(SOAPSTONE_\w+)"', text):
            self.assertIn(f"option({option} ", build)


def anchor(heading):
    """Returns the fragment that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


class Documents(ProgramTest):
    def test_their_links_lead_somewhere(self):
        for page in documents():
            text = page.read_text(encoding="utf-8")
            for target in re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'<img src="([^"]+)"', text):
                if "://" in target:
                    continue
                file, _, fragment = target.partition("#")
                linked = page.parent / file if file else page
                self.assertTrue(linked.exists(), f"{page}: {target}")
                if fragment and linked.suffix == ".md":  # scripts/checks/walk.py looks after lines of sources
                    headings = re.findall(r"(?m)^#+ (.+)$", linked.read_text(encoding="utf-8"))
                    self.assertIn(fragment, set(map(anchor, headings)), f"{page}: {target}")

    def test_the_readme_is_short(self):
        self.assertLessEqual(len((TOP / "README.md").read_text(encoding="utf-8").splitlines()), 210)

    def test_the_files_that_they_name_are_there(self):
        for readme in documents():
            for name in re.findall(r"`((?:[\w.-]+/)+[\w.-]+\.(?:cpp|hpp|py|sh|bash|ini|md|svg|png|txt|cmake|json))`", readme.read_text(encoding="utf-8")):
                if name.split("/")[0] in ("build", "qm9"):
                    continue
                homes = [TOP, readme.parent, TOP / "src", TOP / "include/soapstone"]
                self.assertTrue(any((home / name).exists() for home in homes), f"{readme}: {name}")

    def test_every_directive_of_the_job_scripts_is_explained(self):
        text = (TOP / "scripts/slurm/README.md").read_text(encoding="utf-8")
        for script in (TOP / "scripts/slurm").glob("*.sh"):
            self.assertIn(f"`{script.name}`", text)
            for option in re.findall(r"(?m)^#SBATCH (--[\w-]+)", script.read_text(encoding="utf-8")):
                self.assertIn(f"`{option}", text, script.name)


if __name__ == "__main__":
    main()
