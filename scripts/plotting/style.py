# SPDX-License-Identifier: BSD-3-Clause
"""One look for all pictures: sizes of a journal's columns, colours that colour-blind readers tell apart, PNG and SVG."""
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402
from matplotlib.ticker import FuncFormatter, NullFormatter, NullLocator  # noqa: E402

from .inputs import InputError  # noqa: E402

COLUMN, PAGE = 3.4, 7.0  # inches: one and two columns of a journal
# Okabe and Ito's palette, in an order in which neighbours differ in brightness; yellow is too light for lines.
COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#7F7F7F"]
MARKERS = ["o", "s", "^", "D", "v", "P", "X", "h"]
GREY = "#7F7F7F"
SUFFIXES = (".png", ".svg", ".pdf")
MEV = 1000.0

plt.rcParams.update({
    "font.size": 8, "axes.labelsize": 8, "axes.titlesize": 8, "xtick.labelsize": 7, "ytick.labelsize": 7, "legend.fontsize": 7,
    "font.family": "sans-serif", "font.sans-serif": ["DejaVu Sans"], "mathtext.fontset": "dejavusans",
    "axes.linewidth": 0.6, "xtick.major.width": 0.6, "ytick.major.width": 0.6, "xtick.minor.width": 0.4, "ytick.minor.width": 0.4,
    "xtick.direction": "in", "ytick.direction": "in", "xtick.top": True, "ytick.right": True,
    "lines.linewidth": 1.2, "lines.markersize": 4, "errorbar.capsize": 2, "legend.frameon": False, "legend.handlelength": 2.2,
    "figure.dpi": 150, "savefig.dpi": 300, "svg.fonttype": "none", "svg.hashsalt": "soapstone", "pdf.fonttype": 42,
    "figure.constrained_layout.use": True})


def figure(width=COLUMN, height=2.7, columns=1, rows=1, **more):
    return plt.subplots(rows, columns, figsize=(width, height), **more)


def outputs(name):
    """The files that a name stands for: itself, or PNG and SVG where it has no suffix of a picture."""
    path = Path(name)
    return [path] if path.suffix in SUFFIXES else [path.with_name(path.name + suffix) for suffix in (".png", ".svg")]


def save(fig, name):
    """Writes the picture and tells where."""
    for path in outputs(name):
        # No date, so that equal data give equal files.
        metadata = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}}.get(path.suffix)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            fig.savefig(path, metadata=metadata)
        except OSError as error:
            raise InputError(f"{path}: cannot be written: {error.strerror or error}") from None
        print(path)
    plt.close(fig)


def bare(axes):
    """No ticks on the far sides: for bars and categories, where they mean nothing."""
    axes.tick_params(top=False, right=False, which="both")
    axes.spines["top"].set_visible(False)
    axes.spines["right"].set_visible(False)


def plain(value, _=None):
    """0.05, 1, 30, 2000: no powers of ten for numbers that are as short without."""
    return f"{value:g}"


def ticks_at(axis, values):
    """Labelled ticks at these values of a logarithmic axis and nowhere else."""
    axis.set_ticks(list(values))
    axis.set_major_formatter(FuncFormatter(plain))
    axis.set_minor_locator(NullLocator())
    axis.set_minor_formatter(NullFormatter())


def round_ticks(low, high):
    """Short numbers within the limits of a logarithmic axis; fewer where there are many."""
    for factors in (range(1, 10), (1, 2, 3, 5), (1, 2, 5), (1, 3), (1,)):
        found = [f * 10.0**k for k in range(-15, 16) for f in factors if low <= f * 10.0**k <= high]
        if len(found) <= 6:
            break
    return found


def outward(low, high):
    """The nearest short numbers outside of these limits, so that a logarithmic axis begins and ends with a label."""
    steps = [f * 10.0**k for k in range(-15, 16) for f in (1, 2, 3, 5)]
    return max(s for s in steps if s <= low * (1 + 1e-9)), min(s for s in steps if s >= high * (1 - 1e-9))


def log_ticks(axis, low, high):
    """Plain numbers on a logarithmic axis."""
    axis.set_ticks(round_ticks(low * (1 - 1e-9), high * (1 + 1e-9)))
    axis.set_major_formatter(FuncFormatter(plain))
    axis.set_minor_formatter(NullFormatter())
