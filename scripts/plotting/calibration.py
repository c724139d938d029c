# SPDX-License-Identifier: BSD-3-Clause
"""Error bars against errors: do predictions err as much as their error bars say?"""
import math

import numpy as np

from . import style
from .inputs import InputError, Table, number


class Bars:
    """Absolute errors and error bars of the structures that have a reference, in meV/atom."""

    def __init__(self, path):
        table = Table(path, "n_atoms", "error", "uncertainty")
        known = [i for i, text in enumerate(table.texts("error")) if text]
        if len(known) < 10:
            raise InputError(f"{path}: {len(known)} rows have an 'error'; it takes 10 to see anything")
        sizes = np.array(table.numbers("n_atoms"))[known]
        errors = np.array([number(table.texts("error")[i], path, f"error, row {i + 1}") for i in known])
        self.errors = style.MEV * np.abs(errors) / sizes
        self.bars = style.MEV * np.array(table.numbers("uncertainty"))[known] / sizes
        if np.any(self.bars <= 0):
            raise InputError(f"{path}: an 'uncertainty' is not above 0")

    def bins(self):
        """Root mean squares of bars and errors, and the standard error of the latter, of up to ten bins."""
        order = np.argsort(self.bars, kind="stable")
        for part in np.array_split(order, min(10, len(order) // 10)):
            squares = self.errors[part]**2
            mean = squares.mean()
            # d sqrt(mean) = d mean / (2 sqrt(mean))
            spread = squares.std() / math.sqrt(len(part)) / (2 * math.sqrt(mean)) if mean > 0 else 0
            yield math.sqrt(np.mean(self.bars[part]**2)), math.sqrt(mean), spread


def draw_scatter(axes, data):
    errors = np.maximum(data.errors, 1e-3 * np.median(data.errors))
    axes.scatter(data.bars, errors, s=3, color=style.COLOURS[7], alpha=0.35, linewidths=0, rasterized=len(errors) > 1000)
    bars, means, spreads = np.array(list(data.bins())).T
    axes.errorbar(bars, means, yerr=np.minimum(spreads, 0.9 * means), fmt="o-", color=style.COLOURS[0], label="root mean square in tenths")
    limits = np.array([0.8 * data.bars.min(), 1.25 * data.bars.max()])
    axes.plot(limits, limits, color=style.COLOURS[1], linewidth=0.8, linestyle="--", label="error bars hold", zorder=1)
    low = np.quantile(errors, 0.02)
    axes.set(xscale="log", yscale="log", xlim=limits, ylim=(0.8 * low, 4 * errors.max()), xlabel="error bar (meV/atom)",
             ylabel="|error| (meV/atom)")
    style.log_ticks(axes.xaxis, *limits)
    style.log_ticks(axes.yaxis, *axes.get_ylim())
    axes.legend(loc="upper left")


def draw_coverage(axes, data):
    """Share of errors within a multiple of the error bar, against that of a normal distribution."""
    multiples = np.linspace(0, 4, 161)
    ratios = data.errors / data.bars
    axes.plot(multiples, [np.mean(ratios <= m) for m in multiples], color=style.COLOURS[0], label=f"{len(ratios)} predictions")
    axes.plot(multiples, [math.erf(m / math.sqrt(2)) for m in multiples], color=style.COLOURS[1], linestyle="--", linewidth=0.8,
              label="normal distribution")
    for multiple in (1, 2):
        share = np.mean(ratios <= multiple)
        axes.plot([multiple], [share], "o", color=style.COLOURS[0])
        # On white, since the normal distribution's line may pass there.
        axes.annotate(f"{100 * share:.0f} %", (multiple, share), xytext=(5, -10), textcoords="offset points",
                      bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8})
    axes.set(xlim=(0, 4), ylim=(0, 1.02), xlabel="|error| / error bar", ylabel="share of predictions within")
    axes.legend(loc="lower right")


def calibration(options):
    data = Bars(options.inputs[0])
    fig, (left, right) = style.figure(style.PAGE * 0.86, 2.8, columns=2)
    draw_scatter(left, data)
    draw_coverage(right, data)
    style.save(fig, options.output or "calibration")
