# SPDX-License-Identifier: BSD-3-Clause
"""Error bars, novelty and contributions of atoms, on the molecules that ship with the program."""
import json
import math

from program import TINY, ProgramTest, figure, main, need

np, h5py, ase_io, stats = need("numpy", "h5py", "ase.io", "scipy.stats")
import data  # noqa: E402
import oracle  # noqa: E402

SMALL = {"soap.n-max": 5, "soap.l-max": 3, "soap.cutoff": 4.5}
MEMBERS, BLOCKS = 14, 8


def deformed(frames, factor):
    """All distances times a factor."""
    result = []
    for frame in frames:
        atoms = [" ".join([symbol, *(f"{factor * x:.8f}" for x in position)]) for symbol, position in zip(frame.species, frame.positions)]
        result.append(data.Frame([frame.lines[0], "Properties=species:S:1:pos:R:3", *atoms]))
    return result


class UncertaintyTest(ProgramTest):
    def train(self, frames, name="m.h5", ranks=1, **keys):
        source = self.write(f"{name}.xyz", data.text_of(frames))
        self.run_program("train", {"data.structures": source, "output": self.path(name), "report": self.path(f"{name}.json"), **SMALL, **keys},
                         ranks)
        return json.loads(self.path(f"{name}.json").read_text(encoding="utf-8"))

    def predict(self, frames, name="m.h5", ranks=1, code=0, **keys):
        source = self.write("new.xyz", data.text_of(frames))
        return self.run_program("predict", {"model": self.path(name), "data.structures": source, "report": self.path("p.json"), **keys}, ranks,
                                code)

    def report(self):
        return json.loads(self.path("p.json").read_text(encoding="utf-8"))


class Committee(UncertaintyTest):
    COMMITTEE = {"regression.uncertainty": "committee"}

    def test_error_bars_tell_the_errors(self):
        train, others = data.organics(500), data.organics(900, first=600)
        self.train(train, ranks=2, **self.COMMITTEE)
        run = self.predict(others)
        table = data.Table(run.out)
        self.assertEqual(table.columns, ["index", "n_atoms", "predicted", "reference", "error", "uncertainty", "interval_95"])
        errors, bars, wide = np.abs(table["error"]), table["uncertainty"], table["interval_95"]
        # Four standard deviations of a share that 500 training and 900 other molecules tell.
        for half_width, share in ((bars, 0.683), (wide, 0.95)):
            self.assertAlmostEqual(np.mean(errors <= half_width), share, delta=4 * np.sqrt(share * (1 - share) * (1 / 500 + 1 / 900)))
        correlation = stats.spearmanr(errors, bars)[0]
        self.assertGreater(correlation, 0.2)
        # The fifth with the largest bars errs more than the fifth with the smallest.
        order = np.argsort(bars)
        self.assertGreater(np.mean(errors[order[-180:]]), 1.5 * np.mean(errors[order[:180]]))
        found = self.report()["test"]["uncertainty"]
        self.assertEqual(found["count"], 900)
        self.assertAlmostEqual(found["within_one"], np.mean(errors <= bars), delta=1e-12)
        self.assertAlmostEqual(found["within_two"], np.mean(errors <= 2 * bars), delta=1e-12)
        self.assertAlmostEqual(found["within_interval_95"], np.mean(errors <= wide), delta=1e-12)
        self.assertAlmostEqual(found["mean_standardized"], np.mean(errors / bars) * np.sqrt(np.pi / 2), delta=1e-9)
        self.assertAlmostEqual(found["rank_correlation"], correlation, delta=1e-6)
        self.assertEqual([one["count"] for one in found["bins"]], [90] * 10)
        first = order[:90]
        self.assertAlmostEqual(found["bins"][0]["uncertainty"] / np.sqrt(np.mean(bars[first]**2)), 1, delta=1e-9)
        self.assertAlmostEqual(found["bins"][0]["rmse"] / np.sqrt(np.mean(errors[first]**2)), 1, delta=1e-9)
        self.assertAlmostEqual(found["bins"][0]["mae"] / np.mean(errors[first]), 1, delta=1e-9)
        self.assertAlmostEqual(found["bins"][0]["within_one"], np.mean(errors[first] <= bars[first]), delta=1e-12)
        self.assertAlmostEqual(found["bins"][0]["within_interval_95"], np.mean(errors[first] <= wide[first]), delta=1e-12)
        expected = f"{100 * np.mean(errors <= bars):.1f} % of 900 errors within one error bar (68.3 expected), {100 * np.mean(errors <= wide):.1f} %"
        self.assertIn(expected, run.err)

    def test_heavy_tails_leave_their_shares_as_they_are(self):
        """Noise of a Student's t with 2 degrees of freedom has no variance; 68.3 and 95 % of errors are within all the same."""
        noise = stats.t(2).rvs(1400, random_state=3)
        frames = [frame.with_key("noisy", repr(len(frame.species) * 0.05 * x)) for frame, x in zip(data.organics(1400), noise)]
        self.train(frames[:500], **self.COMMITTEE, **TINY, **{"data.target": "noisy", "regression.regularization": 1e-2})
        table = data.Table(self.predict(frames[500:]).out)
        errors = np.abs(table["error"])
        within = [np.mean(errors <= table[name]) for name in ("uncertainty", "interval_95")]
        for found, share in zip(within, (0.683, 0.95)):
            self.assertAlmostEqual(found, share, delta=4 * np.sqrt(share * (1 - share) * (1 / 500 + 1 / 900)))
        # What a standard deviation, or the mean of |error|, would make of it: bars that are far too wide.
        ratios = errors / table["uncertainty"]
        self.assertGreater(np.mean(ratios) * np.sqrt(np.pi / 2), 1.25)

    def test_they_are_what_the_formulas_say(self):
        """Computes half models, leave-one-out residuals, quantiles and spread from features alone, by numpy."""
        frames, new = [f for f in data.organics(400) if set(f.species) <= set("HCO")][:90], data.organics(40, first=1000)
        new = [f for f in new if set(f.species) <= set("HCO")]
        self.train(frames, **self.COMMITTEE, **TINY, **{"regression.regularization": 1e-5})
        table = data.Table(self.predict(new).out)
        source = self.write("all.xyz", data.text_of(frames + new))
        self.run_program("features", {"data.structures": source, "output": self.path("f.h5"), **TINY})
        vectors = oracle.read_features(self.path("f.h5"))
        model = data.ModelFile(self.path("m.h5"))
        drawn = model.drawn_from(frames)
        n = len(drawn)
        kernel = oracle.kernel([vectors[i] for i in drawn] + vectors[90:], [vectors[i] for i in drawn], 2)
        elements = [1, 6, 8]
        symbols = {1: "H", 6: "C", 8: "O"}
        counts = np.array([[frames[i].species.count(symbols[z]) for z in elements] for i in drawn])
        sizes = data.sizes([frames[i] for i in drawn])
        y = (data.energies([frames[i] for i in drawn]) - counts @ [model.baseline[z] for z in elements]) / sizes
        shifted = kernel[:n] + model.lambda_ * np.eye(n)
        inverse = np.linalg.inv(shifted)
        residuals = inverse @ y / np.diag(inverse)
        values = np.zeros((MEMBERS, len(kernel)))
        block = np.repeat(np.arange(BLOCKS), [n * (b + 1) // BLOCKS - n * b // BLOCKS for b in range(BLOCKS)])
        signs = np.array([[(-1)**bin(row & b).count("1") for b in range(BLOCKS)] for row in range(1, BLOCKS)])
        seen = np.concatenate([[row == 1, row == -1] for row in signs])[:, block]
        for member, mine in enumerate(seen):
            values[member] = kernel[:, mine] @ np.linalg.solve(shifted[np.ix_(mine, mine)], y[mine])
            for i in np.flatnonzero(mine):  # without the structure itself, refitted
                rest = np.flatnonzero(mine & (np.arange(n) != i))
                values[member, i] = kernel[i, rest] @ np.linalg.solve(shifted[np.ix_(rest, rest)], y[rest])
        ratios = np.sort(np.abs(residuals) / np.std(values[:, :n], axis=0, ddof=1))
        spread = np.std(values[:, n:], axis=0, ddof=1) * data.sizes(new)
        for name, share in (("uncertainty", stats.chi2(1).cdf(1)), ("interval_95", 0.95)):
            expected = ratios[math.ceil((n + 1) * share) - 1] * spread
            self.assertLess(np.abs(table[name] / expected - 1).max(), 1e-4)

    def test_any_kernel_and_number_of_ranks(self):
        frames, new = data.organics(80), data.organics(70, first=200)
        for keys in ({"kernel.zeta": 3}, {"soap.contraction": 40, "kernel.1.zeta": 1, "kernel.2.zeta": 2}):
            self.train(frames, "a.h5", 1, **self.COMMITTEE, **keys, **TINY)
            self.train(frames, "b.h5", 3, **self.COMMITTEE, **keys, **TINY)
            bars = [data.Table(self.predict(new, name, ranks).out)["uncertainty"] for name, ranks in (("a.h5", 2), ("b.h5", 1))]
            self.assertTrue(np.all(bars[0] > 0))
            self.assertLess(np.abs(bars[0] / bars[1] - 1).max(), 1e-3, keys)
        with h5py.File(self.path("a.h5"), "r") as file:
            self.assertEqual(file["committee/coefficients"].shape, (MEMBERS, 80))

    def test_where_it_cannot_be(self):
        frames = data.organics(80)
        source = self.write("in.xyz", data.text_of(frames))
        keys = {"data.structures": source, "output": self.path("m.h5")}
        for solver in ("primal", "cg"):
            run = self.run_program("train", {**keys, **self.COMMITTEE, "regression.solver": solver, "soap.contraction": 10}, code=2)
            self.assertIn("Cholesky", run.errors()[0])
        run = self.run_program("train", {**keys, **self.COMMITTEE, "data.train": 63}, code=2)
        self.assertIn("at least 64", run.errors()[0])
        self.run_program("train", keys)
        run = self.predict(frames[:3], code=2, **{"predict.uncertainty": "yes"})
        self.assertIn("regression.uncertainty = committee", run.errors()[0])
        self.assertEqual(data.Table(self.predict(frames[:3]).out).columns[-1], "error")

    def test_models_of_older_programs(self):
        """They know no interval."""
        self.train(data.organics(80), **self.COMMITTEE, **TINY)
        now = data.Table(self.predict(data.organics(20, first=100)).out)
        with h5py.File(self.path("m.h5"), "r+") as file:
            del file["committee/intervals"]
        run = self.predict(data.organics(20, first=100))
        then = data.Table(run.out)
        self.assertEqual(now.columns[-2:], ["uncertainty", "interval_95"])
        self.assertEqual(then.columns, now.columns[:-1])
        self.assertEqual(then["uncertainty"].tolist(), now["uncertainty"].tolist())
        self.assertIsNone(self.report()["test"]["uncertainty"]["within_interval_95"])
        self.assertIn("within two", run.err)

    def test_several_targets(self):
        frames = [frame.with_key("twice", repr(2 * frame.energy)) for frame in data.organics(90)]
        self.train(frames, **self.COMMITTEE, **TINY, **{"data.target": ["energy", "twice"], "data.test": 20})
        table = data.Table(self.predict(frames[:20]).out)
        self.assertEqual(table.columns[-4:], ["uncertainty_energy", "uncertainty_twice", "interval_95_energy", "interval_95_twice"])
        self.assertLess(np.abs(table["uncertainty_twice"] / table["uncertainty_energy"] - 2).max(), 1e-3)
        self.assertEqual(set(self.report()["test"]["uncertainty"]["targets"]), {"energy", "twice"})


class Extrapolation(UncertaintyTest):
    def flagged(self, frames, **keys):
        self.predict(frames, **keys)
        return self.report()["extrapolation"]

    def test_ordinary_structures_are_flagged_at_the_nominal_rate(self):
        self.train(data.organics(1000))
        found = self.flagged(data.organics(1500, first=1000))
        self.assertEqual(found["expected_share"], 1 - 0.99)
        self.assertTrue(4 <= found["count"] <= 45, found["count"])  # 15 are expected
        figure("ordinary_structures", 1500)
        figure("ordinary_structures_flagged", found["count"])

    def test_what_is_far_away_is_flagged(self):
        without_fluorine = [frame for frame in data.organics(1100) if "F" not in frame.species]
        self.train(without_fluorine[:800], **{"species.elements": "H,C,N,O,F"})
        others = data.organics(300, first=1100)
        strange = 0
        for factor in (0.9, 1.3):
            found = self.flagged(deformed(others[:60], factor))
            self.assertGreaterEqual(found["count"], 58, factor)
            strange += found["count"]
        fluorine = [frame for frame in others if "F" in frame.species]
        self.assertEqual(self.flagged(fluorine)["count"], len(fluorine))
        figure("strange_structures", 2 * 60 + len(fluorine))
        figure("strange_structures_flagged", strange + len(fluorine))
        ordinary = [frame for frame in others if "F" not in frame.species]
        self.assertLess(self.flagged(ordinary)["count"], 0.05 * len(ordinary))

    def test_solvers_and_kernels(self):
        frames, far = data.organics(300), deformed(data.organics(20, first=400), 0.75)
        # So few features hold less of what is strange.
        for least, keys in ((12, {**TINY, "regression.solver": "primal", "soap.contraction": 20}),
                            (18, {"regression.solver": "cg", "soap.n-max": 8, "soap.contraction": 60, "soap.contraction-method": "pca"}),
                            (18, {**TINY, "kernel.1.zeta": 2, "kernel.2.zeta": 1, "kernel.2.soap.cutoff": 3})):
            self.train(frames, **keys)
            self.assertGreaterEqual(self.flagged(far)["count"], least, keys)

    def test_what_the_user_is_told(self):
        self.train(data.organics(300), **TINY)
        mixed = data.organics(3) + deformed(data.organics(1, first=410), 0.7)
        run = self.predict(mixed, ranks=2)
        warning = [line for line in run.err.splitlines() if "extrapolation" in line][0]
        self.assertIn("1 of 4 structures", warning)
        self.assertIn("structure 3 (", warning)
        self.assertEqual(self.report()["extrapolation"]["structures"][0]["index"], 3)
        run = self.predict(mixed, code=3, **{"predict.extrapolation": "error", "output": self.path("never.csv")})
        self.assertIn("structure 3 (", run.errors()[0])
        self.assertFalse(self.path("never.csv").exists())
        table = data.Table(self.predict(mixed, **{"predict.extrapolation": "column"}).out)
        self.assertEqual(table.columns[-1], "novelty")
        self.assertEqual((table["novelty"] > 1).tolist(), [False, False, False, True])
        self.predict(mixed, **{"predict.extrapolation": "error", "predict.novelty-limit": 1e6})
        self.assertIsNone(self.flagged(mixed, **{"predict.extrapolation": "off"}))

    def test_models_that_cannot_tell(self):
        self.train(data.organics(9), **TINY, **{"regression.regularization": 1e-4})
        self.assertIsNone(self.flagged(data.organics(2)))
        run = self.predict(data.organics(2), code=2, **{"predict.extrapolation": "error"})
        self.assertIn("fewer than 10", run.errors()[0])


class Atoms(UncertaintyTest):
    def contributions(self, keys, ranks, frames=None, new=None):
        frames, new = frames or data.organics(70), new or data.organics(70, first=100)
        self.train(frames, **TINY, **keys)
        self.predict(new, ranks=ranks, **{"predict.per-atom": True, "output": self.path("out.xyz"), "predict.extrapolation": "warn"})
        found = ase_io.read(self.path("out.xyz"), ":", format="extxyz")
        self.assertEqual(len(found), len(new))
        for atoms in found:
            total = atoms.info["predicted_energy"]
            self.assertEqual(atoms.arrays["atomic_energy"].shape, (len(atoms),))
            self.assertLess(abs(atoms.arrays["atomic_energy"].sum() - total), 1e-12 * abs(total))
            self.assertGreaterEqual(atoms.info["novelty"], 0)
        return found

    def test_they_sum_up_to_the_prediction(self):
        for ranks, keys in enumerate(({"kernel.zeta": 3}, {"regression.compact": "no"},
                                      {"soap.contraction": 30, "kernel.1.zeta": 1, "kernel.2.zeta": 2}), 1):
            self.contributions({**keys, "regression.regularization": 1e-5}, ranks % 3 + 1)

    def test_crystals_and_error_bars(self):
        frames = data.shipped("crystals.xyz.xz")[:80]
        found = self.contributions({"regression.uncertainty": "committee", "regression.regularization": 1e-4}, 2, frames, frames[:10])
        self.assertTrue(all(atoms.info["interval_95_energy"] > atoms.info["uncertainty_energy"] > 0 and atoms.pbc.all() for atoms in found))

    def test_equal_atoms_contribute_alike(self):
        methane = [frame for frame in data.organics(2500) if sorted(frame.species) == list("CHHHH")][0]
        found = self.contributions({}, 1, new=[methane])[0]
        hydrogen = found.arrays["atomic_energy"][[s == "H" for s in found.get_chemical_symbols()]]
        self.assertLess(np.ptp(hydrogen), 0.02)  # as far as the structure is symmetric

    def test_they_need_a_file_of_structures(self):
        self.train(data.organics(20), **TINY)
        run = self.predict(data.organics(2), code=2, **{"predict.per-atom": True, "output": self.path("out.csv")})
        self.assertIn(".xyz", run.errors()[0])


if __name__ == "__main__":
    main()
