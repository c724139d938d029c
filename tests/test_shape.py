# SPDX-License-Identifier: BSD-3-Clause
"""scripts/checks/shape.py on a small planted tree whose measures are known, and on two revisions of it."""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[1] / "scripts/checks/shape.py"
TREE = {
    "include/soapstone/soap/parameters.hpp": """\
struct SoapParameters {
  double cutoff = 5.0;      ///< r_c; { in a comment
  double cutoff_width{0.5};
  int n_max = 12;
  bool normalize = true;
  RadialScaling scaling;
  void validate() const;
};
""",
    # A header and its source are one file: no cycle. The chain of levels is upper, middle, lower.
    "include/soapstone/soap/lower.hpp": "int lower();\n",
    "src/soap/lower.cpp": '#include "soapstone/soap/lower.hpp"\n\nint lower() { return 1; }\n',
    "src/soap/middle.hpp": '#include "soapstone/soap/lower.hpp"\n',
    "src/soap/upper.cpp": '#include "middle.hpp"\n// #include "soapstone/workflow/right.hpp"\n',
    "include/soapstone/workflow/left.hpp": "struct Left {\n  Left(const Session& session, int n) : a_{n}, b_(n) {\n    f();\n  }\n  int a_, b_;\n};\n",
    "src/workflow/left.cpp": '#include "soapstone/workflow/left.hpp"\n#include "soapstone/workflow/right.hpp"\nnamespace a {\n'
                             "const char* text = \"}{ Session& s)\";\nSession made(Session const* s, Session&) {\n  for (int i = 0; i < 2; ++i) {\n"
                             "    g([](int j) {\n      return '{' + j;\n    });\n  }\n}\n}\n",
    "include/soapstone/workflow/right.hpp": '#include "soapstone/workflow/left.hpp"\nvoid use(Session& session = here);\n',
    "src/commands/train.cpp": "void train(app::Session& session, const Session session_of_another) {\n"
                              "  p.cutoff, p.cutoff_width, p->n_max, p.normalize, p.scaling;\n}\n",
    "src/commands/keys.cpp": 'const Keys keys{{"soap.cutoff"}, {"soap.cutoff-width"}, {"soap.n-max"}, {"soap.normalize"}};\n',  # four
    "tests/test_a.py": "a\nb\n",
    "scripts" "/a.sh": "a\n",  # not of this repository
}


def figures(text):
    """What stands behind each name up to the first empty line."""
    rows = [line.rsplit("  ", 1) for line in text.split("\n\n")[0].splitlines()[1:]]
    return {name.strip(): value.strip() for name, value in rows}


class PlantedTree(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        for name, text in TREE.items():
            self.write(name, text)

    def write(self, name, text):
        (self.root / name).parent.mkdir(parents=True, exist_ok=True)
        (self.root / name).write_text(text, encoding="utf-8")

    def git(self, *words):
        subprocess.run(["git", "-C", self.root, "-c", "user.name=a", "-c", "user.email=a@b.c", *words], check=True, stdout=subprocess.PIPE)

    def shape(self, *revisions):
        command = [sys.executable, "-B", SCRIPT, "--root", self.root, *revisions]
        run = subprocess.run(list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        return run.stdout

    def test_every_measure(self):
        text = self.shape()
        lines = sum(value.count("\n") for name, value in TREE.items() if name.startswith(("src", "include")))
        self.assertEqual(figures(text), {
            "lines in src and include": str(lines), "lines of tests": "2", "lines of scripts": "1", "rooms": "3",
            "files (headers and sources)": "10", "lines of a file: median / p90 / max": "3 / 12 / 12",
            "functions with a body": "4", "lines of a function: median / p90 / max": "3 / 7 / 7", "cycles of includes": "1",
            "levels of includes within a room, at most": "3", "parameters of type Session": "6", "of these below commands": "4",
            "files that enumerate SOAP fields": "1"})
        self.assertIn("\n  workflow/left workflow/right\n", text)
        self.assertIn("\n  commands/train\n", text)
        self.assertRegex(text, r"\nsoap +15 / 5 / 3\n")

    def test_two_revisions_and_the_files_as_they_are(self):
        self.git("init", "-q")
        self.git("add", ".")
        self.git("commit", "-qm", "before")
        self.write("include/soapstone/workflow/left.hpp", "struct Left {};\n")
        self.write("include/soapstone/workflow/right.hpp", "void use();\n")
        self.git("commit", "-qam", "after")
        (self.root / "src/commands/keys.cpp").unlink()
        text = self.shape("HEAD~1", "HEAD", ".")
        self.assertRegex(text, r"\A +HEAD~1 +HEAD +as it is\n")
        self.assertRegex(text, r"\ncycles of includes +1 +0 +0\n")
        self.assertRegex(text, r"\nfiles \(headers and sources\) +10 +10 +9\n")
        self.assertRegex(text, r"\n  of these below commands +4 +2 +2\n")


if __name__ == "__main__":
    unittest.main()
