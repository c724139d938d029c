# SPDX-License-Identifier: BSD-3-Clause
"""Plans against the measured peak of the runs they plan."""
from program import ProgramTest
import data

MIB = 2**20
SHARE = 0.15  # of the measured peak, that a plan may be off by
OUTPUTS = {"train": "out.h5", "kernel": "out.h5", "features": "out.h5", "optimize": "out.txt"}


class Peaks(ProgramTest):
    least = 32 * MIB  # or by so much

    @classmethod
    def setUpClass(cls):
        cls.all = data.text_of(data.organics(2450))

    def check_peak(self, ranks, visible, command="train", **keys):
        """The plan's peak is within 15 % or 32 MiB (`least`) of what the run then measures, which is at least `visible` MiB."""
        return self.peaks(ranks, visible, command, **keys)[0]

    def peaks(self, ranks, visible, command, **keys):
        """The plan, the planned and the measured peak in bytes, if they agree."""
        source = {} if "data.structures" in keys else {"data.structures": self.write("all.xyz", self.all)}
        plan = self.reported(command, {**source, **keys, "dry-run": True}, ranks)["plan"]
        output = {"output": self.path(OUTPUTS.get(command, "out.csv"))}
        measured = self.reported(command, {**source, **keys, **output}, ranks)["peak_memory_bytes"]
        planned = plan["peak_memory_bytes"]
        print(f"{command} on {ranks} ranks: planned {planned / MIB:.0f} MiB, measured {measured / MIB:.0f} MiB "
              f"({100 * (planned / measured - 1):+.0f} %), {plan['program_bytes'] / MIB:.0f} MiB before the work", flush=True)
        self.assertGreater(measured, visible * MIB)
        self.assertLess(abs(planned - measured), max(SHARE * measured, self.least))
        return plan, planned, measured
