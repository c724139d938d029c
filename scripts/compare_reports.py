#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Prints the test errors of several training reports as one table: compare_reports.py REPORT.json..."""
import json
import sys

KCAL_PER_MOL_IN_EV = 0.0433641


def main(paths):
    if not paths:
        sys.exit(__doc__)
    print(f"{'report':<28}{'training':>10}{'test':>7}{'MAE':>12}{'RMSE':>12}{'MAE':>16}")
    print(f"{'':<28}{'set':>10}{'set':>7}{'meV/atom':>12}{'meV/atom':>12}{'kcal/mol':>16}")
    for path in paths:
        with open(path, encoding="utf-8") as file:
            report = json.load(file)
        test = report["test"]
        print(f"{path.rsplit('/', 1)[-1]:<28}{report['n_train']:>10}{report['n_test']:>7}{1e3 * test['mae']:>12.3f}"
              f"{1e3 * test['rmse']:>12.3f}{test['mae_per_structure'] / KCAL_PER_MOL_IN_EV:>16.3f}")


if __name__ == "__main__":
    main(sys.argv[1:])
