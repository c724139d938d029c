#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Prints a Markdown table of test errors and seconds against the number of features that a contraction keeps.

    scripts/reproduce/contraction_table.py [--program build/release/bin/soapstone] [--features 100,200,400,800,none]
        [--methods pca,density] [--regularization 1e-7,1e-8] [--ranks 1] -- --data.structures qm9.xyz.xz ...

Everything after `--` is passed to `soapstone train`. Each row is a separate run with the same split; if there are several
regularisations, the one with the smallest test error is shown.
"""
import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

STAGES = ("contraction", "features", "kernel", "predict")
COLUMNS = ("method", "features", "residual variance", "λ", "MAE meV/atom", "to all features",
           *(f"{stage} s" for stage in STAGES))


def settings(arguments):
    """(method, features) of every row: the uncontracted one is the same for all methods."""
    for features in arguments.features.split(","):
        for method in ["none"] if features == "none" else arguments.methods.split(","):
            yield method, features


def train(arguments, method, features, regularization, folder):
    """Returns the report of one run."""
    report = Path(folder) / "report.json"
    command = [arguments.program, "train", *arguments.keys, "--output", str(Path(folder) / "model.h5"), "--report", str(report),
               "--soap.contraction", features, "--regression.regularization", regularization]
    if method != "none":
        command += ["--soap.contraction-method", method]
    if arguments.ranks > 1:
        command = [*arguments.mpirun.split(), "-n", str(arguments.ranks), *command]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode != 0:
        sys.exit(f"{' '.join(command)}\n{run.stderr}")
    return json.loads(report.read_text(encoding="utf-8"))


def seconds(report, stage):
    return sum(entry["seconds"]["max"] for entry in report["stages"] if entry["name"] == stage)


def row(arguments, method, features, folder):
    """Cells of the best regularisation."""
    best = None
    for regularization in arguments.regularization.split(","):
        report = train(arguments, method, features, regularization, folder)
        mae = 1000 * report["test"]["mae"]
        print(f"{method} {features} {regularization}: {mae:.4f}", file=sys.stderr)
        if best is None or mae < best[0]:
            contraction = report["contractions"][0] or {"features": "all", "residual_variance": 0}
            cells = [method, str(contraction["features"]), f"{contraction['residual_variance']:.2g}", regularization]
            best = mae, cells, [f"{seconds(report, stage):.1f}" for stage in STAGES]
    return best


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default="build/release/bin/soapstone")
    parser.add_argument("--features", default="100,200,400,800,none", help="numbers of features, or none for all")
    parser.add_argument("--methods", default="pca,density")
    parser.add_argument("--regularization", default="1e-7,1e-8")
    parser.add_argument("--ranks", type=int, default=1)
    parser.add_argument("--mpirun", default="mpirun", help="launcher with its flags, for more than one rank")
    parser.add_argument("keys", nargs="+", help="keys of soapstone train")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = [row(arguments, method, features, folder) for method, features in settings(arguments)]
    reference = next((mae for mae, cells, _ in rows if cells[0] == "none"), None)
    print("| " + " | ".join(COLUMNS) + " |\n|" + "---|" * len(COLUMNS))
    for mae, cells, times in rows:
        change = f"{100 * (mae / reference - 1):+.1f} %" if reference else ""
        print("| " + " | ".join([*cells, f"{mae:.3f}", change, *times]) + " |")


if __name__ == "__main__":
    main()
