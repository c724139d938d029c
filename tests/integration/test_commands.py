# SPDX-License-Identifier: BSD-3-Clause
"""The command lines that documents, configurations and job scripts print: each is checked by a dry run, with small data in place of its
own and with the names of files that the line itself has."""
import lzma
import re
import shlex
import shutil
from pathlib import Path

from program import DATA, ProgramTest, main, need

need("numpy")
import data  # noqa: E402
import qm9  # noqa: E402

TOP = Path(__file__).resolve().parents[2]
# What makes a run small; of these, what the command takes.
SMALL = {"data.train": "64", "data.test": "8", "soap.n-max": "2", "soap.l-max": "1", "learning-curve.sizes": "15,30", "validation.folds": "2"}
SMALL_IF_THERE = {"soap.contraction": "12", "regression.preconditioner-columns": "20"}  # by the line or by its configuration
# Names of structures in the documents: organic molecules, unless they say crystals.
STRUCTURES = ("train.xyz", "new.xyz", "molecules.xyz", "inputs/data/organics.xyz.xz")
CRYSTALS = ("crystals.xyz", "elpasolites.xyz", "inputs/data/crystals.xyz.xz")
# Files that an earlier line of the document writes, and a configuration that is like them.
CONFIGURATIONS = {"radial.best.ini": "train_radial.ini", "kappa.best.ini": "train_kappa.ini", "weights.best.ini": "train_standard.ini",
                  "coupling.ini": "train_radial.ini", "train.ini": "train_radial.ini"}


def sources():
    """Every file of the project that tells users what to type."""
    folders = [TOP, TOP / "inputs", TOP / "scripts"]
    found = [path for folder in folders for path in folder.glob("*.md")] + [path for path in TOP.glob("*/*/README.md") if "build" not in path.parts]
    return sorted(found + list((TOP / "inputs").glob("*.ini")) + list((TOP / "scripts/slurm").glob("*.sh")) + [TOP / "scripts/fetch_qm9.sh"])


def printed(path):
    """The code in a document, or the indented lines in a file's leading comments, with continued lines joined."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        code = re.findall(r"(?ms)^ *```sh\n(.*?)^ *```", text) + re.findall(r"(?m)^    (\S.*)$", text)
        text = "\n".join(code)
    else:
        text = "\n".join(re.findall(r"(?m)^#   ?(\S.*)$", text)) + "\n" + "\n".join(re.findall(r"`(soapstone .*?)`", text.replace("\n#", "")))
    return re.sub(r"\\\n\s*", "", text).splitlines()


def words_of(line, variables):
    """The words after `soapstone` of a line, or None where it does not run the program."""
    if assigned := re.fullmatch(r'\s*(\w+)="(.*)"', line):
        variables[assigned.group(1)] = assigned.group(2)
    for name, value in variables.items():
        line = line.replace(f"${name}", value)
    try:
        words = shlex.split(line, comments=True)
    except ValueError:
        return None
    if words and words[0] == "sbatch":
        script = next(i for i, word in enumerate(words) if word.endswith(".sh"))
        rest, kind = words[script + 1:], Path(words[script]).stem
        if kind == "array":
            end = rest.index("--")
            return [["search", "--config", name, *rest[end + 1:]] for name in rest[:end]]
        return [[kind, *rest]]
    programs = [i for i, word in enumerate(words) if Path(word).name == "soapstone"]
    return [words[programs[-1] + 1:]] if programs and "podman" not in words[:1] else None


class Commands(ProgramTest):
    def setUp(self):
        super().setUp()
        molecules, crystals = data.organics(72), data.shipped("crystals.xyz.xz")[:100]
        contents = {**dict.fromkeys(STRUCTURES, data.text_of(molecules)), **dict.fromkeys(CRYSTALS, data.text_of(crystals)),
                    "qm9/qm9.xyz.xz": qm9.file_of(molecules)}
        for name, content in contents.items():
            self.path(name).parent.mkdir(parents=True, exist_ok=True)
            self.path(name).write_bytes(lzma.compress(content.encode()) if name.endswith(".xz") else content.encode())
        for path in Path(DATA).parent.glob("*.ini"):
            shutil.copy(path, self.path("inputs"))
        for name, like in CONFIGURATIONS.items():
            shutil.copy(self.path("inputs") / like, self.path(name))
        self.run_program("train", {"data.structures": "train.xyz", "output": "model.h5"})
        self.keys = {}

    def takes(self, command):
        """The keys of a command."""
        if command not in self.keys:
            run = self.execute([command, "--help"])
            self.assertEqual(run.code, 0, f"{command}: {run}")
            self.keys[command] = set(re.findall(r"(?m)^  --(\S+)", run.out))
        return self.keys[command]

    def small(self, words):
        """The same command with small numbers."""
        words, command = list(words), words[0]
        text = self.path(words[words.index("--config") + 1]).read_text(encoding="utf-8") if "--config" in words else ""
        there = {key: value for key, value in SMALL_IF_THERE.items() if f"--{key}" in words or f"\n{key.split('.')[1]} =" in text}
        for key, value in {**SMALL, **there}.items():
            if key not in self.takes(command) or (command in ("kernel", "features") and key.startswith("data.")):
                continue
            if f"--{key}" in words:
                words[words.index(f"--{key}") + 1] = value
            else:
                words += [f"--{key}", value]
        return words

    def check(self, where, words):
        if len(words) < 2 or words[0] == "inspect" or words[0].startswith("-") or words[0] in ("man", "completion"):
            return False
        words = self.small(words) + (["--dry-run"] if words[0] != "plan" else [])
        run = self.execute(words)
        self.assertEqual(run.code, 0, f"{where}: {run}")
        return True

    def test_each_runs_dry(self):
        checked = {}
        for path in sources():
            variables = {}
            for line in printed(path):
                for words in words_of(line, variables) or []:
                    with self.subTest(f"{path.relative_to(TOP)}: {line}"):
                        checked[path.name] = checked.get(path.name, 0) + self.check(path.relative_to(TOP), words)
        self.assertGreater(sum(checked.values()), 30, checked)
        for name in ("README.md", "GUIDE.md", "RESULTS.md", "train.sh", "search.sh", "array.sh"):
            self.assertGreater(checked.get(name, 0), 0, name)

    def test_a_line_with_a_mistake_is_seen(self):
        for words in (["train", "--data.structures", "train.xyz", "--data.target", "E"], ["train", "--data.structures", "absent.xyz"],
                      ["train", "--data.structures", "train.xyz", "--soap.cutof", "3"]):
            with self.assertRaises(AssertionError):
                self.check("here", words)


if __name__ == "__main__":
    main()
