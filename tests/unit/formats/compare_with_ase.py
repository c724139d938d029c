# SPDX-License-Identifier: BSD-3-Clause
"""Reads and writes generated frames with this program and with ASE and compares them to the last bit.

usage: compare_with_ase.py <structure_dump> [seed [factor]]   factor: as many times more frames; exit code 77: ASE is not there
"""
import json
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

try:
    import numpy as np
    from ase import Atoms
    from ase.calculators.singlepoint import SinglePointCalculator
    from ase.data import chemical_symbols
    from ase.io import read, write
    from ase.io.extxyz import key_val_str_to_dict
    from ase.neighborlist import neighbor_list
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(77)

DUMP = sys.argv[1]
RANDOM = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
FACTOR = int(sys.argv[3]) if len(sys.argv) > 3 else 1


def run(*arguments):
    done = subprocess.run([DUMP, *map(str, arguments)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{arguments}: {done.returncode}: {done.stderr}"
    return done.stdout


def bits(values):
    return np.asarray(values, dtype=float).view(np.uint64)


def unhex(nested):
    return [unhex(x) for x in nested] if isinstance(nested, list) else float.fromhex(nested)


def same(a, b):
    if isinstance(a, np.ndarray) or isinstance(b, np.ndarray) or isinstance(a, (list, tuple)):
        a, b = np.asarray(a), np.asarray(b)
        if a.shape != b.shape:
            return False
        return np.array_equal(bits(a), bits(b)) if a.dtype.kind in "if" else np.array_equal(a, b)
    return type(a) is type(b) and (a == b or a != a)


def typed(key, text):
    """ASE's value for our text: each character escaped, so that only its conversion of types is borrowed."""
    escaped = ["".join("\\" + c for c in part) for part in (key, text)]
    return key_val_str_to_dict("=".join(escaped) + " end")[key]  # a last word, because ASE strips escaped blanks


def compare(mine, atoms, where):
    assert mine["species"] == atoms.numbers.tolist(), where
    # The sign of a zero is part of the bits, except that ASE reads a coordinate -0 of an integer Lattice as 0.
    assert np.array_equal(bits(unhex(mine["positions"])), bits(atoms.positions)), (where, mine, atoms.positions)
    assert np.array_equal(bits(np.array(unhex(mine["cell"])) + 0.0), bits(np.array(atoms.cell) + 0.0)), where
    assert mine["pbc"] == atoms.pbc.tolist(), (where, mine["pbc"], atoms.pbc)
    info = dict(mine["info"])
    assert set(info) == set(atoms.info), (where, info, atoms.info)
    for key, text in info.items():
        assert same(typed(key, text), atoms.info[key]), (where, key, text, atoms.info[key])
    for name, kind, columns, values in mine["arrays"]:
        array = atoms.get_array({"charge": "initial_charges"}.get(name, name))
        convert = {"R": float, "I": int, "S": str, "L": lambda x: x in ("T", "True")}[kind]
        values = np.array([convert(v.replace("D", "e") if kind == "R" else v) for v in values])
        expected = array.reshape(-1)
        assert same(values, expected.astype(int) if kind == "I" else expected), (where, name, values, expected)


def compare_file(path, images, what):
    lines = run("read", path).splitlines()
    assert len(lines) == len(images), (what, len(lines), len(images))
    for number, (line, atoms) in enumerate(zip(lines, images)):
        compare(json.loads(line), atoms, f"{what}, frame {number} of {path}")


def random_cell():
    while True:
        cell = np.array([[RANDOM.uniform(-9, 9) for _ in range(3)] for _ in range(3)])
        if abs(np.linalg.det(cell)) > 50:
            return cell


def random_atoms():
    n = RANDOM.randint(1, 12)
    atoms = Atoms([RANDOM.choice(chemical_symbols[1:]) for _ in range(n)],
                  positions=[[RANDOM.gauss(0, 5) for _ in range(3)] for _ in range(n)])
    if RANDOM.random() < 0.6:
        atoms.cell = random_cell()
        atoms.pbc = [RANDOM.random() < 0.6 for _ in range(3)]
    return atoms


def decorate(atoms):
    n = len(atoms)
    options = {"flag": True, "other flag": False, "count": 7, "number": RANDOM.gauss(0, 1e5), "tiny": 1e-300,
               "word": "abc", "text": "several words", "quote": 'say "x"', "single": "it's", "brackets": "{a} [b]",
               "smiles": "C=CC#N", "vector": np.array([1.5, -2, 3e-9]), "integers": np.array([1, 2, 3]),
               "flags": np.array([True, False]), "stress": np.arange(9.0).reshape(3, 3), "nested": {"a": [1, 2]},
               "matrix": np.eye(2), "umlaut": "Molek\u00fcl", "energy": -1.25}
    for key in RANDOM.sample(sorted(options), RANDOM.randint(0, len(options))):
        if key != "stress" or "energy" not in atoms.info:
            atoms.info[key] = options[key]
    atoms.info.pop("stress", None)
    if RANDOM.random() < 0.4:
        atoms.new_array("tag2", np.array([RANDOM.randint(-5, 5) for _ in range(n)]))
    if RANDOM.random() < 0.4:
        atoms.new_array("velo", np.array([[RANDOM.gauss(0, 1) for _ in range(3)] for _ in range(n)]))
    if RANDOM.random() < 0.4:
        atoms.new_array("label", np.array([RANDOM.choice(["a", "b", "long"]) for _ in range(n)]))
    if RANDOM.random() < 0.4:
        atoms.new_array("chosen", np.array([RANDOM.random() < 0.5 for _ in range(n)]))
    if RANDOM.random() < 0.3:
        forces = np.array([[RANDOM.gauss(0, 1) for _ in range(3)] for _ in range(n)])
        atoms.calc = SinglePointCalculator(atoms, energy=RANDOM.gauss(0, 100), forces=forces)
    return atoms


def written_by_ase(folder):
    for batch in range(6 * FACTOR):
        images = [decorate(random_atoms()) for _ in range(40)]
        path = folder / f"ase{batch}.xyz"
        write(path, images, format="extxyz")
        yield path


def number_text(x, style):
    text = RANDOM.choice([repr(x), f"{x:.17g}", f"{x:.25f}", f"{x:+.16e}", f"{x:.3f}", f"{x:.0f}"])
    return text.replace("e", RANDOM.choice("eE")) if style == "e" else text


def comment_value(text):
    choice = RANDOM.randrange(4)
    if choice == 0 or any(c.isspace() or c in "\"'{}[]\\" for c in text):
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return [None, "'" + text + "'", "{" + text + "}", text][choice]


def random_comment(properties, cell):
    equals = lambda: RANDOM.choice(["=", "=", " = ", "= ", " ="])
    parts = []
    if cell is not None:
        numbers = RANDOM.choice([" ", ", ", "  "]).join(number_text(x, "e") for x in cell.reshape(-1))
        parts.append("Lattice" + equals() + RANDOM.choice(['"%s"', "'%s'", "{%s}", "[%s]"]) % numbers)
        if RANDOM.random() < 0.6:
            parts.append("pbc" + equals() + RANDOM.choice(['"T F T"', "[F, T, T]", "{1 0 1}", "F", "T", "1", '"0 0 0"']))
    if properties != "species:S:1:pos:R:3" or RANDOM.random() < 0.5:
        parts.append(RANDOM.choice(["Properties=%s", 'Properties="%s"', "Properties = %s"]) % properties)
    for key in RANDOM.sample(["E", "free energy", "name", "x-y", "a.b", "n1", "k_"], RANDOM.randint(0, 5)):
        value = RANDOM.choice([number_text(RANDOM.gauss(0, 1e3), "e"), "word", "two words", "a=b", "it's", 'q"q', "1 2 3",
                               "1,2.5", "T F", "back\\slash", "{x}", "-0", "1e5", "inf", "_JSON [1, 2]"])
        quote = '"%s"' if " " in key else "%s"
        parts.append(quote % key + equals() + comment_value(value))
    parts += RANDOM.sample(["bare", "Flag2"], RANDOM.randint(0, 2))
    RANDOM.shuffle(parts)
    return "  ".join(parts)


def random_columns():
    groups = [RANDOM.choice(["species:S:1", "symbols:S:1", "Z:I:1", "numbers:I:1"]), RANDOM.choice(["pos:R:3", "positions:R:3"])]
    groups += RANDOM.sample(["forces:R:3", "charge:R:1", "tag2:I:1", "label:S:2", "fixed:L:1"], RANDOM.randint(0, 4))
    if RANDOM.random() < 0.3:
        return ["species:S:1", "pos:R:3"]
    RANDOM.shuffle(groups)
    return groups


def atom_line(groups, z, surplus):
    words = []
    for name, kind, columns in (group.split(":") for group in groups):
        for _ in range(int(columns)):
            if name in ("species", "symbols"):
                words.append(RANDOM.choice([str.upper, str.lower, str])(chemical_symbols[z]))
            elif name in ("Z", "numbers"):
                words.append(str(z))
            else:
                words.append({"R": number_text(RANDOM.gauss(0, 5), "e"), "I": str(RANDOM.randint(-9, 9)),
                              "S": RANDOM.choice(["x", "y1", "\u00e4"]), "L": RANDOM.choice(["T", "F", "True", "False"])}[kind])
    if surplus and RANDOM.random() < 0.1:  # of plain XYZ; where Properties says how many there are, this program refuses more
        words.append("surplus")
    return RANDOM.choice(["", " ", "\t"]) + RANDOM.choice([" ", "   ", "\t"]).join(words)


def by_hand():
    groups = random_columns()
    n = RANDOM.randint(1, 9)
    cell = random_cell() if RANDOM.random() < 0.6 else None
    if cell is not None and RANDOM.random() < 0.3:
        cell = np.round(cell) + 20 * np.eye(3)
    comment = random_comment(":".join(groups), cell)
    lines = [atom_line(groups, RANDOM.randint(1, 118), "Properties" not in comment) for _ in range(n)]
    return "\n".join([RANDOM.choice([str(n), f"  {n} "]), comment, *lines]) + "\n"


def written_by_hand(folder):
    for batch in range(10 * FACTOR):
        text = "".join(by_hand() for _ in range(40)) + "\n" * RANDOM.randint(0, 3)
        path = folder / f"hand{batch}.xyz"
        path.write_bytes(text.replace("\n", RANDOM.choice(["\n", "\r\n"])).encode())
        yield path


def check_comments():
    """Comment lines of random characters: keys and values as ASE splits them."""
    alphabet = ["a", "b", "1", " ", " ", "=", "=", '"', "'", "{", "}", "[", "]", "\\", ",", "\t"]
    comments, expected = [], []
    while len(comments) < 3000:
        comment = "".join(RANDOM.choice(alphabet) for _ in range(RANDOM.randint(1, 24)))
        squeezed = comment.strip()
        # Left out: what ASE crashes on (a leading =), and empty quotes, which it takes for nothing (our one deviation).
        # The same holds for lists within lists, which are one value here.
        if any(p in comment for p in ('""', "''", "{}", "[]")) or squeezed.startswith("=") or re.search(r"=\s*[\[{]", comment):
            continue
        try:
            expected.append(key_val_str_to_dict(squeezed))
        except (IndexError, ValueError):
            continue
        comments.append(comment)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "comments.xyz"
        path.write_text("".join(f"1\n{comment}\nH 0 0 0\n" for comment in comments))
        frames = [json.loads(line) for line in run("read", path).splitlines()]
    assert len(frames) == len(comments)
    for comment, frame, ase in zip(comments, frames, expected):
        info = dict(frame["info"])
        ase.pop("", None), info.pop("", None)  # a key of no characters: ASE makes one of blanks at the end
        assert set(info) == set(ase), (comment, info, ase)
        for key, text in info.items():
            assert not key or same(typed(key, text) if text else np.array([]), ase[key]), (comment, key, text, ase[key])
    return len(comments)


def check_reading(paths):
    """Number of frames that ASE and this program read alike, write, and read alike again."""
    frames = 0
    for path in paths:
        images = read(path, ":", format="extxyz")
        compare_file(path, images, "read")
        again = path.with_suffix(".again.xyz")
        again.write_text(run("write", path))
        compare_file(path, read(again, ":", format="extxyz"), "written and read by ASE")
        assert strip_arrays(run("read", again)) == strip_arrays(run("read", path)), path
        frames += len(images)
    return frames


def strip_arrays(text):
    frames = [json.loads(line) for line in text.splitlines()]
    for frame in frames:
        frame["info"] = [entry for entry in frame["info"] if entry[1]]
    return frames


def check_d_exponents(folder):
    for number in range(40):
        n = RANDOM.randint(1, 6)
        rows = [" ".join(["C", *(f"{RANDOM.gauss(0, 5):.15e}" for _ in range(3))]) for _ in range(n)]
        plain, fortran = folder / f"e{number}.xyz", folder / f"d{number}.xyz"
        head = f'{n}\nLattice="5.0e0 0 0 0 6.25e-1 0 0 0 7e0"\n'
        plain.write_text(head + "\n".join(rows) + "\n")
        spelling = RANDOM.choice("Dd")
        fortran.write_text(head.replace("e0", spelling + "0").replace("e-", spelling + "-")
                           + "\n".join(row.replace("e", spelling) for row in rows) + "\n")
        compare_file(fortran, [read(plain, format="extxyz")], "D exponents")


def check_vec_lines(folder):
    path = folder / "vec.xyz"
    path.write_text("1\n\nC 1 2 3\nVEC1 4 0 0.125\nVEC2 0 5 0\n2\n\nC 1 2 3\nH 0 0 0\nVEC1 4 0 0.125\nVEC2 0 5 0\nVEC3 0 0 6\n")
    for line, atoms in zip(run("read", path).splitlines(), read(path, ":", format="extxyz")):
        atoms.info.pop("comment")
        compare(json.loads(line), atoms, "VEC lines")


def check_neighbours(folder):
    for number in range(60):
        atoms = random_atoms()
        atoms.set_scaled_positions(np.array([[RANDOM.uniform(-1, 2) for _ in range(3)] for _ in atoms])) if atoms.cell.any() else None
        path, cutoff = folder / f"n{number}.xyz", RANDOM.uniform(1, 9)
        lines = [f"{len(atoms)}", 'Lattice="%s" pbc="%s"' % (" ".join(map(repr, atoms.cell.array.reshape(-1).tolist())),
                                                             " ".join("FT"[int(p)] for p in atoms.pbc))]
        lines += [" ".join([s, *map(repr, r)]) for s, r in zip(atoms.symbols, atoms.positions.tolist())]
        path.write_text("\n".join(lines) + "\n")
        mine = sorted((i, j, *unhex(d), float.fromhex(r)) for i, j, d, r in json.loads(run("neighbours", path, repr(cutoff))))
        i, j, d, r = neighbor_list("ijDd", atoms, cutoff, self_interaction=False)
        ase = sorted(zip(i.tolist(), j.tolist(), *d.T.tolist(), r.tolist()))
        assert len(mine) == len(ase), (path, len(mine), len(ase))
        assert not mine or np.abs(match(mine) - match(ase)).max() < 1e-9, path


def match(pairs):
    """Rows in an order that rounding does not change."""
    return np.array(sorted(pairs, key=lambda p: (p[0], p[1], *(round(x, 6) + 0.0 for x in p[2:]))))


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        comments = check_comments()
        frames = check_reading(written_by_ase(folder)) + check_reading(written_by_hand(folder))
        assert frames == 640 * FACTOR, frames
        check_d_exponents(folder)
        check_vec_lines(folder)
        check_neighbours(folder)
    print(f"FIGURE ase_frames {frames}\nFIGURE ase_comment_lines {comments}")  # see tests/support/figure.hpp
    print(f"{comments} comment lines, {frames} frames read and written, 40 with D exponents, 60 neighbour lists: equal to ASE's")


main()
