# SPDX-License-Identifier: BSD-3-Clause
"""What scripts/packaging and the documents say against what the program and the build need."""
import ast
import re
import shutil
import subprocess
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
    def runtime_packages(self):
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
    """The fragment that GitHub gives a heading."""
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
                if fragment:
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
