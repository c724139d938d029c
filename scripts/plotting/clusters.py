# SPDX-License-Identifier: BSD-3-Clause
"""Numbers for the maps: do elements of a group lie together?

Distances come from κ = uᵀu, so they do not depend on a rotation of the channels:
  normalised  d² = 2 - 2 κ_αβ / sqrt(κ_αα κ_ββ): the directions of the columns of u, whatever their lengths
  scaled      d² = (κ_αα + κ_ββ - 2 κ_αβ) / mean κ_αα: their lengths count as well
With one channel the normalised distance is 0 or 2 and tells nothing but signs. Elements alone in their group are left out.
"""
import json

import numpy as np

from .chemistry import groups_of
from .inputs import Coupling, InputError

PERMUTATIONS = 2000


def distances(u, kind):
    kappa = u.T @ u
    size = np.diag(kappa)
    if kind == "normalised":
        length = np.sqrt(np.maximum(size, 1e-300))
        squares = 2 - 2 * kappa / np.outer(length, length)
    else:
        squares = (size[:, None] + size[None] - 2 * kappa) / max(size.mean(), 1e-300)
    found = np.sqrt(np.maximum(squares, 0))
    np.fill_diagonal(found, 0)
    return found


def ratio(d, alike):
    """Mean distance within groups over that between groups."""
    off = ~np.eye(len(d), dtype=bool)
    between = d[~alike].mean()
    return float(d[alike & off].mean() / between) if between > 0 else float("nan")


def neighbours(d, alike):
    """Counts, among as many nearest neighbours as an element has companions, those in its group; tells whether the nearest one is."""
    away = d + np.diag(np.full(len(d), np.inf))
    order = np.argsort(away, axis=1, kind="stable")
    companions = alike.sum(axis=1) - 1
    shared = np.array([alike[i, order[i, :k]].sum() for i, k in enumerate(companions)])
    return shared, companions, alike[np.arange(len(d)), order[:, 0]]


def measure(u, elements, groups, kind):
    kept = [i for i, group in enumerate(groups) if groups.count(group) > 1]
    labels = np.array(groups)[kept]
    if len(kept) < 3 or len(set(labels)) < 2:
        raise InputError("at least two groups with more than one element are needed")
    d = distances(np.asarray(u, float)[:, kept], kind)
    alike = labels[:, None] == labels[None]
    shared, companions, nearest = neighbours(d, alike)
    value = ratio(d, alike)
    rng = np.random.default_rng(1)
    shuffles = (rng.permutation(labels) for _ in range(PERMUTATIONS))
    below = sum(ratio(d, s[:, None] == s[None]) <= value for s in shuffles)
    return {"distance": kind, "within_over_between": value, "as_good_by_chance": (below + 1) / (PERMUTATIONS + 1),
            "nearest_in_group": int(nearest.sum()), "neighbours_in_group": int(shared.sum()), "neighbours": int(companions.sum()),
            "neighbours_in_group_by_chance": float(np.sum(companions**2 / (len(kept) - 1))), "elements": len(kept),
            "groups": {name: {"elements": [elements[i] for i in kept if groups[i] == name],
                              "neighbours_in_group": int(shared[labels == name].sum()), "neighbours": int(companions[labels == name].sum()),
                              "mean_distance_within": float(d[np.ix_(labels == name, labels == name)].sum() /
                                                            max(companions[labels == name].sum(), 1))}
                       for name in dict.fromkeys(labels.tolist())}}


def show(result):
    print(f"{result['distance']} distances of {result['elements']} elements: within groups over between groups "
          f"{result['within_over_between']:.3f} (as small by chance: {result['as_good_by_chance']:.2g})")
    print(f"  nearest neighbour in the same group: {result['nearest_in_group']} of {result['elements']}; of as many neighbours as there "
          f"are companions: {result['neighbours_in_group']} of {result['neighbours']} "
          f"(by chance {result['neighbours_in_group_by_chance']:.1f})")
    for name, group in result["groups"].items():
        print(f"  {name:<18} {group['neighbours_in_group']:>3} of {group['neighbours']:<4} within {group['mean_distance_within']:.3f}  "
              f"{' '.join(group['elements'])}")


def clusters(options):
    coupling = Coupling(options.inputs[0], options.kernel)
    groups = groups_of(coupling.elements, options.groups)
    results = [measure(coupling.rows, coupling.elements, groups, kind) for kind in ("normalised", "scaled")]
    for result in results:
        show(result)
    if options.output:
        content = {"file": str(options.inputs[0]), "grouping": options.groups, "channels": len(coupling.rows),
                   **{result["distance"]: result for result in results}}
        try:
            with open(options.output, "w", encoding="utf-8") as file:
                file.write(json.dumps(content, indent=2) + "\n")
        except OSError as error:
            raise InputError(f"{options.output}: cannot be written: {error.strerror}") from None
        print(options.output)
