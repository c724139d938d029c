#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Converts predictions to a file for the chemiscope viewer (https://chemiscope.org), which shows structures next to a map of errors.

    soapstone predict ... --predict.per-atom --output predictions.xyz
    scripts/plotting/chemiscope.py predictions.xyz --output predictions.json.gz

Everything that `soapstone predict` wrote becomes a property of structures (prediction, reference, error and error bar, also per
atom; novelty; size) and, with --predict.per-atom, of atoms (contributions minus the mean of their element). Needs ASE.
Exit codes: 0 written, 2 wrong usage, 3 the input is not what `soapstone predict` writes.
"""
import argparse
import gzip
import json
import math
import sys
from pathlib import Path

PREDICTED, UNCERTAINTY, INTERVAL, ATOMIC = "predicted_", "uncertainty_", "interval_95_", "atomic_"


class InputError(Exception):
    """Tells in one sentence what is wrong with the input."""


def read(path):
    try:
        import ase.io
    except ImportError as missing:
        raise InputError(f"{missing}; scripts/install_dependencies.sh --plots installs it") from None
    try:
        frames = ase.io.read(path, ":", format="extxyz")
    except Exception as error:  # ASE raises what its parser runs into
        raise InputError(f"{path}: cannot be read as extended XYZ: {error}") from None
    if not frames:
        raise InputError(f"{path}: no structures")
    return frames


def value(frame, key):
    """Returns a number of the comment line, also where ASE takes it for a result of a calculator; NaN where there is none."""
    found = frame.info.get(key)
    if found is None and frame.calc is not None:
        found = frame.calc.results.get(key)
    return float(found) if isinstance(found, (int, float)) or hasattr(found, "dtype") else math.nan


def targets(frames, path):
    names = [key[len(PREDICTED):] for key in frames[0].info if key.startswith(PREDICTED)]
    if not names:
        raise InputError(f"{path}: no 'predicted_NAME' in the first comment line: this is not a file of `soapstone predict --output FILE.xyz`")
    for number, frame in enumerate(frames):
        for name in names:
            if math.isnan(value(frame, PREDICTED + name)):
                raise InputError(f"{path}: structure {number} has no number '{PREDICTED}{name}'")
    return names


def structure(frame):
    result = {"size": len(frame), "names": frame.get_chemical_symbols()}
    result.update({axis: frame.positions[:, i].tolist() for i, axis in enumerate("xyz")})
    if frame.pbc.any():
        result["cell"] = frame.cell.array.ravel().tolist()
    return result


def known(values):
    return all(math.isfinite(value) for value in values)


class Properties(dict):
    def add(self, name, target, values, units, description):
        """Nothing for values that are not all known: the viewer takes numbers only."""
        values = [float(value) for value in values]
        if known(values):
            self[name] = {"target": target, "values": values, "units": units, "description": description}

    def add_energy(self, name, values, sizes, description):
        self.add(name, "structure", values, "eV", description)
        self.add(f"{name} per atom", "structure", [v / n for v, n in zip(values, sizes)], "eV/atom", f"{description}, per atom")


def structure_properties(frames, names):
    sizes = [len(frame) for frame in frames]
    properties = Properties()
    properties.add("atoms", "structure", sizes, "", "number of atoms")
    for name in names:
        predicted, reference = ([value(frame, key) for frame in frames] for key in (PREDICTED + name, name))
        errors = [p - r for p, r in zip(predicted, reference)]
        properties.add_energy(f"predicted {name}", predicted, sizes, "prediction of soapstone")
        properties.add_energy(f"reference {name}", reference, sizes, "reference of the input")
        properties.add_energy(f"error of {name}", errors, sizes, "prediction minus reference")
        properties.add_energy(f"absolute error of {name}", [abs(e) for e in errors], sizes, "absolute value of the error")
        properties.add_energy(f"uncertainty of {name}", [value(frame, UNCERTAINTY + name) for frame in frames], sizes,
                              "error bar; 68 % of errors are smaller")
        properties.add_energy(f"95 % interval of {name}", [value(frame, INTERVAL + name) for frame in frames], sizes,
                              "half width of the interval that contains 95 % of errors")
    properties.add("novelty", "structure", [value(frame, "novelty") for frame in frames], "",
                   "novelty; above 1 for 1 % of structures like those of the training set")
    return properties


def atom_properties(frames, names):
    properties = Properties()
    symbols = [symbol for frame in frames for symbol in frame.get_chemical_symbols()]
    for name in names:
        if not all(ATOMIC + name in frame.arrays for frame in frames):
            continue
        energies = [float(energy) for frame in frames for energy in frame.arrays[ATOMIC + name]]
        by_element = {}
        for symbol, energy in zip(symbols, energies):
            by_element.setdefault(symbol, []).append(energy)
        means = {symbol: sum(found) / len(found) for symbol, found in by_element.items()}
        properties.add(f"contribution to {name}", "atom", energies, "eV", "contribution of the atom to the prediction")
        properties.add(f"contribution to {name} beyond element", "atom", [e - means[s] for s, e in zip(symbols, energies)], "eV",
                       "contribution minus the mean over all atoms of the same element")
    return properties


def settings(properties, names):
    """Returns what the map shows at first: errors against error bars where they are known, else predictions."""
    first, candidates = names[0], []
    for x, y in ((f"uncertainty of {first} per atom", f"absolute error of {first} per atom"),
                 (f"reference {first} per atom", f"predicted {first} per atom"), ("atoms", f"predicted {first} per atom")):
        if x in properties and y in properties:
            candidates.append((x, y))
    x, y = candidates[0]
    chosen = {"map": {"x": {"property": x}, "y": {"property": y}}, "target": "structure"}
    if "novelty" in properties:
        chosen["map"]["color"] = {"property": "novelty"}
    atomic = f"contribution to {first} beyond element"
    if atomic in properties:
        chosen["structure"] = [{"color": {"property": atomic, "palette": "bwr"}}]
    return chosen


def viewer_data(frames, names, name, description, cutoff):
    atoms = atom_properties(frames, names)
    properties = {**structure_properties(frames, names), **atoms}
    result = {"meta": {"name": name, "description": description}, "structures": [structure(frame) for frame in frames],
              "properties": properties, "settings": settings(properties, names)}
    if atoms:  # which atoms the properties of atoms belong to
        result["environments"] = [{"structure": s, "center": c, "cutoff": cutoff}
                                  for s, frame in enumerate(frames) for c in range(len(frame))]
    return result


def write(path, content):
    text = json.dumps(content, allow_nan=False)
    try:
        if path.suffix == ".gz":  # no time stamp: equal data give equal files
            path.write_bytes(gzip.compress(text.encode(), mtime=0))
        else:
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror or error}") from None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("predictions", help="extended XYZ that `soapstone predict` wrote")
    parser.add_argument("--output", metavar="FILE", type=Path, help="JSON or JSON.gz (default: name of the input with .json.gz)")
    parser.add_argument("--name", default="predictions of soapstone", help="title in the viewer")
    parser.add_argument("--description", default="", help="text in the viewer")
    parser.add_argument("--cutoff", type=float, default=5.0, metavar="ANGSTROM", help="radius that is drawn around a selected atom (default: 5)")
    options = parser.parse_args()
    output = options.output or Path(options.predictions).with_suffix(".json.gz")
    try:
        frames = read(options.predictions)
        write(output, viewer_data(frames, targets(frames, options.predictions), options.name, options.description, options.cutoff))
    except InputError as error:
        print(f"chemiscope.py: error: {error}", file=sys.stderr)
        return 3
    print(output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
