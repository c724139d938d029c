#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Checks or renews the line numbers of links into the sources, such as [`train`](commands/train_command.cpp#L88).

usage: walk.py [--update] [PAGE...]     (default: src/README.md)

A link must lead to the line where the function or class that it names is defined. --update writes the right numbers.
"""
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"\[`(?P<name>[\w:]+)`\]\((?P<file>[^)#\s]+\.[ch]pp)#L(?P<line>\d+)\)")


def definition(source, name):
    """The first line, counted from 1, that defines the name without its namespace; None where there is none."""
    short = re.escape(name.split("::")[-1])
    qualified = re.escape(name)
    begins = re.compile(rf"^(?:class|struct|enum class) {short}\b|^[\w:<>,&*\s\[\]]*?(?<![\w:.])(?:{qualified}|(?:\w+::)*{short})\([^;]*$")
    for number, line in enumerate(source.read_text(encoding="utf-8").splitlines(), start=1):
        if begins.match(line) and not line.startswith((" ", "return", "//")):
            return number
    return None


def check(page, update):
    faults, text = [], page.read_text(encoding="utf-8")

    def renewed(link):
        source = page.parent / link["file"]
        number = definition(source, link["name"]) if source.exists() else None
        if number is None:
            faults.append(f"{page.name}: {link['file']} does not define {link['name']}")
            return link[0]
        if number != int(link["line"]) and not update:
            faults.append(f"{page.name}: {link['name']} is in line {number} of {link['file']}, not {link['line']}")
        return link[0].replace(f"#L{link['line']})", f"#L{number})")

    text = LINK.sub(renewed, text)
    if update:
        page.write_text(text, encoding="utf-8")
    if not LINK.search(text):
        faults.append(f"{page.name} has no links into the sources")
    return faults


def main(arguments):
    pages = [Path(one) for one in arguments if one != "--update"] or [ROOT / "src/README.md"]
    faults = [fault for page in pages for fault in check(page, "--update" in arguments)]
    print("\n".join(faults) if faults else "all links into the sources lead to what they name")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
