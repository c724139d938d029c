# SPDX-License-Identifier: BSD-3-Clause
"""The table of a search: heat map over two keys, line over one; λ and all other keys at their best."""
import math

import matplotlib
import numpy as np

from . import style
from .inputs import InputError, Report, Table, is_json

LAMBDA = "regression.regularization"
# Plain letters: symbols set as mathematics come apart in viewers of SVG that lack the font.
NAMES = {"soap.cutoff": "cutoff (Å)", "soap.gaussian-width": "Gaussian width σ (Å)", "soap.n-max": "radial functions n", "soap.l-max": "largest l",
         "soap.central-weight": "central weight u₀", "radial-scaling.scale": "scale r₀ (Å)", "radial-scaling.exponent": "exponent m",
         "radial-scaling.rate": "rate c", "species.sigma-electronegativity": "width in electronegativity",
         "species.sigma-radius": "width in radius (Å)", "species.channels": "channels", "kernel.zeta": "ζ", LAMBDA: "regularisation λ"}


class Row:
    """A point of a search with one λ: values of the keys and its error, None where it failed."""

    def __init__(self, rung, structures, keys, error):
        self.rung, self.structures, self.keys, self.error = rung, structures, keys, error


def value(text):
    """Numbers as numbers, so that 2 and 2.0 are one value."""
    try:
        return float(text)
    except (TypeError, ValueError):
        return str(text)


def from_report(path, score):
    rows = []
    for row in Report(path).expect_command("search").each("table"):
        failed = row.get("error", fallback=None)
        keys = {key: value(v) for key, v in row.get("keys", dict).items()}
        rows.append(Row(int(row.number("rung")), int(row.number("n_structures")), keys, None if failed else row.number(score)))
    return rows


def from_table(path, score):
    table = Table(path, "rung", "structures", "point", "lambda", score, "error")
    names = table.columns[table.at("point") + 1:table.at("lambda")]
    keys = [dict(zip(names, map(value, cells))) for cells in zip(*(table.texts(name) for name in names))]
    scores = table.numbers(score, empty=math.inf)
    failed = table.texts("error")
    return [Row(int(r), int(n), k, None if message or not math.isfinite(s) else s)
            for r, n, k, s, message in zip(table.numbers("rung"), table.numbers("structures"), keys, scores, failed)]


def ordered(values):
    return sorted(set(values), key=lambda v: (isinstance(v, str), v))


def choose_axes(rows, options):
    """The keys to draw against: those asked for, or the first two that vary, λ last."""
    varying = [key for key in rows[0].keys if len({row.keys.get(key) for row in rows}) > 1]
    varying.sort(key=lambda key: key == LAMBDA)
    for asked in (options.x, options.y):
        if asked and asked not in rows[0].keys:
            raise InputError(f"{options.inputs[0]}: no key '{asked}' in the search; it has {', '.join(rows[0].keys)}")
    free = [key for key in varying if key not in (options.x, options.y)]
    x = options.x or (free.pop(0) if free else next(iter(rows[0].keys)))
    # λ is an axis only where it is all that is left for the first one.
    free = [key for key in free if key != LAMBDA]
    return x, options.y or (free[0] if free else None)


def best_by(rows, keys):
    """{values of keys: smallest error, None where all failed}."""
    found = {}
    for row in rows:
        at = tuple(row.keys[key] for key in keys)
        known = found.get(at)
        found[at] = known if row.error is None else row.error if known is None else min(known, row.error)
    return found


def number_label(v):
    return v if isinstance(v, str) else f"{v:.3g}"


def draw_map(fig, axes, rows, x, y, label):
    best = best_by(rows, (x, y))
    xs, ys = ordered(k[0] for k in best), ordered(k[1] for k in best)
    grid = np.full((len(ys), len(xs)), np.nan)
    for (a, b), error in best.items():
        if error is None:
            axes.text(xs.index(a), ys.index(b), "failed", ha="center", va="center", fontsize=6, color=style.GREY)
        else:
            grid[ys.index(b), xs.index(a)] = style.MEV * error
    if np.isnan(grid).all():
        raise InputError("every point of the search failed")
    axes.set_facecolor("#F2F2F2")
    spread = np.nanmax(grid) / np.nanmin(grid)
    norm = matplotlib.colors.LogNorm() if spread > 4 else None
    image = axes.imshow(grid, origin="lower", aspect="auto", cmap="viridis_r", norm=norm)
    numbers = grid.size <= 120
    decimals = max(0, 2 - int(np.floor(np.log10(np.nanmin(grid))))) if np.nanmin(grid) > 0 else 2  # three digits of the best
    for (j, i), v in np.ndenumerate(grid):
        if numbers and not np.isnan(v):
            red, green, blue, _ = image.cmap(image.norm(v))
            light = 0.3 * red + 0.59 * green + 0.11 * blue > 0.4
            best_one = v == np.nanmin(grid)
            axes.text(i, j, f"{v:.{decimals + best_one}f}", ha="center", va="center", fontsize=6, color="black" if light else "white",
                      fontweight="bold" if best_one else "normal")
    j, i = np.unravel_index(np.nanargmin(grid), grid.shape)
    axes.add_patch(matplotlib.patches.Rectangle((i - 0.5, j - 0.5), 1, 1, fill=False, edgecolor=style.COLOURS[1], linewidth=1.8, clip_on=False,
                                                label=f"smallest error: {grid[j, i]:.4g}"))
    axes.set_xticks(range(len(xs)), map(number_label, xs), rotation=0 if len(xs) <= 10 else 90)
    axes.set_yticks(range(len(ys)), map(number_label, ys))
    axes.tick_params(length=0)
    axes.set_ylabel(NAMES.get(y, y))
    axes.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), borderpad=0.1, handlelength=1)
    bar = fig.colorbar(image, ax=axes, label=f"{label}; darker = larger")
    if norm:
        style.log_ticks(bar.ax.yaxis, np.nanmin(grid), np.nanmax(grid))
    return {x: xs[i], y: ys[j]}


def draw_line(axes, rows, x, label):
    best = {k[0]: error for k, error in best_by(rows, (x,)).items() if error is not None}
    if not best:
        raise InputError("every point of the search failed")
    xs = ordered(best)
    errors = [style.MEV * best[v] for v in xs]
    words = any(isinstance(v, str) for v in xs)
    at = range(len(xs)) if words else xs
    axes.plot(at, errors, "-o", color=style.COLOURS[0])
    i = int(np.argmin(errors))
    axes.plot([list(at)[i]], [errors[i]], "o", markersize=9, markerfacecolor="none", color=style.COLOURS[1],
              label=f"best: {errors[i]:.4g} at {number_label(xs[i])}")
    if words:
        axes.set_xticks(at, xs)
    elif xs[0] > 0 and xs[-1] / xs[0] > 50:
        axes.set_xscale("log")
    axes.set_ylabel(label)
    axes.legend()
    return {x: xs[i]}


def plot(options):
    path = options.inputs[0]
    rows = (from_report if is_json(path) else from_table)(path, options.quantity)
    rungs = sorted({row.rung for row in rows})
    rung = options.rung or rungs[0]
    if rung not in rungs:
        raise InputError(f"{path}: no rung {rung}; it has {', '.join(map(str, rungs))}")
    rows = [row for row in rows if row.rung == rung]
    x, y = choose_axes(rows, options)
    label = f"{options.quantity.upper()} (meV/atom)"
    fig, axes = style.figure(style.COLUMN if y is None else 4.2, 2.7 if y is None else 3.1)
    best = draw_line(axes, rows, x, label) if y is None else draw_map(fig, axes, rows, x, y, label)
    others = [NAMES.get(key, key) for key in rows[0].keys if key not in best and len({row.keys[key] for row in rows}) > 1]
    axes.set_xlabel(NAMES.get(x, x))
    if others:
        axes.set_title("at the best " + ", ".join(others), loc="left", fontsize=7)
    style.save(fig, options.output or "search")
