# SPDX-License-Identifier: BSD-3-Clause
"""What is learnt about the elements: their map in the principal axes of u, and the periodic table coloured by u.

κ = uᵀu does not change when the channels are rotated, so pictures and numbers are made of what does not either: with the
singular values, u = W Σ Vᵀ, the rows of Σ Vᵀ are a coupling with the same κ whose channels are the principal axes.
"""
import matplotlib
import numpy as np
from matplotlib.patches import FancyBboxPatch

from . import style
from .chemistry import SYMBOLS, colours_of, groups_of, place
from .inputs import Coupling, InputError


def principal_axes(u):
    """u in its principal axes (channels x elements), each with its largest entry positive, and the share of trace κ of each."""
    _, values, rows = np.linalg.svd(np.asarray(u, float), full_matrices=False)
    axes = values[:, None] * rows
    signs = np.sign(axes[np.arange(len(axes)), np.abs(axes).argmax(axis=1)])
    return np.where(signs == 0, 1, signs)[:, None] * axes, values**2 / max(np.sum(values**2), 1e-300)


def axis_label(axes, share, k):
    return f"principal axis {k + 1} ({100 * share[k]:.0f} % of tr κ)" if k < len(axes) else ""


def spread_labels(fig, axes, points, texts):
    """Moves labels apart, a little at a time, until none overlaps another or a point."""
    fig.canvas.draw()
    renderer = fig.canvas.get_renderer()
    # Radius of a point and some air, in pixels.
    pixel, radius = fig.dpi / 72, 2.6 * fig.dpi / 72
    dots = axes.transData.transform(points)
    boxes = [text.get_window_extent(renderer) for text in texts]
    half = np.array([[box.width, box.height] for box in boxes]) / 2
    centres = dots + np.array([0.0, 1.0]) * (half[:, 1] + radius)[:, None]
    for _ in range(500):
        moves = np.zeros_like(centres)
        for i in range(len(centres)):
            for others, other_half, own in ((centres, half, i), (dots, np.full_like(half, radius), -1)):
                gap = centres[i] - others
                overlap = half[i] + other_half - np.abs(gap)
                hit = np.all(overlap > 0, axis=1)
                if own >= 0:
                    hit[own] = False
                for j in np.nonzero(hit)[0]:
                    # Along the axis where less is needed; ties by number, so that the picture is always the same.
                    along = 0 if overlap[j, 0] < overlap[j, 1] else 1
                    moves[i, along] += 0.5 * overlap[j, along] * (np.sign(gap[j, along]) or (1 if i > j else -1))
        if not moves.any():
            break
        centres += moves
    inverse = axes.transData.inverted()
    for text, centre, dot in zip(texts, centres, dots):
        text.set_position(inverse.transform(centre))
        if np.linalg.norm(centre - dot) > 9 * pixel:
            axes.plot(*inverse.transform([dot, centre]).T, color="#B0B0B0", linewidth=0.4, zorder=1)


def element_map(options):
    coupling = Coupling(options.inputs[0], options.kernel)
    axes_of_u, share = principal_axes(coupling.rows)
    groups = groups_of(coupling.elements, options.groups)
    points = np.vstack([axes_of_u, np.zeros_like(axes_of_u[:1])])[:2].T
    if len(axes_of_u) == 1:
        # One channel: a line, spread by family so that the labels can be read.
        order = list(colours_of(groups))
        points[:, 1] = [-order.index(group) for group in groups]
    fig, axes = style.figure(4.9, 3.7)
    for name, colour in colours_of(groups).items():
        own = points[[group == name for group in groups]]
        axes.scatter(*own.T, s=16, color=colour, label=name, zorder=3, linewidths=0)
    axes.set_xlabel(axis_label(axes_of_u, share, 0))
    axes.set_ylabel(axis_label(axes_of_u, share, 1))
    if len(axes_of_u) == 1:
        axes.set_yticks([])
    else:
        axes.set_aspect("equal", adjustable="datalim")
    axes.margins(0.12)
    axes.axhline(0, color="#D8D8D8", linewidth=0.5, zorder=0)
    axes.axvline(0, color="#D8D8D8", linewidth=0.5, zorder=0)
    axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), handletextpad=0.2)
    texts = [axes.text(*point, symbol, fontsize=6, ha="center", va="center", color=colours_of(groups)[group], zorder=4)
             for point, symbol, group in zip(points, coupling.elements, groups)]
    spread_labels(fig, axes, points, texts)
    style.save(fig, options.output or "element_map")


def draw_table(axes, values, limit, colours):
    """One table; elements without a value are outlines."""
    shown = [s for s in SYMBOLS if place(s)[0] <= max(place(v)[0] if place(v)[0] < 8 else 7 for v in values)]
    if any(place(v)[0] > 7 for v in values):
        shown += [s for s in SYMBOLS if place(s)[0] > 7 and place(s)[0] <= max(place(v)[0] for v in values)]
    for symbol in dict.fromkeys(shown):
        row, column = place(symbol)
        known = symbol in values
        colour = colours(0.5 + 0.5 * values[symbol] / limit) if known else "white"
        axes.add_patch(FancyBboxPatch((column - 0.44, row - 0.44), 0.88, 0.88, boxstyle="round,pad=0,rounding_size=0.12", facecolor=colour,
                                      edgecolor="#606060" if known else "#DDDDDD", linewidth=0.4))
        dark = known and abs(values[symbol]) > 0.65 * limit
        axes.text(column, row, symbol, ha="center", va="center", fontsize=6.2, color="white" if dark else "black" if known else "#CCCCCC")
    axes.set(xlim=(0.4, 18.6), ylim=(max(place(s)[0] for s in shown) + 0.6, 0.4), aspect="equal")
    axes.axis("off")


def periodic_table(options):
    coupling = Coupling(options.inputs[0], options.kernel)
    if options.raw:
        u, titles = np.array(coupling.rows), [f"channel {j + 1}" for j in range(len(coupling.rows))]
    else:
        u, share = principal_axes(coupling.rows)
        titles = [axis_label(u, share, k) for k in range(len(u))]
    limit = np.abs(u).max()
    if limit == 0:
        raise InputError(f"{options.inputs[0]}: 'u' is zero everywhere")
    columns = 1 if len(u) == 1 else 2
    rows = -(-len(u) // columns)
    fig, panels = style.figure(style.COLUMN if columns == 1 else style.PAGE, (1.35 if columns == 2 else 1.6) * rows, columns=columns, rows=rows, squeeze=False)
    colours = matplotlib.colormaps["RdBu_r"]
    for panel in panels.ravel()[len(u):]:
        panel.axis("off")
    for panel, row, title in zip(panels.ravel(), u, titles):
        draw_table(panel, dict(zip(coupling.elements, row)), limit, colours)
        panel.set_title(title, fontsize=7, pad=2)
    scale = matplotlib.cm.ScalarMappable(matplotlib.colors.Normalize(-limit, limit), colours)
    fig.colorbar(scale, ax=panels, label="weight u" if rows == 1 else "weight u of the element", shrink=0.9, aspect=14 if rows == 1 else 30, pad=0.01)
    style.save(fig, options.output or "periodic_table")
