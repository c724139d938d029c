# SPDX-License-Identifier: BSD-3-Clause
"""Optimisations by iteration, and errors of a cross-validation by regularisation."""
from . import style
from .inputs import InputError, Report
from .learning import labelled


def objectives(path):
    """Objective per iteration in eV²: of optimize, or of evaluate where it optimised weights."""
    report = Report(path).expect_command("optimize", "evaluate")
    if report.get("command") == "optimize":
        return report.numbers("objective")
    if "optimization" not in report.node:
        raise InputError(f"{path}: no key 'optimization': evaluate has one with validation.optimize-weights")
    optimization = report.below("optimization")
    return [step.number("loss") for step in optimization.each("history")]


def history(options):
    fig, axes = style.figure()
    for i, (label, path) in enumerate(map(labelled, options.inputs)):
        values = objectives(path)
        if not values:
            raise InputError(f"{path}: no iterations in 'objective'")
        axes.plot(range(len(values)), values, color=style.COLOURS[i % 8], label=label)
        axes.plot([len(values) - 1], values[-1:], marker=style.MARKERS[i % 8], color=style.COLOURS[i % 8])
    axes.set_yscale("log")
    style.log_ticks(axes.yaxis, *axes.get_ylim())
    axes.set(xlabel="L-BFGS iteration", ylabel="objective (eV²)")
    axes.set_xlim(left=0)
    if len(options.inputs) > 1 or "=" in options.inputs[0]:
        axes.legend()
    style.save(fig, options.output or "history")


def regularization(options):
    """MAE and RMSE of held-out structures against λ; bars: standard deviation over folds."""
    fig, axes = style.figure()
    for i, (label, path) in enumerate(map(labelled, options.inputs)):
        report = Report(path).expect_command("evaluate")
        rows = [row for row in report.each("regularization") if row.get("failure", fallback=None) is None]
        if not rows:
            raise InputError(f"{path}: every value in 'regularization' failed")
        x = [row.number("regularization") for row in rows]
        for quantity, line in (("mae", "-"), ("rmse", "--")):
            y = [style.MEV * row.number(quantity) for row in rows]
            spread = [style.MEV * number for number in (row.get("mae_std", fallback=0) for row in rows)] if quantity == "mae" else None
            name = quantity.upper() if len(options.inputs) == 1 else f"{label}, {quantity.upper()}"
            axes.errorbar(x, y, spread, linestyle=line, color=style.COLOURS[i % 8], marker=style.MARKERS[i % 8], label=name,
                          markerfacecolor=None if line == "-" else "white")
    axes.set_xscale("log")
    axes.set(xlabel="regularisation λ (relative to the mean diagonal of K)", ylabel="held-out error (meV/atom)")
    axes.legend()
    style.save(fig, options.output or "regularization")
