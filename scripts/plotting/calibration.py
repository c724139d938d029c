# SPDX-License-Identifier: BSD-3-Clause
"""Error bars against errors: do predictions err as much as their error bars say?"""
import math

import numpy as np

from . import style
from .inputs import InputError, Table, number


SHARE, WIDE_SHARE = math.erf(math.sqrt(0.5)), 0.95  # of errors within an error bar, and within the wide interval


class Bars:
    """Absolute errors and error bars of the structures that have a reference, in meV/atom."""

    def __init__(self, path):
        table = Table(path, "n_atoms", "error", "uncertainty")
        known = [i for i, text in enumerate(table.texts("error")) if text]
        if len(known) < 10:
            raise InputError(f"{path}: {len(known)} rows have an 'error', but at least 10 are needed")
        sizes = np.array(table.numbers("n_atoms"))[known]
        errors = np.array([number(table.texts("error")[i], path, f"error, row {i + 1}") for i in known])
        self.errors = style.MEV * np.abs(errors) / sizes
        self.bars = style.MEV * np.array(table.numbers("uncertainty"))[known] / sizes
        if np.any(self.bars <= 0):
            raise InputError(f"{path}: an 'uncertainty' is not above 0")
        self.wide = None  # the interval of 95 %, in error bars: the same for all structures
        if "interval_95" in table.columns:
            self.wide = float(np.median(np.array(table.numbers("interval_95"))[known] * style.MEV / sizes / self.bars))

    def bins(self, share):
        """Median of bars, and the errors that a share is below with the limits of one standard deviation, of up to ten bins."""
        order = np.argsort(self.bars, kind="stable")
        for part in np.array_split(order, min(10, len(order) // 10)):
            errors, n = np.sort(self.errors[part]), len(part)
            # The number of errors below a quantile is binomial.
            spread = math.sqrt(share * (1 - share) / n)
            ranks = [min(max(math.ceil(n * (share + shift)), 1), n) - 1 for shift in (0, -spread, spread)]
            yield (np.median(self.bars[part]), *errors[ranks])


def draw_quantiles(axes, data, share, factor, colour):
    """Draws the error below which a share of each tenth of the predictions lies, beside the line where it should be."""
    limits = np.array([0.8 * data.bars.min(), 1.25 * data.bars.max()])
    name = "error bar" if factor == 1 else f"{factor:.1f} error bars"
    axes.plot(limits, factor * limits, color=colour, linewidth=0.8, linestyle="--", zorder=1)
    bars, values, low, high = np.array(list(data.bins(share))).T
    axes.errorbar(bars, values, yerr=[values - low, high - values], fmt="o", color=colour,
                  label=f"{100 * share:.0f} % quantile (line: {name})")


def draw_scatter(axes, data):
    errors = np.maximum(data.errors, 1e-3 * np.median(data.errors))
    axes.scatter(data.bars, errors, s=3, color=style.COLOURS[7], alpha=0.35, linewidths=0, rasterized=len(errors) > 500)
    draw_quantiles(axes, data, SHARE, 1, style.COLOURS[0])
    if data.wide:
        draw_quantiles(axes, data, WIDE_SHARE, data.wide, style.COLOURS[1])
    limits = np.array([0.8 * data.bars.min(), 1.25 * data.bars.max()])
    low = np.quantile(errors, 0.02)
    axes.set(xscale="log", yscale="log", xlim=limits, ylim=(0.8 * low, 8 * errors.max()), xlabel="error bar (meV/atom)",
             ylabel="|error| (meV/atom)")
    style.log_ticks(axes.xaxis, *limits)
    style.log_ticks(axes.yaxis, *axes.get_ylim())
    axes.legend(loc="upper left")


def draw_coverage(axes, data):
    """Share of errors within a multiple of the error bar: what it should be at the bars, and a normal distribution's."""
    last = max(4, 1.3 * data.wide) if data.wide else 4
    multiples = np.linspace(0, last, 201)
    ratios = data.errors / data.bars
    axes.plot(multiples, [np.mean(ratios <= m) for m in multiples], color=style.COLOURS[0], label=f"{len(ratios)} predictions")
    axes.plot(multiples, [math.erf(m / math.sqrt(2)) for m in multiples], color=style.COLOURS[7], linestyle="--", linewidth=0.8,
              label="normal distribution")
    nominal = [(1, SHARE)] + ([(data.wide, WIDE_SHARE)] if data.wide else [])
    axes.plot(*np.array(nominal).T, "o", markerfacecolor="none", color=style.COLOURS[1], markersize=7, label="nominal")
    for multiple, share in nominal:
        found = np.mean(ratios <= multiple)
        axes.plot([multiple], [found], "o", color=style.COLOURS[0], markersize=3)
        axes.annotate(f"{100 * found:.0f} % ({100 * share:.0f})", (multiple, share), xytext=(7, -12), textcoords="offset points",
                      bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8})
    axes.set(xlim=(0, last), ylim=(0, 1.02), xlabel="|error| / error bar", ylabel="share of predictions within")
    # Far too small error bars leave the curve at the bottom.
    axes.legend(loc="lower right" if np.mean(ratios <= 0.6 * last) > 0.5 else "center right")


def calibration(options):
    data = Bars(options.inputs[0])
    fig, (left, right) = style.figure(style.PAGE * 0.86, 2.8, columns=2)
    draw_scatter(left, data)
    draw_coverage(right, data)
    style.save(fig, options.output or "calibration")
