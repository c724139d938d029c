# SPDX-License-Identifier: BSD-3-Clause
"""Predictions against references: parity with the histogram of errors, errors by element and by size."""
from collections import Counter

import numpy as np

from . import style
from .chemistry import atomic_number
from .inputs import InputError, Table, read_species

MANY = 3000  # more points than this are drawn as densities


class Predictions:
    """Columns of a predictions file, of the structures that have a reference; energies in eV."""

    def __init__(self, path):
        table = Table(path, "index", "n_atoms", "predicted", "reference", "error")
        known = [i for i, text in enumerate(table.texts("reference")) if text]
        if not known:
            raise InputError(f"{path}: no row has a 'reference': the predicted structures had no target")
        self.path = path
        self.index = np.array(table.numbers("index"), int)[known]
        self.atoms = np.array(table.numbers("n_atoms"))[known]
        self.predicted = np.array(table.numbers("predicted"))[known]
        self.reference = np.array(table.numbers("reference", empty=0.0))[known]
        if np.any(self.atoms < 1):
            raise InputError(f"{path}: 'n_atoms' is below 1")

    def errors(self):
        """eV/atom."""
        return (self.predicted - self.reference) / self.atoms

    def species(self, files):
        """Element symbols of every predicted structure."""
        frames = read_species(files)
        for index, atoms in zip(self.index, self.atoms):
            if not 0 <= index < len(frames):
                raise InputError(f"{files[0]}: {len(frames)} structures, but 'index' in {self.path} goes up to {self.index.max()}")
            if len(frames[index]) != atoms:
                raise InputError(f"{files[0]}: structure {index} has {len(frames[index])} atoms, 'n_atoms' in {self.path} is {atoms:g}: "
                                 "not the structures that were predicted")
        return [frames[index] for index in self.index]


def composition_fit(species, energies):
    """Least squares in the composition: the part of the energies that a sum over atoms explains."""
    elements = sorted({symbol for frame in species for symbol in frame}, key=atomic_number)
    counts = np.array([[frame.count(symbol) for symbol in elements] for frame in species], float)
    return counts @ np.linalg.lstsq(counts, energies, rcond=None)[0]


def draw_parity(fig, axes, x, y):
    low, high = min(x.min(), y.min()), max(x.max(), y.max())
    pad = 0.04 * (high - low) or 0.5
    limits = low - pad, high + pad
    axes.plot(limits, limits, color=style.GREY, linewidth=0.8, zorder=1)
    if len(x) > MANY:
        cells = axes.hexbin(x, y, gridsize=70, bins="log", mincnt=1, cmap="viridis", extent=(*limits, *limits), linewidths=0.1)
        fig.colorbar(cells, ax=axes, label="structures", shrink=0.8, aspect=25)
    else:
        axes.scatter(x, y, s=5, color=style.COLOURS[0], alpha=0.6, linewidths=0, zorder=2, rasterized=len(x) > 500)
    axes.set(xlim=limits, ylim=limits, aspect="equal")
    axes.locator_params(nbins=5)


def draw_histogram(axes, errors):
    """Errors in meV/atom; the few beyond 99 % are counted at the edges."""
    reach = max(np.quantile(np.abs(errors), 0.99), 1e-12)
    outside = int(np.sum(np.abs(errors) > reach))
    # An odd number of bins: the middle one is about zero, which a peak there needs.
    bins = np.linspace(-reach, reach, int(np.clip(1.5 * len(errors)**0.5, 11, 101)) // 2 * 2 + 2)
    heights, _, _ = axes.hist(errors, bins=bins, color=style.COLOURS[0])
    # Room for the text above the bars; the line at zero ends where they do.
    axes.set_ylim(0, 1.5 * max(heights))
    axes.axvline(0, ymax=1 / 1.5, color="black", linewidth=0.6, linestyle=":")
    text = (f"MAE {np.mean(np.abs(errors)):.3g} meV/atom\nRMSE {np.sqrt(np.mean(errors**2)):.3g} meV/atom\n"
            f"largest {np.abs(errors).max():.3g} meV/atom")
    axes.text(0.04, 0.96, text, transform=axes.transAxes, va="top", linespacing=1.3)
    axes.text(0.96, 0.96, f"{len(errors)} structures\n{outside} not shown", transform=axes.transAxes, va="top", ha="right",
              linespacing=1.3)
    axes.set(xlabel="error (meV/atom)", ylabel="structures")
    axes.yaxis.get_major_locator().set_params(integer=True)
    style.bare(axes)


def parity(options):
    predictions = Predictions(options.inputs[0])
    shift = np.zeros(len(predictions.atoms))
    if options.structures:
        shift = composition_fit(predictions.species(options.structures), predictions.reference)
    fig, (left, right) = style.figure(style.PAGE * 0.86, 2.8, columns=2)
    draw_parity(fig, left, (predictions.reference - shift) / predictions.atoms, (predictions.predicted - shift) / predictions.atoms)
    beyond = " beyond composition" if options.structures else ""
    left.set(xlabel=f"reference{beyond} (eV/atom)", ylabel=f"predicted{beyond} (eV/atom)")
    draw_histogram(right, style.MEV * predictions.errors())
    style.save(fig, options.output or "parity")


def by_element(species, errors):
    """Symbol: absolute errors of the structures that contain it, by atomic number."""
    found = {}
    for frame, error in zip(species, errors):
        for symbol in set(frame):
            found.setdefault(symbol, []).append(error)
    return dict(sorted(found.items(), key=lambda item: atomic_number(item[0])))


def draw_elements(axes, groups, mean):
    """Mean absolute error per element, with the standard error of the mean; numbers of structures in the bars."""
    at = np.arange(len(groups))
    means = np.array([np.mean(e) for e in groups.values()])
    errors = np.array([np.std(e) / len(e)**0.5 for e in groups.values()])
    axes.bar(at, means, yerr=errors, color=style.COLOURS[0], width=0.7, error_kw={"linewidth": 0.6, "capsize": 1.2})
    axes.axhline(mean, color=style.COLOURS[1], linewidth=0.8, linestyle="--", label=f"all structures: {mean:.3g}")
    top = (means + errors).max()
    for x, mean_of_one, deviation, e in zip(at, means, errors, groups.values()):
        inside = mean_of_one - deviation > 0.25 * top
        axes.text(x, 0.02 * top if inside else mean_of_one + deviation + 0.02 * top, str(len(e)), rotation=90, ha="center", va="bottom",
                  fontsize=6, color="white" if inside else "#404040")
    axes.set_xticks(at, groups, rotation=0 if len(groups) < 30 else 90)
    axes.tick_params(axis="x", length=0)
    axes.set(ylim=(0, 1.3 * top), xlim=(-0.6, len(groups) - 0.4), xlabel="structures that contain", ylabel="MAE (meV/atom)")
    axes.legend(loc="upper right")
    style.bare(axes)


def size_bins(atoms):
    """Limits of at most twelve ranges of sizes with about as many structures in each."""
    sizes = Counter(atoms.astype(int))
    if len(sizes) <= 12:
        return [(n, n) for n in sorted(sizes)]
    limits, within, first = [], 0, min(sizes)
    for n in sorted(sizes):
        within += sizes[n]
        if within >= len(atoms) / 12:
            limits.append((first, n))
            within, first = 0, n + 1
    if within:  # too few for a range of their own
        limits[-1] = limits[-1][0], max(sizes)
    return limits


def draw_sizes(axes, atoms, errors):
    limits = size_bins(atoms)
    groups = [errors[(atoms >= low) & (atoms <= high)] for low, high in limits]
    box = axes.boxplot(groups, positions=range(len(groups)), whis=(5, 95), showfliers=False, patch_artist=True, widths=0.6, showmeans=True,
                       meanprops={"marker": "D", "markersize": 3, "markerfacecolor": style.COLOURS[1], "markeredgewidth": 0},
                       medianprops={"color": "black", "linewidth": 1})
    for patch in box["boxes"]:
        patch.set(facecolor="#9FC9E3", linewidth=0.6)
    labels = [f"{low}" if low == high else f"{low}–{high}" for low, high in limits]
    axes.set_xticks(range(len(groups)), labels, rotation=0 if len(groups) < 7 else 90)
    axes.set(xlabel="atoms per structure", ylabel="absolute error (meV/atom)")
    axes.set_ylim(0, axes.get_ylim()[1])
    axes.legend([box["means"][0], box["medians"][0]], ["mean", "median"], loc="upper right", handlelength=1.2)
    style.bare(axes)


def errors(options):
    predictions = Predictions(options.inputs[0])
    absolute = style.MEV * np.abs(predictions.errors())
    groups = by_element(predictions.species(options.structures), absolute)
    # The more elements, the more of the page they get.
    share = float(np.clip(0.12 * len(groups), 1, 2.6))
    fig, (left, right) = style.figure(style.PAGE, 2.7, columns=2, gridspec_kw={"width_ratios": [share, 1]})
    draw_elements(left, groups, absolute.mean())
    draw_sizes(right, predictions.atoms, absolute)
    style.save(fig, options.output or "errors")
