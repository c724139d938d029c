# SPDX-License-Identifier: BSD-3-Clause
"""Kernel matrices, and environments in the first two principal components of their features."""
import numpy as np

from . import style
from .chemistry import atomic_number
from .inputs import InputError, hdf5, read_species

SAMPLE = 5000  # environments that are drawn


def alike_first(kernel_matrix):
    """An order in which each structure is followed by the one most alike of those left."""
    left = np.ones(len(kernel_matrix), bool)
    order = [int(kernel_matrix.mean(axis=0).argmax())]
    left[order] = False
    while left.any():
        order.append(int(np.where(left, kernel_matrix[order[-1]], -np.inf).argmax()))
        left[order[-1]] = False
    return order


def kernel(options):
    """K_AB / sqrt(K_AA K_BB), or K itself where rows and columns are different structures; and the spectrum of a square one."""
    path = options.inputs[0]
    (matrix,), attributes = hdf5(path, "kernel")
    if matrix.ndim != 2 or not np.isfinite(matrix).all():
        raise InputError(f"{path}: '/kernel' is not a matrix of finite numbers")
    same = attributes.get("columns", b"") in (b"the same", "the same") and matrix.shape[0] == matrix.shape[1]
    fig, panels = style.figure(style.PAGE if same else style.COLUMN, 2.8, columns=2 if same else 1, squeeze=False)
    axes = panels[0, 0]
    shown = matrix / np.sqrt(np.outer(np.diag(matrix), np.diag(matrix))) if same else matrix
    if same and options.sort:
        order = alike_first(shown)
        shown = shown[np.ix_(order, order)]
    image = axes.imshow(shown, cmap="viridis", interpolation="nearest", aspect="equal" if same else "auto")
    fig.colorbar(image, ax=axes, label="normalised kernel" if same else "kernel")
    axes.set(xlabel="structure", ylabel="structure")
    axes.tick_params(length=0)
    if same:
        values = np.linalg.eigvalsh(matrix)[::-1] / np.mean(np.diag(matrix))
        axes = panels[0, 1]
        axes.plot(np.arange(1, len(values) + 1), np.maximum(values, 1e-18), ".", markersize=2.5, color=style.COLOURS[0])
        axes.set(xscale="log", yscale="log", xlabel="eigenvalue number", ylabel="eigenvalue / mean diagonal of K")
    style.save(fig, options.output or "kernel")


def features(options):
    path = options.inputs[0]
    (rows, structure, atom), _ = hdf5(path, "features", "environment_structure", "environment_atom")
    if rows.ndim != 2 or len(rows) < 3 or len(structure) != len(rows) or len(atom) != len(rows):
        raise InputError(f"{path}: '/features' and '/environment_structure' do not match")
    kept = np.sort(np.random.default_rng(1).choice(len(rows), min(SAMPLE, len(rows)), replace=False))
    rows, structure, atom = rows[kept], structure[kept], atom[kept]
    symbols = np.array(["all atoms"] * len(kept))
    if options.structures:
        frames = read_species(options.structures)
        try:
            symbols = np.array([frames[s][a] for s, a in zip(structure, atom)])
        except IndexError:
            raise InputError(f"{options.structures[0]}: not the structures of '/environment_structure' in {path}") from None
    centred = rows - rows.mean(axis=0)
    left, values, _ = np.linalg.svd(centred, full_matrices=False)
    share = values**2 / max(np.sum(values**2), 1e-300)
    fig, axes = style.figure(4.4, 3.2)
    for i, symbol in enumerate(sorted(set(symbols), key=lambda s: atomic_number(s) if options.structures else 0)):
        own = symbols == symbol
        axes.scatter(left[own, 0] * values[0], left[own, 1] * values[1], s=5, linewidths=0, alpha=0.7, label=symbol, rasterized=True,
                     color=style.COLOURS[i % 8], marker=style.MARKERS[i // 8 % 8])
    axes.set(xlabel=f"principal component 1 ({100 * share[0]:.0f} % of variance)",
             ylabel=f"principal component 2 ({100 * share[1]:.0f} % of variance)")
    if options.structures:
        axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), handletextpad=0.2, markerscale=1.6)
    style.save(fig, options.output or "features")
