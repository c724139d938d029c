#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Prints the test errors of several training reports as one table: compare_reports.py [LABEL=]REPORT.json..."""
import json
import sys

KCAL_PER_MOL_IN_EV = 0.0433641


def labelled(argument):
    """LABEL=FILE, or FILE, which is labelled by its name."""
    label, equals, path = argument.rpartition("=")
    return (label, path) if equals else (path.rsplit("/", 1)[-1], path)


def main(paths):
    if not paths:
        sys.exit(__doc__)
    print(f"{'model':<24}{'training':>10}{'test':>7}{'MAE':>12}{'RMSE':>12}{'MAE':>14}{'largest':>12}")
    print(f"{'':<24}{'set':>10}{'set':>7}{'meV/atom':>12}{'meV/atom':>12}{'kcal/mol':>14}{'meV/atom':>12}")
    print(f"{'per molecule':>79}")
    for argument in paths:
        label, path = labelled(argument)
        with open(path, encoding="utf-8") as file:
            report = json.load(file)
        test = report["test"]
        print(f"{label:<24}{report['n_train']:>10}{report['n_test']:>7}{1e3 * test['mae']:>12.3f}{1e3 * test['rmse']:>12.3f}"
              f"{test['mae_per_structure'] / KCAL_PER_MOL_IN_EV:>14.3f}{1e3 * test['max_error']:>12.1f}")


if __name__ == "__main__":
    main(sys.argv[1:])
