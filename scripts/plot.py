#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Plots the reports, tables and HDF5 files of soapstone as PNG and SVG.

    scripts/plot.py FILE...                    recognises the kind of each file and draws the pictures for it
    scripts/plot.py PICTURE FILE... [options]  draws one picture; `scripts/plot.py PICTURE --help` explains it

--output NAME.png, NAME.svg or NAME.pdf writes this file; with a NAME without suffix, PNG and SVG are written. If a picture
takes several files, LABEL=FILE sets the label of a file in the legend. Needs numpy and matplotlib, and h5py for HDF5.
Exit codes: 0 drawn, 2 wrong usage, 3 a file cannot be drawn.
"""
import argparse
import difflib
import os
import sys

try:
    from plotting import calibration, clusters, data_check, elements, histories, learning, matrices, predictions, recovery, searches, timings
    from plotting.inputs import InputError, Report, Table, is_json
except ImportError as missing:
    sys.exit(f"plot.py: error: {missing}; scripts/install_dependencies.sh --plots installs it")


def learning_options(add):
    add("--quantity", choices=learning.QUANTITIES, default="mae")
    add("--unit", choices=learning.UNITS, default="meV")
    add("--reference", metavar="CSV", action="append", default=[],
        help="published curves: a column n_train, and a column of errors in eV for each curve; a curve with the name of a LABEL gets the same colour")
    add("--reference-name", metavar="WORD", default="published", help="name of these curves in the legend (default: published)")
    add("--only-matching", action="store_true", help="show only reference curves that have the name of a LABEL")


def parity_options(add):
    add("--structures", metavar="XYZ", action="append", default=[],
        help="the predicted structures; a least-squares fit to the composition is then subtracted on both axes")


def structures_options(add):
    add("--structures", metavar="XYZ", action="append", default=[], required=True, help="the predicted structures, extended XYZ")


def feature_options(add):
    add("--structures", metavar="XYZ", action="append", default=[], help="the structures; environments are then coloured by element")


def kernel_options(add):
    add("--sort", action="store_true", help="place similar structures next to each other instead of in the order of the file")


def search_options(add):
    add("--quantity", choices=("mae", "rmse"), default="mae")
    add("--x", metavar="KEY", help="key of the horizontal axis")
    add("--y", metavar="KEY", help="key of the vertical axis")
    add("--rung", type=int, help="rung of a successive halving (default: the first, which has all points)")


def coupling_options(add):
    add("--kernel", type=int, default=1, help="number of the kernel whose coupling is used (default: 1)")


def group_options(add):
    coupling_options(add)
    add("--groups", metavar="CHOICE", default="families",
        help="families, columns (groups 1 to 18), or a file with lines of `name: El El El` (default: families)")


def recovery_options(add):
    coupling_options(add)
    add("--truth", metavar="FILE", required=True, help="file with the true u, in the format of species.coupling")


def table_options(add):
    coupling_options(add)
    add("--raw", action="store_true", help="show the channels instead of their principal axes")


def no_options(_):
    pass


# Name: function, number of files (+: any), options, help.
PICTURES = {
    "learning-curve": (learning.plot, "+", learning_options, "errors against the number of training structures, log-log; reports or CSV"),
    "parity": (predictions.parity, 1, parity_options, "predicted against reference energies, and a histogram of errors; predictions CSV"),
    "calibration": (calibration.calibration, 1, no_options, "error bars against errors; predictions CSV of a model with a committee"),
    "errors": (predictions.errors, 1, structures_options, "errors by element and by size; predictions CSV"),
    "search": (searches.plot, 1, search_options, "heat map of a search over two keys, with the best values of λ and other keys; report or CSV"),
    "regularization": (histories.regularization, "+", no_options, "held-out errors against λ; reports of evaluate"),
    "stages": (timings.plot, "+", no_options, "seconds by stage; for several reports with different numbers of ranks, also the scaling"),
    "history": (histories.history, "+", no_options, "objective by iteration; reports of optimize, or of evaluate with optimised weights"),
    "element-map": (elements.element_map, 1, group_options, "elements in the principal axes of u; report of optimize or file with u"),
    "periodic-table": (elements.periodic_table, 1, table_options, "the periodic table, coloured by u; report of optimize or file with u"),
    "clusters": (clusters.clusters, 1, group_options, "distances within and between groups of elements, as numbers (--output: JSON)"),
    "recovery": (recovery.compare_couplings, 1, recovery_options, "agreement of a learnt coupling with a known one, as numbers (--output: JSON)"),
    "data-check": (data_check.data_check, 1, no_options, "sizes, elements, contacts, energies and forces of a data set; report of inspect"),
    "kernel": (matrices.kernel, 1, kernel_options, "a kernel matrix and its spectrum; HDF5"),
    "features": (matrices.features, 1, feature_options, "environments in two principal components of their features; HDF5"),
}
BY_COMMAND = {"learning-curve": ["learning-curve"], "search": ["search"], "optimize": ["history", "element-map", "periodic-table"],
              "inspect": ["data-check"]}


def kinds(path):
    """Returns the pictures that can be made of a file alone."""
    path = learning.labelled(path)[1]
    if path.endswith(".h5"):
        from plotting.inputs import hdf5
        for kind in ("kernel", "features"):
            try:
                hdf5(path, kind)
                return [kind]
            except InputError as error:
                if "no data set" not in str(error):
                    raise
        raise InputError(f"{path}: contains neither a kernel nor features")
    if is_json(path):
        report = Report(path)
        if report.get("command") == "evaluate":
            return ["history" if "optimization" in report.node else "regularization"]
        return BY_COMMAND.get(report.get("command"), ["stages"])
    if path.endswith(".csv"):
        columns = Table(path).columns
        for column, kind in (("predicted", "parity"), ("rung", "search"), ("mae_mean", "learning-curve")):
            if column in columns:
                return [kind, "calibration"] if "uncertainty" in columns else [kind]
        raise InputError(f"{path}: no column that shows the kind of table (predicted, rung, mae_mean)")
    return ["element-map", "periodic-table"]


def parser():
    main = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    pictures = main.add_subparsers(dest="picture", required=True, metavar="PICTURE")
    for name, (draw, files, options, text) in PICTURES.items():
        one = pictures.add_parser(name, help=text, description=text)
        one.add_argument("inputs", metavar="FILE", nargs=files)
        one.add_argument("--output", metavar="NAME", help="file to write (default: the name of the picture, as PNG and SVG)")
        options(one.add_argument)
        one.set_defaults(draw=draw)
    return main


def guessed(files):
    """Command lines for files without the name of a picture."""
    found = {}
    for path in files:
        for kind in kinds(path):
            found.setdefault(kind, []).append(path)
    for kind, paths in found.items():
        for group in [paths] if PICTURES[kind][1] == "+" else [[path] for path in paths]:
            stem = learning.labelled(group[0])[1].rsplit(".", 1)[0]
            yield [kind, *group, "--output", f"{stem}.{kind}" if len(group) == 1 else kind]


def check_unnamed(words):
    """Refuses options and words that are not files, if no picture is named."""
    if option := next((word for word in words if word.startswith("-")), None):
        raise InputError(f"{option}: options need the name of the picture, as in: plot.py learning-curve FILE {option} ...")
    if not os.path.exists(words[0]) and (near := difflib.get_close_matches(words[0], PICTURES, 1)):
        raise InputError(f"{words[0]}: neither a picture nor a file; did you mean {near[0]}?")


def main(words):
    try:
        named = not words or words[0] in PICTURES or words[0].startswith("-")
        if not named:
            check_unnamed(words)
        for line in [words] if named else guessed(words):
            options = parser().parse_args(line)
            options.draw(options)
    except InputError as error:
        print(f"plot.py: error: {error}", file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
