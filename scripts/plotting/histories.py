# SPDX-License-Identifier: BSD-3-Clause
"""Optimisations by iteration, and errors of a cross-validation by regularisation."""
from . import style
from .inputs import InputError, Report
from .learning import labelled


def objectives(path):
    """Objective in eV²: of optimize by iteration, or of evaluate, where it optimised weights, by evaluation."""
    report = Report(path).expect_command("optimize", "evaluate")
    if report.get("command") == "optimize":
        return report.numbers("objective")
    if "optimization" not in report.node:
        raise InputError(f"{path}: no key 'optimization': evaluate writes it with validation.optimize-weights = true")
    optimization = report.below("optimization")
    return [step.number("loss") for step in optimization.each("history")]


def history(options):
    fig, axes = style.figure()
    steps = set()
    for i, (label, path) in enumerate(map(labelled, options.inputs)):
        values = objectives(path)
        # The history of evaluate has the trials of line searches as well.
        steps.add("L-BFGS iteration" if Report(path).get("command") == "optimize" else "evaluation of the objective")
        if not values:
            raise InputError(f"{path}: no iterations in 'objective'")
        axes.plot(range(len(values)), values, color=style.COLOURS[i % 8], label=label)
        axes.plot([len(values) - 1], values[-1:], marker=style.MARKERS[i % 8], color=style.COLOURS[i % 8])
    axes.set_yscale("log")
    style.log_ticks(axes.yaxis, *axes.get_ylim())
    axes.set(xlabel=" or ".join(sorted(steps)), ylabel="objective (eV²)")
    axes.set_xlim(left=0)
    if len(options.inputs) > 1 or "=" in options.inputs[0]:
        axes.legend()
    style.save(fig, options.output or "history")


def regularization(options):
    """MAE and RMSE of held-out structures against λ; bars: standard deviation over folds."""
    several = len(options.inputs) > 1
    fig, axes = style.figure(height=2.7 + (0.3 * len(options.inputs) if several else 0))
    for i, (label, path) in enumerate(map(labelled, options.inputs)):
        report = Report(path).expect_command("evaluate")
        rows = [row for row in report.each("regularization") if row.get("failure", fallback=None) is None]
        if not rows:
            raise InputError(f"{path}: every value in 'regularization' failed")
        x = [row.number("regularization") for row in rows]
        for quantity, line in (("mae", "-"), ("rmse", "--")):
            y = [style.MEV * row.number(quantity) for row in rows]
            spread = [style.MEV * number for number in (row.get("mae_std", fallback=0) for row in rows)] if quantity == "mae" else None
            name = f"{label}, {quantity.upper()}" if several else quantity.upper()
            axes.errorbar(x, y, spread if spread and any(spread) else None, linestyle=line, color=style.COLOURS[i % 8], marker=style.MARKERS[i % 8], label=name,
                          markerfacecolor=None if line == "-" else "white")
    axes.set_xscale("log")
    axes.set(xlabel="regularisation λ (relative to the mean diagonal of K)", ylabel="held-out error (meV/atom)")
    if several:  # no corner is free of all curves
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1), borderaxespad=0.2)
    else:
        axes.legend()
    style.save(fig, options.output or "regularization")
