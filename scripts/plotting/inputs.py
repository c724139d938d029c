# SPDX-License-Identifier: BSD-3-Clause
"""Reads reports, CSV, HDF5 and structures, with errors that name the file and the key."""
import csv
import gzip
import io
import json
import lzma
import math
import re
from pathlib import Path


class InputError(Exception):
    """Tells the user in one sentence what is wrong with a file."""


def read_text(path):
    """Text of a file, plain, .gz or .xz."""
    opened = {".gz": gzip.open, ".xz": lzma.open}.get(Path(path).suffix, open)
    try:
        with opened(path, "rt", encoding="utf-8") as file:
            return file.read()
    except (OSError, EOFError, UnicodeDecodeError, lzma.LZMAError) as error:
        raise InputError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from None


def number(value, path, key):
    """Returns a finite number, whether the file contains a number or the text of one."""
    try:
        if isinstance(value, bool) or not math.isfinite(float(value)):
            raise ValueError
    except (TypeError, ValueError):
        raise InputError(f"{path}: '{key}' is {value!r}, not a finite number") from None
    return float(value)


class Report:
    """A JSON report; every access names the file and the key that it fails at."""

    def __init__(self, path, node=None, name=""):
        self.path, self.name = path, name
        self.node = self._parsed(path) if node is None else node

    @staticmethod
    def _parsed(path):
        try:
            node = json.loads(read_text(path))
        except json.JSONDecodeError as error:
            raise InputError(f"{path}: not JSON: {error}") from None
        if not isinstance(node, dict):
            raise InputError(f"{path}: not a report: it is not a JSON object")
        return node

    def _key(self, key):
        return f"{self.name}.{key}" if self.name else key

    def get(self, key, kind=None, fallback=...):
        """Returns the value of a key, which must have the type `kind`."""
        if fallback is not ... and self.node.get(key) is None:
            return fallback
        if key not in self.node:
            raise InputError(f"{self.path}: no key '{self._key(key)}'")
        value = self.node[key]
        if kind is not None and not isinstance(value, kind):
            raise InputError(f"{self.path}: '{self._key(key)}' is not of the type that a report has")
        return value

    def number(self, key):
        return number(self.get(key), self.path, self._key(key))

    def numbers(self, key):
        return [number(value, self.path, f"{self._key(key)}[{i}]") for i, value in enumerate(self.get(key, list))]

    def below(self, key):
        return Report(self.path, self.get(key, dict), self._key(key))

    def each(self, key):
        """Returns the objects of a list that is not empty."""
        rows = self.get(key, list)
        if not rows or not all(isinstance(row, dict) for row in rows):
            raise InputError(f"{self.path}: '{self._key(key)}' is not a list of results")
        return [Report(self.path, row, f"{self._key(key)}[{i}]") for i, row in enumerate(rows)]

    def expect_command(self, *commands):
        command = self.get("command")
        if command not in commands:
            raise InputError(f"{self.path}: 'command' is {command!r}; this picture needs a report of {' or '.join(commands)}")
        return self


class Table:
    """A CSV file with a head line; lines that start with # are comments."""

    def __init__(self, path, *needed):
        self.path = path
        lines = [line for line in read_text(path).splitlines(keepends=True) if line.strip() and not line.startswith("#")]
        rows = list(csv.reader(io.StringIO("".join(lines))))
        if len(rows) < 2:
            raise InputError(f"{path}: no rows below the header")
        self.columns = [name.strip() for name in rows[0]]
        self.rows = rows[1:]
        for name in needed:
            self.at(name)
        for index, row in enumerate(self.rows, 1):
            if len(row) != len(self.columns):
                raise InputError(f"{path}: row {index} has {len(row)} cells, but the header has {len(self.columns)}")

    def at(self, column):
        if column not in self.columns:
            raise InputError(f"{self.path}: no column '{column}'; it has {', '.join(self.columns)}")
        return self.columns.index(column)

    def texts(self, column):
        at = self.at(column)
        return [row[at] for row in self.rows]

    def numbers(self, column, empty=None):
        """Returns the column. `empty` stands for an empty cell; None means that there must be none."""
        return [empty if text == "" and empty is not None else number(text, self.path, f"{column}, row {index}")
                for index, text in enumerate(self.texts(column), 1)]


def is_json(path):
    return Path(path).suffix == ".json"


def hdf5(path, *data_sets):
    """Arrays of an HDF5 file, and a dictionary of the first one's attributes."""
    try:
        import h5py
    except ImportError as error:
        raise InputError(f"{path}: HDF5 needs h5py: {error}") from None
    try:
        with h5py.File(path, "r") as file:
            for name in data_sets:
                if name not in file:
                    raise InputError(f"{path}: no data set '/{name}'")
            return [file[name][()] for name in data_sets], dict(file[data_sets[0]].attrs)
    except OSError as error:
        raise InputError(f"{path}: cannot be read as HDF5: {error}") from None


def frame_length(lines, at):
    """Lines of the frame that begins at a line: of extended XYZ, or of raw QM9, whose records end with three further ones."""
    raw = lines[at + 1].split()[:1] == ["gdb"]
    return int(lines[at]) + (5 if raw else 2)


def read_species(paths):
    """Element symbols of every structure of extended XYZ files, one list per structure."""
    return [species for path in paths for species in _species_of_file(path)]


def _species_of_file(path):
    lines, at = read_text(path).splitlines(), 0
    while at < len(lines) and lines[at].strip():
        try:
            count, length = int(lines[at]), frame_length(lines, at)
            column = _species_column(lines[at + 1])
            atoms = lines[at + 2:at + 2 + count]
            if len(atoms) < count:
                raise IndexError
            yield [atom.split()[column] for atom in atoms]
        except (ValueError, IndexError):
            raise InputError(f"{path}:{at + 1}: not a frame of extended XYZ") from None
        at += length


def _species_column(comment):
    """Place of the symbols among an atom's words: the first one unless Properties says otherwise."""
    found = re.search(r'Properties=(?:"([^"]*)"|(\S+))', comment, re.IGNORECASE)
    column = 0
    parts = (found[1] or found[2]).split(":") if found else []
    for name, width in zip(parts[::3], parts[2::3]):
        if name == "species":
            return column
        column += int(width)
    return 0


class Coupling:
    """u (channels x elements) and what it is called; from a report of optimize or a text file with u."""

    def __init__(self, path, kernel=1):
        self.path = path
        self.elements, rows = self._report(kernel) if is_json(path) else self._text()
        if not rows or any(len(row) != len(self.elements) for row in rows):
            raise InputError(f"{path}: 'u' needs a row of {len(self.elements)} numbers for every channel")
        if len(set(self.elements)) != len(self.elements):
            raise InputError(f"{path}: an element occurs twice in 'elements'")
        self.rows = rows

    def _report(self, kernel):
        report = Report(self.path).expect_command("optimize")
        if kernel > 1 or "couplings" in report.node:
            couplings = report.get("couplings", list, [])
            if kernel > len(couplings) or couplings[kernel - 1] is None:
                raise InputError(f"{self.path}: 'couplings' has none for kernel {kernel}")
            report = Report(self.path, couplings[kernel - 1], f"couplings[{kernel - 1}]")
        rows = report.get("u", list)
        return list(report.get("elements", list)), [
            [number(x, self.path, f"u[{j}][{i}]") for i, x in enumerate(row)] for j, row in enumerate(rows)]

    def _text(self):
        lines = [line.split("#")[0].split() for line in read_text(self.path).splitlines()]
        lines = [line for line in lines if line]
        if len(lines) < 2:
            raise InputError(f"{self.path}: no coupling: a line of element symbols, then a row of numbers per channel")
        return lines[0], [[number(x, self.path, f"u[{j}][{i}]") for i, x in enumerate(line)] for j, line in enumerate(lines[1:])]
