#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Updates the table of promises in tests/README.md: what is promised, the tests that verify it, and their last measurements.

usage: promises.py [LOG...]                    reads the figures of tests that passed from the logs of ctest (default:
                                               build/release/Testing/Temporary/LastTest.log), stores them in tests/figures.csv,
                                               and writes the table again
       promises.py --check BUILD_FOLDER        checks that every promise names tests that exist, and that the table is up to date

tests/promises.ini has the promises. Tests print their figures as lines "FIGURE name value". A figure of several tests, or of
several lines of one test, is their sum, max, min or last value, as the promise states: that of the long form if it was ever run,
max and min of both forms.
"""
import configparser
import csv
import datetime
import fnmatch
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROMISES, FIGURES, PAGE = ROOT / "tests/promises.ini", ROOT / "tests/figures.csv", ROOT / "tests/README.md"
BEGIN, END = "<!-- promises: begin -->", "<!-- promises: end -->"
LOG = ROOT / "build/release/Testing/Temporary/LastTest.log"
KEYS = {"item", "promise", "tests", "long", "elsewhere", "figure"}
COLUMNS = ["test", "name", "value", "date"]
TEST = re.compile(r"^\d+/\d+ Testing: (\S+)$", re.MULTILINE)
FIGURE = re.compile(r"^(?:.* )?FIGURE (\w+) (\S+)$", re.MULTILINE)
WANTED = re.compile(r"\{(\w+):(sum|max|min|last)\}")


def promises():
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string(PROMISES.read_text(encoding="utf-8"))
    return [parser[name] for name in parser.sections()]


def patterns(promise, form):
    return promise.get(form, "").split()


def of_every_run(promise):
    return patterns(promise, "tests") + patterns(promise, "elsewhere")


def figures_in(log):
    """(test, name): values, of the tests that passed."""
    found = {}
    _, *parts = TEST.split(log)
    for test, text in zip(parts[::2], parts[1::2]):
        if re.search(r"^Test Passed\.$", text, re.MULTILINE):
            for name, value in FIGURE.findall(text):
                found.setdefault((test, name), []).append(float(value))
    return found


def kept_figures():
    """(test, name): (values, date)."""
    if not FIGURES.exists():
        return {}
    with open(FIGURES, newline="", encoding="utf-8") as file:
        return {(row["test"], row["name"]): ([float(value) for value in row["value"].split()], row["date"]) for row in csv.DictReader(file)}


def keep(figures):
    with open(FIGURES, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for (test, name), (values, date) in sorted(figures.items()):
            writer.writerow([test, name, " ".join(f"{value:.6g}" for value in values), date])


def reduced(how, values):
    value = values[-1] if how == "last" else {"sum": sum, "max": max, "min": min}[how](values)
    return f"{int(value):,}".replace(",", " ") if value == int(value) else f"{value:.3g}"


def of_form(promise, form, figures):
    """The figure's text from the tests of one form, their latest date; None if any figure is missing. The largest and the smallest
    are those of both forms, of which neither has all cases of the other."""
    template, dates = promise.get("figure", ""), []
    names = patterns(promise, form) if form == "long" else of_every_run(promise)

    def values_of(name, tests):
        return {test: found for (test, figure), (found, _) in sorted(figures.items())
                if figure == name and any(fnmatch.fnmatchcase(test, one) for one in tests)}

    def fill(wanted):
        name, how = wanted.groups()
        values = values_of(name, names)
        if not values:
            raise KeyError(name)
        dates.extend(figures[test, name][1] for test in values)
        if how in ("max", "min"):
            values = values_of(name, of_every_run(promise) + patterns(promise, "long"))
        return reduced(how, [value for found in values.values() for value in found])

    try:
        text = WANTED.sub(fill, template)
    except KeyError:
        return None
    return f"{text} ({max(dates)}{', long form' if form == 'long' else ''})" if dates else None


def last_figure(promise, figures):
    """Returns the text of the long form if it was ever run, else that of the short one."""
    return of_form(promise, "long", figures) or of_form(promise, "tests", figures) or ""


def table(figures):
    lines = ["| promise | tests | last figure |", "|---|---|---|"]
    for promise in promises():
        names = ", ".join(f"`{name}`" for name in of_every_run(promise) + patterns(promise, "long"))
        lines.append(f"| {' '.join(promise['promise'].split())} | {names} | {last_figure(promise, figures)} |")
    return "\n".join(lines)


def page(figures):
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    return before + BEGIN + "\n" + table(figures) + "\n" + END + rest.split(END)[1]


def tests_in(folder):
    """Names of a build's tests. (`ctest -N` would tell as well, but empties the log.)"""
    text = (folder / "CTestTestfile.cmake").read_text(encoding="utf-8")
    names = re.findall(r'^add_test\((?:\[=*\[|")?([^\s"\]]+)', text, re.MULTILINE)
    for below in re.findall(r'^subdirs\("([^"]+)"\)', text, re.MULTILINE):
        names += tests_in(folder / below)
    return names


def complaints(folder):
    tests = tests_in(folder)
    if not tests:
        yield f"there are no tests in {folder}"
    for promise in promises():
        if set(promise) - KEYS or not patterns(promise, "tests"):
            yield f"[{promise.name}]: expected keys are {', '.join(sorted(KEYS))}"
        for one in patterns(promise, "tests") + patterns(promise, "long"):
            if not fnmatch.filter(tests, one):
                yield f"[{promise.name}]: there is no test '{one}'"
    if page(kept_figures()) != PAGE.read_text(encoding="utf-8"):
        yield f"{PAGE}: the table is out of date; run scripts/checks/promises.py after changes of {PROMISES.name} and {FIGURES.name}"


def check(folder):
    found = list(complaints(Path(folder)))
    for complaint in found:
        print(complaint)
    return 1 if found else 0


def main(words):
    if words[:1] == ["--check"] and len(words) == 2:
        return check(words[1])
    if any(word.startswith("-") for word in words):
        print(__doc__)
        return 2
    figures, today = kept_figures(), datetime.date.today().isoformat()
    for path in map(Path, words or [LOG]):
        new = figures_in(path.read_text(encoding="utf-8", errors="replace"))
        figures.update({key: (values, today) for key, values in new.items()})
        print(f"{path}: {len(new)} figures")
    keep(figures)
    PAGE.write_text(page(figures), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
