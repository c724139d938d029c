# SPDX-License-Identifier: BSD-3-Clause
"""Learning curves: errors against the number of training structures, of several reports and of published tables."""
import statistics
from pathlib import Path

from . import style
from .inputs import Report, Table, is_json

QUANTITIES = {"mae": "MAE", "rmse": "RMSE", "mae_per_structure": "MAE"}
UNITS = {"meV": 1000.0, "eV": 1.0, "kcal/mol": 23.060548}


class Curve:
    """Numbers of structures, mean errors in eV and their standard deviations over repeats."""

    def __init__(self, label, sizes, means, spreads):
        order = sorted(range(len(sizes)), key=sizes.__getitem__)
        self.label = label
        self.sizes, self.means, self.spreads = ([values[i] for i in order] for values in (sizes, means, spreads))


def labelled(argument):
    """LABEL=FILE, or FILE, which is labelled by its name."""
    if "=" in argument and not Path(argument).exists():
        label, path = argument.rsplit("=", 1)
        return label, path
    return Path(argument).stem.replace("_", " "), argument


def from_report(label, path, quantity):
    sizes, means, spreads = [], [], []
    for point in Report(path).expect_command("learning-curve").each("points"):
        values = [value.number(quantity) for value in point.each("values")]
        sizes.append(point.number("n_train"))
        means.append(point.number(f"{quantity}_mean"))
        spreads.append(statistics.stdev(values) if len(values) > 1 else 0.0)
    return Curve(label, sizes, means, spreads)


def from_table(label, path, quantity):
    """What `learning-curve --output` writes: of several targets the first."""
    table = Table(path, "n_train", "target", f"{quantity}_mean")
    targets = table.texts("target")
    kept = [i for i, target in enumerate(targets) if target == targets[0]]
    spreads = table.numbers("mae_std") if quantity == "mae" else [0.0] * len(targets)
    columns = table.numbers("n_train"), table.numbers(f"{quantity}_mean"), spreads
    return Curve(label, *([column[i] for i in kept] for column in columns))


def reference_curves(path):
    """A table of n_train and one column of errors (eV) per curve; cells may be empty."""
    table = Table(path, "n_train")
    sizes = table.numbers("n_train")
    for name in table.columns:
        if name != "n_train":
            cells = [(n, e) for n, e in zip(sizes, table.numbers(name, empty=-1.0)) if e > 0]
            yield Curve(name, *zip(*cells), [0.0] * len(cells)) if cells else Curve(name, [], [], [])


def shown(label):
    """As a legend has it."""
    return label.replace("d_J", "$d_J$")


def draw(axes, curves, references, factor):
    colours = {curve.label: i for i, curve in enumerate(curves)}
    for i, curve in enumerate(curves):
        axes.errorbar(curve.sizes, [factor * y for y in curve.means], [factor * s for s in curve.spreads], label=shown(curve.label),
                      color=style.COLOURS[i % 8], marker=style.MARKERS[i % 8], markersize=2.8, elinewidth=0.9, capsize=2.8, capthick=0.9,
                      zorder=3)
    for curve in references:
        # The published curve of a model has the colour of ours.
        i = colours.setdefault(curve.label, len(colours))
        axes.plot(curve.sizes, [factor * y for y in curve.means], "--", color=style.COLOURS[i % 8], marker=style.MARKERS[i % 8],
                  markerfacecolor="white", linewidth=0.8, markersize=3.5,
                  label=f"{shown(curve.label)}, {references.name}")


class References(list):
    """Curves of others, with the word for them in the legend."""

    def __init__(self, curves, name):
        super().__init__(curves)
        self.name = name


def scale_axes(axes, curves):
    axes.set_xscale("log")
    axes.set_yscale("log")
    sizes = sorted({n for curve in curves for n in curve.sizes})
    # Neighbouring labels need room; the smallest and the largest size are always told.
    low, high = sizes[0], sizes[-1]
    room = (high / low)**0.09
    kept = [low]
    for n in sizes[1:-1]:
        if n / kept[-1] > room and high / n > room:
            kept.append(n)
    style.ticks_at(axes.xaxis, sorted({*kept, high}))
    limits = style.outward(*axes.get_ylim())
    axes.set_ylim(limits)
    style.log_ticks(axes.yaxis, *limits)


def plot(options):
    read = [labelled(argument) for argument in options.inputs]
    curves = [(from_report if is_json(path) else from_table)(label, path, options.quantity) for label, path in read]
    references = References([c for path in options.reference for c in reference_curves(path)], options.reference_name)
    if options.only_matching:
        references[:] = [c for c in references if c.label in {curve.label for curve in curves}]
    many = len(curves) + len(references) > 5
    fig, axes = style.figure(5.0 if many else style.COLUMN, 3.0)
    draw(axes, curves, references, UNITS[options.unit])
    scale_axes(axes, curves + list(references))
    per = "" if options.quantity == "mae_per_structure" else "/atom"
    what = options.unit if options.quantity == "mae_per_structure" else f"{options.unit}{per}"
    axes.set_xlabel("training structures")
    axes.set_ylabel(f"{QUANTITIES[options.quantity]} ({what})" + (" per structure" if not per else ""))
    if many:
        axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    else:
        axes.legend()
    style.save(fig, options.output or "learning_curve")
