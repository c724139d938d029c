#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Writes the CSV files of scripts/checks/benchmark.sh as tables into the results section of tests/benchmark/README.md.

usage: benchmark_table.py [folder of the CSV files [markdown file]]   ("-" as markdown file: print)
"""
import csv
import pathlib
import platform
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
BEGIN, END = "<!-- results: begin -->", "<!-- results: end -->"


def read_stages(folder):
    """{ranks: {(name, size): row}} of all stages_<ranks>.csv."""
    runs = {}
    for path in folder.glob("stages_*.csv"):
        with open(path, newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        if rows:
            runs[int(rows[0]["ranks"])] = {(row["name"], row["size"]): row for row in rows}
    return dict(sorted(runs.items()))


def cells(row):
    """Seconds, rate with its unit and fraction of DGEMM of one row."""
    if row is None:
        return ["", "", ""]
    fraction = f"{100 * float(row['fraction_of_dgemm']):.0f} %" if row["fraction_of_dgemm"] else ""
    return [row["seconds"], f"{row['rate']} {row['unit']}".strip(), fraction]


def speed_up(first, last):
    """Returns how many times faster the last run is, or nothing where times cannot be compared."""
    if first is None or last is None or first["name"].startswith("dgemm") or not first["seconds"]:
        return ""
    return f"{float(first['seconds']) / float(last['seconds']):.2f}"


def stage_table(runs):
    ranks = list(runs)
    head = ["stage", "size"]
    for count in ranks:
        plural = "rank" if count == 1 else "ranks"
        head += [f"s, {count} {plural}", "rate", "of DGEMM"]
    several = len(ranks) > 1
    lines = [head + (["speed-up"] if several else [])]
    for key in runs[ranks[0]]:
        row = list(key)
        for count in ranks:
            row += cells(runs[count].get(key))
        if several:
            row.append(speed_up(runs[ranks[0]].get(key), runs[ranks[-1]].get(key)))
        lines.append(row)
    return lines


def kernel_table(path):
    """Google Benchmark's CSV, which starts with lines about the machine that are not CSV."""
    text = path.read_text(encoding="utf-8")
    rows = csv.DictReader(text[text.index("name,iterations"):].splitlines())
    return [["inner loop", "time per call"]] + [
        [row["name"], f"{float(row['cpu_time']):.4g} {row['time_unit']}"] for row in rows]


def markdown(lines):
    head, *body = ["| " + " | ".join(line) + " |" for line in lines]
    return "\n".join([head, "|" + "---|" * len(lines[0])] + body)


def cpu_name():
    try:
        return re.search(r"model name\s*:\s*(.*)", pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8"))[1]
    except (OSError, TypeError):
        return platform.processor() or platform.machine()


def section(folder):
    runs = read_stages(folder)
    if not runs:
        sys.exit(f"no stages_<ranks>.csv in {folder}: run scripts/checks/benchmark.sh first")
    parts = [BEGIN, "## Results", f"{cpu_name()}; fractions are of DGEMM on as many ranks in the same run.",
             markdown(stage_table(runs))]
    if (folder / "kernels.csv").exists():
        parts.append(markdown(kernel_table(folder / "kernels.csv")))
    return "\n\n".join(parts + [END]) + "\n"


def insert(text, results):
    """`text` with its results section replaced, or added at the end."""
    if BEGIN in text:
        return text[:text.index(BEGIN)] + results + text[text.index(END) + len(END):].lstrip("\n")
    return text.rstrip("\n") + "\n\n" + results


def main(arguments):
    folder = pathlib.Path(arguments[0]) if arguments else ROOT / "build/benchmark"
    target = arguments[1] if len(arguments) > 1 else ROOT / "tests/benchmark/README.md"
    results = section(folder)
    if str(target) == "-":
        print(results, end="")
        return
    target = pathlib.Path(target)
    target.write_text(insert(target.read_text(encoding="utf-8"), results), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
