#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Runs soapstone with common mistakes and writes its messages into the table in inputs/README.md.

    scripts/checks/error_table.py             writes the table anew
    scripts/checks/error_table.py --check     exit code 1 if the table differs from the messages of the program

SOAPSTONE: the program (build/release/bin/soapstone). Needs nothing but Python.
"""
import lzma
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
README = TOP / "inputs/README.md"
BEGIN, END = "<!-- by scripts/checks/error_table.py -->\n", "<!-- end -->\n"
REFERENCE = Path("/usr/lib/x86_64-linux-gnu/blas")  # Debian's reference BLAS (package libblas3)

# What is wrong, and the command line.
MISTAKES = [
    ("a misspelt command", "tran --data.structures molecules.xyz"),
    ("no command", "--data.structures molecules.xyz"),
    ("no data", "train"),
    ("a misspelt key", "train --data.structures molecules.xyz --soap.cutof 4"),
    ("a key without its section", "train --data.structures molecules.xyz --cutoff 4"),
    ("a misspelt key in a file", "train --config typo.ini"),
    ("a key of another command", "predict --model model.h5 --data.structures molecules.xyz --soap.cutoff 4"),
    ("a missing value", "train --data.structures molecules.xyz --soap.cutoff --quiet"),
    ("several files after one key", "train --data.structures molecules.xyz more.xyz"),
    ("a value with its unit", "train --data.structures molecules.xyz --soap.cutoff 5A"),
    ("a range where a single value is expected", "train --data.structures molecules.xyz --soap.cutoff 3,4,5"),
    ("an unknown unit", "train --data.structures molecules.xyz --data.target-unit Rydberg"),
    ("a file that does not exist", "train --data.structures molecule.xyz"),
    ("a folder that does not exist", "train --data.structures molecules.xyz --output models/m.h5"),
    ("a misspelt target", "train --data.structures molecules.xyz --data.target enrgy"),
    ("a structure without the target", "train --data.structures gap.xyz"),
    ("a plain XYZ file, without energies", "train --data.structures plain.xyz"),
    ("an energy that is not a number", "train --data.structures failed.xyz"),
    ("two atoms at the same place", "train --data.structures doubled.xyz"),
    ("more training structures than the data set has", "train --data.structures molecules.xyz --data.train 50"),
    ("missing energies of free atoms", "train --data.structures molecules.xyz --data.baseline atoms --data.atom-energy H:-13.6,C:-1029"),
    ("a file that is not a model", "predict --model molecules.xyz --data.structures molecules.xyz"),
    ("a misspelt target in a prediction", "predict --model model.h5 --data.structures molecules.xyz --data.target enrgy"),
    ("an element that the training set did not contain", "predict --model model.h5 --data.structures fluorine.xyz"),
    ("a sulphur compound (as in QM7) with a model of H, C, N, O and F (as in QM9)", "predict --model fluorine.h5 --data.structures sulphur.xyz"),
    ("the same, without the check for extrapolation", "predict --model fluorine.h5 --data.structures sulphur.xyz --predict.extrapolation off"),
    ("a process grid that needs more ranks than there are", "train --data.structures molecules.xyz --parallel.grid 2x4"),
]
TRAIN = "train --data.structures molecules.xyz"
# Not errors: what is wrong, the command line, a part of the warning that is meant, and the environment.
WARNINGS = [
    ("a key without effect", "train --data.structures molecules.xyz --species.sigma-radius 1", "has no effect", {}),
    ("energies in hartree read as eV (detected only for all-electron total energies; otherwise check the baseline in the data line)",
     "train --data.structures hartree.xyz", "is read in eV", {}),
    ("positions in bohr or nm", "train --data.structures bohr.xyz", "positions are read in Å", {}),
    ("`mpirun` of a different MPI: every rank is a separate run", TRAIN, "ranks were started", {"PMI_SIZE": "4"}),
    ("the reference BLAS", TRAIN, "reference BLAS", {"LD_LIBRARY_PATH": str(REFERENCE)}),
]
# What the launcher or the shell says: what is wrong, the whole command, what is meant of all that is said, and how it is told here.
LAUNCHES = [
    ("more ranks than cores", f"mpirun -n 1000 soapstone {TRAIN}", r"There are not enough slots available in the system[^:]*", "Open MPI: {}"),
    ("more ranks than cores (2), with `--oversubscribe`: the run is slower, the results are the same", f"mpirun --oversubscribe -n 3 soapstone {TRAIN}",
     r"(?m)^warning: \d+ ranks with .*$", "{}"),
    ("`mpirun` is not installed, or its module is not loaded", f"mpirun -n 4 soapstone {TRAIN}", r"mpirun: command not found", "the shell: {}"),
    ("`mpirun` is omitted: one rank on one core", f"soapstone {TRAIN}", r"1 rank, grid 1x1", "the second line of the run: {}"),
]
SMALL = ["--soap.n-max", "2", "--soap.l-max", "1"]


def frames(count):
    with lzma.open(TOP / "inputs/data/organics.xyz.xz", "rt", encoding="utf-8") as file:
        lines = file.read().splitlines()
    found, at = [], 0
    while len(found) < count:
        size = int(lines[at]) + 2
        found.append(lines[at:at + size])
        at += size
    return found


def write(path, some):
    path.write_text("".join(line + "\n" for frame in some for line in frame), encoding="utf-8")


def without(frame, pattern, replacement=""):
    return [frame[0], re.sub(pattern, replacement, frame[1]), *frame[2:]]


def hartree(frame):
    """Returns the frame with an energy as an all-electron method gives it: that of free atoms, and a little for the bonds."""
    atoms = {"H": -0.5, "C": -37.845, "N": -54.589, "O": -75.067}
    energy = sum(atoms[line.split()[0]] - 0.08 for line in frame[2:])
    return without(frame, r"energy=\S+ energy_unit=\S+", f"energy={energy:.6f}")


def bohr(frame):
    atoms = [line.split() for line in frame[2:]]
    return [*frame[:2], *(" ".join([atom[0], *(f"{float(x) / 0.529177:.6f}" for x in atom[1:4])]) for atom in atoms)]


def prepare(folder, program):
    """Writes the files that the command lines name."""
    organics = frames(400)
    has_fluorine = [any(line.startswith("F ") for line in frame[2:]) for frame in organics]
    plain = [frame for frame, has in zip(organics, has_fluorine) if not has][:40]
    write(folder / "molecules.xyz", plain)
    write(folder / "more.xyz", plain[:2])
    write(folder / "fluorine.xyz", [organics[has_fluorine.index(True)]])
    with_fluorine = [frame for frame, has in zip(organics, has_fluorine) if has][:8]
    write(folder / "halogenated.xyz", plain + with_fluorine)
    write(folder / "sulphur.xyz", [plain[0], ["3", "a molecule of hydrogen sulphide", "S 0 0 0.1", "H 0 0.97 -0.8", "H 0 -0.97 -0.8"]])
    write(folder / "hartree.xyz", [hartree(frame) for frame in plain])
    write(folder / "bohr.xyz", [bohr(frame) for frame in plain])
    write(folder / "gap.xyz", plain[:4] + [without(plain[4], r"energy=\S+ ")] + plain[5:8])
    write(folder / "failed.xyz", plain[:4] + [without(plain[4], r"energy=\S+", "energy=nan")] + plain[5:8])
    write(folder / "plain.xyz", [[frame[0], "a molecule", *frame[2:]] for frame in plain[:8]])
    write(folder / "doubled.xyz", [[str(int(plain[0][0]) + 1), *plain[0][1:], plain[0][-1]], *plain[1:4]])
    (folder / "typo.ini").write_text("[data]\nstructures = molecules.xyz\n\n[soap]\ncuttoff = 4\n", encoding="utf-8")
    for structures, model in (("molecules", "model"), ("halogenated", "fluorine")):
        done = run(folder, program, f"train --data.structures {structures}.xyz --output {model}.h5", SMALL)
        if done.returncode:
            sys.exit(f"error_table.py: {done.stderr}")


def run(folder, program, line, more=(), environment=None):
    return subprocess.run([program, *line.split(), *more], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          stdin=subprocess.DEVNULL, env={**os.environ, **(environment or {})})


def cell(text):
    return text.replace("|", "\\|").replace("<", "&lt;")


def error_row(folder, program, what, line):
    done = run(folder, program, line)
    said = [text.removeprefix("soapstone: error: ") for text in done.stderr.splitlines() if text.startswith("soapstone: error: ")]
    if done.returncode == 0 or len(said) != 1:
        sys.exit(f"error_table.py: {line}: exit code {done.returncode}, {len(said)} errors\n{done.stderr}")
    return f"| {what} | `{line}` | {cell(said[0])} | {done.returncode} |\n"


def warning_row(folder, program, what, line, named, environment):
    done = run(folder, program, line, [*SMALL, "--output", "warned.h5"], environment)
    said = [text.removeprefix("warning: ") for text in done.stderr.splitlines() if text.startswith("warning: ") and named in text]
    if done.returncode or len(said) != 1:
        sys.exit(f"error_table.py: {line}: exit code {done.returncode}, {len(said)} warnings\n{done.stderr}")
    return f"| {what} | `{line}` | warning: {cell(said[0])} | 0 |\n"


def two_cores():
    return sorted(os.sched_getaffinity(0))[:2]


def launch_row(folder, program, what, line, meant, told):
    """None where it cannot be made: by another MPI than Open MPI, or on one core."""
    missing = "not found" in meant
    if not missing and "mpirun" in line:
        version = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
        launcher = subprocess.run(["bash", "-c", "mpirun --version"], capture_output=True, text=True).stdout
        if "Open MPI" not in version or "Open MPI" not in launcher or len(two_cores()) < 2:
            return None
    environment = {name: value for name, value in os.environ.items() if "oversubscribe" not in name}
    environment |= {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1", "OMPI_MCA_mpi_yield_when_idle": "1",
                    "OMPI_MCA_hwloc_base_binding_policy": "none",
                    "PATH": str(folder) if missing else f"{Path(program).parent}:{os.environ['PATH']}"}
    small = "" if "1000" in line or missing else f" {' '.join(SMALL)} --output launched.h5"
    done = subprocess.run(["/bin/bash", "-c", line + small], cwd=folder, capture_output=True, text=True, stdin=subprocess.DEVNULL,
                          env=environment, preexec_fn=lambda: os.sched_setaffinity(0, two_cores()))
    found = re.search(meant, done.stdout + done.stderr)
    if not found:
        sys.exit(f"error_table.py: {line}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return f"| {what} | `{line}` | {told.format(cell(' '.join(found.group().split())))} | {done.returncode} |\n"


def table(program, old):
    """Returns the table. Rows that cannot be made here stay as they are."""
    rows = ["| mistake | arguments of `soapstone`, or the whole command | message | exit code |\n", "|---|---|---|---|\n"]
    with tempfile.TemporaryDirectory(prefix="soapstone-") as name:
        folder = Path(name)
        prepare(folder, program)
        rows += [error_row(folder, program, *mistake) for mistake in MISTAKES]
        for kind, make in ((WARNINGS, warning_row), (LAUNCHES, launch_row)):
            for what, *rest in kind:
                unknown = rest[1] == "reference BLAS" and not (REFERENCE / "libblas.so.3").exists()
                row = None if unknown else make(folder, program, what, *rest)
                rows.append(row or next((line + "\n" for line in old.splitlines() if line.startswith(f"| {what} |")), ""))
    return "".join(rows)


def main(words):
    if words not in ([], ["--check"]):
        sys.exit(__doc__)
    program = str(Path(os.environ.get("SOAPSTONE", TOP / "build/release/bin/soapstone")).resolve())
    text = README.read_text(encoding="utf-8")
    begin, end = text.index(BEGIN) + len(BEGIN), text.index(END)
    old = text[begin:end]
    made = table(program, old)
    if words:
        if old != made:
            print("the table in inputs/README.md differs from the messages of the program; run scripts/checks/error_table.py\n" + made, file=sys.stderr)
            return 1
        return 0
    README.write_text(text[:begin] + made + text[end:], encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
