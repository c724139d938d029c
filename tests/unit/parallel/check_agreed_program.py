# SPDX-License-Identifier: BSD-3-Clause
"""Runs agreed_program with every kind of failure on every rank: right exit code, one message, within seconds.

check_agreed_program.py RANKS PROGRAM MPIEXEC [FLAGS...]   (the flags end with the one for rank counts)
"""
import subprocess
import sys
import time

LIMIT = 10.0

# Kind: exit codes allowed, whether a message is due, fewest ranks that it makes sense on. Where which rank fails makes no
# difference to the code that runs, the last one does.
KINDS = {
    "none": ({0}, False, 1),
    "stopped": ({75}, False, 1),
    "agreed": ({4}, True, 1),
    "all": ({3}, True, 1),
    "all_differently": ({3, 5}, True, 1),
    "one": ({5}, True, 1),
    "memory": ({6}, True, 1),
    "destructor": ({6}, True, 1),
    "at_the_end": ({5}, True, 1),
    "all_but_one": ({5}, True, 2),
    "group": ({5}, True, 2),
    "watched": ({5}, True, 1),
    "watched_library": ({5}, True, 1),
}


def run(command):
    start = time.monotonic()
    try:
        result = subprocess.run(command, timeout=2 * LIMIT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        return result.returncode, time.monotonic() - start, result.stdout
    except subprocess.TimeoutExpired as expired:
        return None, 2 * LIMIT, (expired.stdout or b"").decode()


def failing_ranks(kind, ranks):
    everywhere = kind in ("one", "group", "agreed", "watched", "watched_library")
    return sorted({0, ranks // 2, ranks - 1}) if everywhere else [ranks - 1]


def complaints(kind, ranks, code, seconds, output):
    codes, has_message, _ = KINDS[kind]
    messages = output.count("error: ")
    if code not in codes:
        yield f"exit code {code}, expected {sorted(codes)}"
    if messages != (1 if has_message else 0):
        yield f"{messages} messages"
    if has_message and kind not in ("memory", "destructor") and "MARK" not in output:
        yield "the message is not the failure's own"
    if kind.startswith("watched") and output.count("tidied") != ranks:
        yield f"{output.count('tidied')} ranks have tidied up"
    if seconds > LIMIT:
        yield f"{seconds:.1f} s"


def main():
    ranks, program, *mpiexec = sys.argv[1:]
    wrong = 0
    for kind, (_, _, fewest) in KINDS.items():
        for failing in failing_ranks(kind, int(ranks)):
            if int(ranks) < fewest:
                continue
            code, seconds, output = run(mpiexec + [ranks, program, kind, str(failing)])
            found = list(complaints(kind, int(ranks), code, seconds, output))
            print(f"{kind:16} rank {failing} of {ranks}: exit code {code}, {seconds:.1f} s {'; '.join(found)}")
            if found:
                print(output)
            wrong += len(found)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
