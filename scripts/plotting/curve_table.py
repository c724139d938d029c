#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Prints learning curves as a Markdown table of MAE in meV/atom: curve_table.py [--published CSV] LABEL=REPORT.json..."""
import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from plotting.inputs import InputError  # noqa: E402
from plotting.learning import from_report, labelled, reference_curves  # noqa: E402


def cell(curve, n):
    if n not in curve.sizes:
        return ""
    at = curve.sizes.index(n)
    spread = f" ± {1e3 * curve.spreads[at]:.2f}" if curve.spreads[at] else ""
    return f"{1e3 * curve.means[at]:.2f}{spread}"


def main(words):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--published", metavar="CSV", help="published curves, each shown next to the curve of the same name")
    parser.add_argument("reports", nargs="+")
    options = parser.parse_args(words)
    try:
        curves = [from_report(*labelled(argument), "mae") for argument in options.reports]
        others = {c.label: c for c in reference_curves(options.published)} if options.published else {}
    except InputError as error:
        sys.exit(f"curve_table.py: error: {error}")
    columns = []
    for curve in curves:
        columns.append((curve.label, curve))
        if curve.label in others:
            columns.append((f"{curve.label}, published", others[curve.label]))
    print("| N | " + " | ".join(name for name, _ in columns) + " |\n|" + "---|" * (len(columns) + 1))
    for n in sorted({n for curve in curves for n in curve.sizes}):
        print(f"| {n:g} | " + " | ".join(cell(curve, n) for _, curve in columns) + " |")


if __name__ == "__main__":
    main(sys.argv[1:])
