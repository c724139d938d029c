# SPDX-License-Identifier: BSD-3-Clause
"""Every command in a short run of few structures: name -> keys, as seen from a folder beside
which SmallRuns.setUp has put the structures and the model. The command is the first word of the name."""
from program import TINY, ProgramTest, arguments
import data

SOAP = {"data.structures": "../in.xyz", **TINY}
SMALL = {**SOAP, "regression.regularization": 1e-6}
COMMANDS = {
    "train": {**SMALL, "data.test": 5, "output": "m.h5", "report": "r.json"},
    "train cg": {**SMALL, "regression.solver": "cg", "checkpoint": "c.h5", "checkpoint-interval": 0, "output": "m.h5"},
    "train primal": {**SMALL, "regression.solver": "primal", "soap.contraction": 4, "output": "m.h5"},
    "predict": {"model": "../model.h5", "data.structures": "../in.xyz", "output": "p.csv"},
    "evaluate": {**SMALL, "validation.folds": 3, "output": "e.csv", "report": "r.json"},
    "evaluate weights": {**SMALL, "kernel.1.zeta": 1, "kernel.2.zeta": 2, "validation.folds": 2, "validation.optimize-weights": "true",
                         "output": "w.csv"},
    "kernel": {**SOAP, "output": "k.h5"},
    "features": {**SOAP, "output": "f.h5"},
    "plan": {**SMALL, "report": "r.json"},
    "inspect": {"file": "../model.h5"},
    "learning-curve": {**SMALL, "learning-curve.sizes": "8,16", "learning-curve.repeats": 1, "data.test": 5, "output": "c.csv",
                       "report": "r.json"},
    "search": {**SMALL, "soap.cutoff": "3,4", "validation.folds": 2, "output": "s.csv", "report": "r.json"},
    "optimize": {**SMALL, "optimize.parameters": "scale", "optimize.iterations": 2, "validation.folds": 2, "output": "o.txt",
                 "report": "r.json"},
}


class SmallRuns(ProgramTest):
    """Structures, a model, and a folder for the runs."""

    def setUp(self):
        super().setUp()
        structures = self.write("in.xyz", data.text_of(data.organics(24)))
        self.run_program("train", {**SMALL, "data.structures": structures, "output": self.path("model.h5")})
        self.path("run").mkdir()

    def line(self, name, **more):
        """The words of a run, in a folder that is emptied for it."""
        for file in self.path("run").rglob("*"):
            if file.is_file():
                file.unlink()
        return arguments(name.split()[0], {**COMMANDS[name], **more})
