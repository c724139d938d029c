# SPDX-License-Identifier: BSD-3-Clause
"""Plots a data set before training, from a report of `inspect`: sizes, elements, contacts, energies, forces."""
import numpy as np
from matplotlib.ticker import MaxNLocator

from . import style
from .inputs import InputError, Report

MOST_ELEMENTS = 12
SEVERITIES = {"fault": "wrong", "warning": "warning", "note": "to note"}


def bars(axes, histogram, colour, **labels):
    """Draws a histogram from the counts in the report."""
    counts = np.array(histogram.numbers("counts"))
    edges = np.linspace(histogram.number("low"), histogram.number("high"), len(counts) + 1)
    axes.bar(edges[:-1], counts, np.diff(edges), align="edge", color=colour)
    style.bare(axes)
    axes.set(ylabel="structures", ylim=(0, None), **labels)
    if counts.max() > 100 * np.median(counts[counts > 0]):
        axes.set(yscale="log", ylim=(0.7, None))


def draw_elements(axes, rows):
    found = sorted(((row.get("symbol"), row.number("structures")) for row in rows), key=lambda one: -one[1])
    shown = found[:MOST_ELEMENTS]
    axes.bar(range(len(shown)), [count for _, count in shown], color=style.COLOURS[2])
    axes.set_xticks(range(len(shown)), [symbol for symbol, _ in shown])
    style.bare(axes)
    more = f", {len(found) - len(shown)} more" if len(found) > len(shown) else ""
    axes.set(xlabel=f"element{more}", ylabel="structures", yscale="log" if found[0][1] > 30 * shown[-1][1] else "linear")
    if axes.get_yscale() == "linear":
        axes.set_ylim(bottom=0)


def draw_order(axes, energies):
    """Draws the median and the range of the energies of consecutive frames against their place in the files."""
    rows = np.array(energies.get("order", list), float)
    axes.fill_between(rows[:, 0], rows[:, 1], rows[:, 3], color=style.COLOURS[5], alpha=0.5, linewidth=0, step="post", label="range")
    axes.plot(rows[:, 0], rows[:, 2], color=style.COLOURS[0], drawstyle="steps-post", label="median")
    spread = energies.number("deviation")
    middle = np.median(rows[:, 2])
    if spread > 0:  # outliers do not decide the axis
        low, high = np.min(rows[:, 1]), np.max(rows[:, 3])
        axes.set_ylim(max(low, middle - 15 * spread), min(high, middle + 15 * spread) + 1e-9)
    axes.set(xlabel="frame in the files", ylabel="energy beyond\ncomposition (eV/atom)", xlim=(0, None))
    axes.xaxis.set_major_locator(MaxNLocator(3))
    axes.legend(loc="upper right", ncols=2)


def nothing(axes, text):
    axes.text(0.5, 0.5, text, ha="center", va="center", color=style.GREY, transform=axes.transAxes)
    axes.set_axis_off()


def data_check(options):
    report = Report(options.inputs[0]).expect_command("inspect")
    if "structures" not in report.node:
        raise InputError(f"{report.path}: no key 'structures': this picture needs a report of inspect on structures")
    structures = report.below("structures")
    fig, axes = style.figure(style.PAGE, 4.4, columns=3, rows=2)
    bars(axes[0, 0], structures.below("size_histogram"), style.COLOURS[0], xlabel="atoms per structure")
    draw_elements(axes[0, 1], structures.each("elements"))
    if structures.get("closest"):
        bars(axes[0, 2], structures.below("closest_histogram"), style.COLOURS[4], xlabel="closest atoms / sum of radii")
        axes[0, 2].axvline(0.6, color=style.GREY, linestyle="--")
    else:
        nothing(axes[0, 2], "no neighbours")
    if report.node.get("energies") and report.below("energies").get("order"):
        energies = report.below("energies")
        bars(axes[1, 0], energies.below("histogram"), style.COLOURS[1], xlabel="energy beyond composition (eV/atom)")
        draw_order(axes[1, 1], energies)
    else:
        for one in axes[1, :2]:
            nothing(one, "no energies")
    if report.node.get("forces"):
        bars(axes[1, 2], report.below("forces").below("histogram_log10"), style.COLOURS[3], xlabel=r"$\log_{10}$ of the largest force (eV/Å)")
    else:
        nothing(axes[1, 2], "no forces")
    found = [row.get("severity") for row in map(lambda row: Report(report.path, row), report.get("findings", list))]
    words = ", ".join(f"{found.count(kind)} {name}" for kind, name in SEVERITIES.items() if kind in found)
    fig.suptitle(f"{int(report.number('frames'))} structures, {int(report.number('atoms'))} atoms" + (f"; {words}" if words else ""), fontsize=8)
    style.save(fig, options.output or "data-check")
