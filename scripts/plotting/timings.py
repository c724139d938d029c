# SPDX-License-Identifier: BSD-3-Clause
"""Plots the seconds of the stages of a run, and of several runs against their numbers of ranks."""
import math

import numpy as np

from . import style
from .inputs import InputError, Report
from .learning import labelled


class Times:
    """Seconds of each stage, the slowest and the fastest rank's, and the rate of those that have one."""

    def __init__(self, label, path):
        report = Report(path)
        report.get("command")
        self.label, self.path = label, path
        self.ranks = int(report.number("ranks"))
        self.slowest, self.fastest, self.rates = {}, {}, {}
        for stage in report.each("stages"):
            name = str(stage.get("name"))
            seconds = stage.get("seconds")
            slow, fast = [stage.below("seconds").number(k) for k in ("max", "min")] if isinstance(seconds, dict) \
                else [stage.number("seconds")] * 2
            self.slowest[name] = self.slowest.get(name, 0) + slow
            self.fastest[name] = self.fastest.get(name, 0) + fast
            if stage.get("gflops", fallback=None) is not None:
                self.rates[name] = f"{stage.number('gflops'):.3g} GFLOP/s"
            elif stage.get("items_per_second", fallback=None) is not None:
                self.rates[name] = f"{rounded(stage.number('items_per_second'))} {stage.get('item', fallback='')}/s"

    def total(self):
        return sum(self.slowest.values())


def rounded(value):
    """Three digits, without powers of ten."""
    return f"{value:.3g}" if value < 1000 else f"{round(value, -int(np.floor(np.log10(value))) + 2):.0f}"


def seconds_text(s):
    return f"{s:.0f} s" if s >= 100 else f"{s:.3g} s" if s >= 0.1 else f"{1000 * s:.2g} ms"


def one_run(times):
    """Draws a bar for each stage. Its light end is the time that the fastest rank did not need."""
    names = list(times.slowest)
    fig, axes = style.figure(4.4, 0.8 + 0.24 * len(names))
    slow = np.array([times.slowest[n] for n in names])
    fast = np.array([times.fastest[n] for n in names])
    at = np.arange(len(names))
    axes.barh(at, slow, color="#9FC9E3", height=0.65, label="slowest rank")
    axes.barh(at, fast, color=style.COLOURS[0], height=0.65, label="fastest rank")
    for y, s, name in zip(at, slow, names):
        rate = f"  ({times.rates[name]})" if name in times.rates else ""
        axes.text(s + 0.015 * slow.max(), y, seconds_text(s) + rate, va="center", fontsize=6)
    axes.set_yticks(at, names)
    axes.invert_yaxis()
    axes.set(xlim=(0, 1.6 * slow.max()), xlabel=f"seconds, {times.ranks} {'rank' if times.ranks == 1 else 'ranks'}, "
             f"{seconds_text(times.total())} together")
    axes.tick_params(axis="y", length=0)
    style.bare(axes)
    if times.ranks > 1:
        axes.legend(loc="lower right")
    return fig


# Neither black nor grey: those are all stages together, and the rest.
STAGE_COLOURS = style.COLOURS[:6] + ["#882255"]


def stage_colours(runs):
    """The stages that take most, in the order of the runs, as many as there are colours; the others, and those below 2 %, are one."""
    names = list(dict.fromkeys(name for run in runs for name in run.slowest))
    share = {name: max(run.slowest.get(name, 0) / run.total() for run in runs) for name in names}
    largest = sorted(names, key=share.get, reverse=True)[:len(STAGE_COLOURS)]
    kept = [name for name in names if name in largest and share[name] > 0.02]
    return dict(zip(kept, STAGE_COLOURS)), [name for name in names if name not in kept]


def draw_bars(axes, runs, labels):
    colours, rest = stage_colours(runs)
    at = np.arange(len(runs))
    bottom = np.zeros(len(runs))
    for name, colour in colours.items():
        heights = np.array([run.slowest.get(name, 0) for run in runs])
        axes.bar(at, heights, bottom=bottom, color=colour, width=0.65, label=name)
        bottom += heights
    others = np.array([sum(run.slowest.get(n, 0) for n in rest) for run in runs])
    if rest:
        axes.bar(at, others, bottom=bottom, color="#D0D0D0", width=0.65, label="other stages")
    for x, y in zip(at, bottom + others):
        axes.text(x, y, seconds_text(y), ha="center", va="bottom", fontsize=6)
    axes.set_xticks(at, labels, rotation=0 if max(map(len, labels)) < 12 else 20)
    axes.set(ylabel="seconds (slowest rank)", ylim=(0, 1.1 * (bottom + others).max()))
    axes.tick_params(axis="x", length=0)
    style.bare(axes)


def legend_of_bars(axes):
    """Beside the bars, in their order."""
    handles, names = axes.get_legend_handles_labels()
    axes.legend(handles[::-1], names[::-1], loc="center left", bbox_to_anchor=(1.0, 0.5))


def draw_speed_up(axes, runs):
    """Time of the run with fewest ranks over that of each, stage by stage and together."""
    ranks = np.array([run.ranks for run in runs], float)
    axes.plot(ranks, ranks / ranks[0], color=style.GREY, linewidth=0.8, linestyle="--", label="ideal")
    colours, _ = stage_colours(runs)
    for i, (name, colour) in enumerate(colours.items()):
        # The times of short stages say nothing about how they scale.
        if all(run.slowest.get(name, 0) > 0 for run in runs) and runs[0].slowest[name] > 0.02 * runs[0].total():
            axes.plot(ranks, [runs[0].slowest[name] / run.slowest[name] for run in runs], color=colour, marker=style.MARKERS[i % 8],
                      markersize=3, linewidth=0.8, label=name)
    axes.plot(ranks, [runs[0].total() / run.total() for run in runs], "k-o", markersize=4.5, linewidth=1.6, label="all stages")
    axes.set_xscale("log", base=2)
    axes.set_yscale("log", base=2)
    style.ticks_at(axes.xaxis, ranks)
    low, high = axes.get_ylim()
    if low < 1:  # slower with more ranks: a label below tells how much
        low = 2.0**math.floor(math.log2(low))
        axes.set_ylim(bottom=low)
    powers = [2.0**k for k in range(-8, 16) if low <= 2.0**k <= high]
    style.ticks_at(axes.yaxis, powers[::1 + len(powers) // 8])
    axes.set(xlabel="ranks", ylabel="speed-up")


def legend_of_both(bars, lines):
    """One legend for bars and lines, which have the same colours: every stage once, as a line where it has one."""
    handles = dict(zip(*bars.get_legend_handles_labels()[::-1]))
    handles.update(zip(*lines.get_legend_handles_labels()[::-1]))
    order = [name for name in handles if name not in ("all stages", "ideal")][::-1] + ["all stages", "ideal"]
    lines.legend([handles[name] for name in order], order, loc="center left", bbox_to_anchor=(1.0, 0.5))


def plot(options):
    runs = [Times(*labelled(argument)) for argument in options.inputs]
    if any(run.total() <= 0 for run in runs):
        raise InputError(f"{next(run.path for run in runs if run.total() <= 0)}: the stages took no time")
    if len(runs) == 1:
        fig = one_run(runs[0])
    elif len({run.ranks for run in runs}) == len(runs):
        runs.sort(key=lambda run: run.ranks)
        fig, (left, right) = style.figure(style.PAGE, 2.6, columns=2, gridspec_kw={"width_ratios": [1.1, 1]})
        draw_bars(left, runs, [str(run.ranks) for run in runs])
        left.set_xlabel("ranks")
        draw_speed_up(right, runs)
        legend_of_both(left, right)
    else:
        fig, axes = style.figure(1.9 + 0.7 * len(runs), 2.7)
        draw_bars(axes, runs, [run.label for run in runs])
        legend_of_bars(axes)
    style.save(fig, options.output or "stages")
