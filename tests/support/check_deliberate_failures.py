# SPDX-License-Identifier: BSD-3-Clause
"""Runs one deliberate failure under mpiexec: it must turn red in time and name the rank.

check_deliberate_failures.py KIND RANKS FAILING_RANK PROGRAM MPIEXEC [FLAGS...]   (the flags end with the one for rank counts)
"""
import os
import re
import subprocess
import sys
import time

LIMIT = 30.0

# What the driver's own lines must say of the failing rank R.
EXPECTED = {
    "expect": r"\[rank {r}\] Deliberate\.expect failed at .*deliberate_failures\.cpp",
    "assert": r"\[rank {r}\] Deliberate\.assert failed at .*deliberate_failures\.cpp",
    "throw": r"\[rank {r}\] Deliberate\.throw failed at ",
    "exit": r"\[rank {r}\] Deliberate\.exit: exit\(\) was called",
    "segfault": r"\[rank {r}\] Deliberate\.segfault: killed by signal SEGV",
    "hang": r"\[rank {r}\] Deliberate\.hang: no end in sight; this rank is busy outside MPI",
    "hang_while_others_walk_on": r"Deliberate\.hang_while_others_walk_on: waited .* missing: rank {r}\n",
    "leak": r"detected memory leaks(.|\n)*deliberate_failures\.cpp",
}


def run(kind, failing_rank, command):
    environment = dict(os.environ, SOAPSTONE_FAILING_RANK=failing_rank, SOAPSTONE_TEST_PATIENCE="2",
                       SOAPSTONE_TEST_TIMEOUT="4", GTEST_COLOR="no")
    start = time.monotonic()
    result = subprocess.run(command + [f"--gtest_filter=Deliberate.{kind}"], env=environment, timeout=2 * LIMIT,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return result.returncode, time.monotonic() - start, result.stdout


def complaints(kind, failing_rank, code, seconds, output):
    if seconds > LIMIT:
        yield f"took {seconds:.1f} s"
    if output.count("[ RUN      ] ") != 1:
        yield "progress is not printed exactly once"
    if kind == "none":
        if code != 0 or "[  PASSED  ] 1 test" not in output or "[rank" in output:
            yield f"the test without a failure did not pass (exit code {code})"
        return
    if code == 0:
        yield "exit code 0"
    if kind != "leak" and "[  PASSED  ] 1 test" in output:
        yield "rank 0 says that the test passed"
    if not re.search(EXPECTED[kind].format(r=failing_rank), output):
        yield f"the failing rank {failing_rank} is not named"


def main():
    kind, ranks, failing_rank, program, *mpiexec = sys.argv[1:]
    code, seconds, output = run(kind, failing_rank, mpiexec + [ranks, program])
    found = list(complaints(kind, failing_rank, code, seconds, output))
    print(output)
    print(f"{kind} on rank {failing_rank} of {ranks}: exit code {code} after {seconds:.1f} s")
    if kind != "none":
        print(f"FIGURE deliberate_failures 1\nFIGURE deliberate_failure_seconds {seconds:.1f}")
    for complaint in found:
        print("WRONG:", complaint)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
