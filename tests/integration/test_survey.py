# SPDX-License-Identifier: BSD-3-Clause
"""Plants faults in sound data: `inspect` finds each one in its place, and nothing else. Text and report are equal on any number of ranks,
and a frame that cannot be read ends the check with its place."""
import json
import re

from program import ProgramTest, main, need

np = need("numpy")
import data  # noqa: E402
import qm9  # noqa: E402

DATA, IO = 3, 5


def frame(species, positions, comment, forces=None, cell=None):
    """Returns a frame of extended XYZ."""
    lattice = 'Lattice="{}" '.format(" ".join(f"{x:.12g}" for x in np.ravel(cell))) if cell is not None else ""
    properties = "species:S:1:pos:R:3" + (":forces:R:3" if forces is not None else "")
    rows = positions if forces is None else np.hstack([positions, forces])
    lines = [f"{z} " + " ".join(f"{x:.12g}" for x in row) for z, row in zip(species, rows)]
    return "\n".join([str(len(species)), f"{lattice}Properties={properties} {comment}", *lines]) + "\n"


class Survey(ProgramTest):
    def survey(self, files, ranks=1, code=0, **keys):
        report = self.path(f"report{ranks}.json")
        line = ["inspect", *files, "--report", report, "--quiet"] + [w for k, v in keys.items() for w in (f"--data.{k.replace('_', '-')}", v)]
        run = self.execute(line, ranks)
        self.assertEqual(run.code, code, str(run))
        return run, json.loads(report.read_text(encoding="utf-8"))

    def found(self, report, *severities):
        return {f["kind"]: f for f in report["findings"] if f["severity"] in (severities or ("fault", "warning"))}

    def expect_only(self, report, *kinds):
        self.assertEqual(sorted(self.found(report)), sorted(kinds), json.dumps(report["findings"], indent=1))


class Molecules(Survey):
    def setUp(self):
        super().setUp()
        self.frames = data.organics(300)

    def test_sound_data_are_called_sound(self):
        for name in ("organics.xyz.xz", "crystals.xyz.xz"):
            run, report = self.survey([data.DATA / name])
            self.expect_only(report)
            self.assertIn("energy", run.out)
        shipped = data.shipped("organics.xyz.xz")
        _, report = self.survey([data.DATA / "organics.xyz.xz"])
        self.assertEqual(report["frames"], len(shipped))
        self.assertEqual(report["atoms"], sum(len(f.species) for f in shipped))
        elements = {row["symbol"]: row["structures"] for row in report["structures"]["elements"]}
        self.assertEqual(elements, {z: sum(z in f.species for f in shipped) for z in elements})
        energies = [f.energy for f in shipped]
        self.assertAlmostEqual(report["energies"]["total"]["min"], min(energies), 6)
        self.assertAlmostEqual(report["energies"]["total"]["max"], max(energies), 6)

    def test_planted_faults_are_found_in_their_places(self):
        frames = list(self.frames)
        frames[50] = frames[7]                                              # equal
        frames[60] = frames[9].with_key("energy", f"{frames[9].energy + 5:.6f}")  # equal, and contradicts
        frames[70] = frames[11].with_key("energy", f"{frames[11].energy / 27.2114:.6f}")  # another unit, and so a contradiction
        frames[80] = frames[80].without_key("energy")
        frames[90] = frames[90].with_key("energy", "nan")
        first = frames[100].lines[2].split()
        second = " ".join([frames[100].lines[3].split()[0], f"{float(first[1]) + 0.3:.6f}", *first[2:]])
        frames[100] = data.Frame([*frames[100].lines[:3], second, *frames[100].lines[4:]])
        same = frames[110].lines[2].split()
        frames[110] = data.Frame([*frames[110].lines[:3], " ".join([frames[110].lines[3].split()[0], *same[1:]]), *frames[110].lines[4:]])
        lines = np.cumsum([0, *[len(f.lines) for f in frames]]) + 1
        file = self.write("bad.xyz", data.text_of(frames))
        _, report = self.survey([file])
        self.expect_only(report, "equal_structures", "equal_structures_contradict", "energy_outliers", "target_missing", "target_not_finite",
                         "atoms_too_close", "atoms_coincide")
        found = self.found(report)
        expected = {"equal_structures": [50, 60, 70], "equal_structures_contradict": [60, 70], "target_missing": [80], "target_not_finite": [90],
                    "atoms_too_close": [100], "atoms_coincide": [110], "energy_outliers": [70]}
        for kind, places in expected.items():
            for place in places:
                self.assertTrue(any(f"bad.xyz, frame {place}, line {lines[place]}" in text for text in found[kind]["examples"]), found[kind])
            self.assertGreaterEqual(found[kind]["count"], len(places), kind)
        self.assertEqual(found["equal_structures"]["count"], 3)
        self.assertEqual([found[kind]["severity"] for kind in ("equal_structures_contradict", "atoms_coincide", "equal_structures")],
                         ["fault", "fault", "warning"])

    def test_copies_that_were_turned_and_leaks_between_files(self):
        rng = np.random.default_rng(1)
        turned, _ = np.linalg.qr(rng.normal(size=(3, 3)))
        copies = []
        for number in (5, 17):
            one = self.frames[number]
            order = rng.permutation(len(one.species))
            moved = one.positions[order] @ turned + 5
            copies.append(frame([one.species[i] for i in order], moved, f"energy={one.energy}"))
        train = self.write("train.xyz", data.text_of(self.frames[:200]))
        test = self.write("test.xyz", data.text_of(self.frames[200:] + [self.frames[3]]) + "".join(copies))
        for ranks in (1, 2, 3):
            run, report = self.survey([train, test], ranks)
            self.expect_only(report, "equal_structures", "equal_structures_across_files", "near_structures", "near_structures_across_files")
            self.assertEqual(report["duplicates"]["near"]["across_files"], 2)
            self.assertEqual(report["duplicates"]["equal"]["pairs"], 1)
            for old, new in ((5, 101), (17, 102)):
                self.assertTrue(any(f"train.xyz, frame {old}," in text and f"test.xyz, frame {new}," in text
                                    for text in self.found(report)["near_structures"]["examples"]), report["findings"])
            measured = {k: v for k, v in report.items() if k not in ("ranks", "grid", "stages", "peak_memory_bytes", "effective_configuration")}
            if ranks == 1:
                alone = run.out, measured
            self.assertEqual((run.out, measured), alone)

    def test_splits_in_one_file(self):
        frames = [f.with_key("split", "train" if i < 40 else "test") for i, f in enumerate(self.frames[:60])]
        frames[50] = frames[4].with_key("split", "test")
        _, report = self.survey([self.write("in.xyz", data.text_of(frames))])
        self.expect_only(report, "equal_structures", "equal_structures_across_splits", "rare_elements")  # of 60, 4 with fluorine

    def test_what_the_target_is(self):
        hartree = [f.without_key("energy").without_key("energy_unit").with_key("E_tot_Ha", f"{f.energy / 27.211386:.8f}") for f in self.frames]
        _, report = self.survey([self.write("h.xyz", data.text_of(hartree))])
        self.assertIn("--data.target E_tot_Ha --data.target-unit hartree", self.found(report, "note")["target"]["text"])
        self.assertAlmostEqual(report["energies"]["total"]["min"], min(f.energy for f in self.frames), 3)
        per_atom = [f.without_key("energy_unit").with_key("energy", f"{f.energy / len(f.species):.8f}") for f in self.frames]
        _, report = self.survey([self.write("p.xyz", data.text_of(per_atom))])
        self.expect_only(report, "target_scope")
        _, report = self.survey([self.path("p.xyz")], target_scope="per-atom")
        self.expect_only(report)
        constant = [f.with_key("energy", "-1") for f in self.frames]
        _, report = self.survey([self.write("c.xyz", data.text_of(constant))])
        self.assertIn("target_constant", self.found(report))
        _, report = self.survey([self.write("n.xyz", data.text_of([f.without_key("energy") for f in self.frames]))])
        self.expect_only(report, "no_target")
        mixed = [f.with_key("energy_unit", "eV" if i % 9 else "hartree") for i, f in enumerate(self.frames)]
        _, report = self.survey([self.write("m.xyz", data.text_of(mixed))])
        self.assertEqual(self.found(report, "fault")["mixed_units"]["count"], 300)

    def test_two_levels_of_theory(self):
        frames = [f.with_key("energy", f"{f.energy + (i % 4 == 0) * 7 * len(f.species):.6f}") for i, f in enumerate(self.frames)]
        _, report = self.survey([self.write("in.xyz", data.text_of(frames))])
        self.assertEqual(self.found(report)["energy_groups"]["count"], 75)

    def test_lengths_in_bohr(self):
        frames = [frame(f.species, f.positions / 0.529177, f"energy={f.energy}") for f in self.frames]
        _, report = self.survey([self.write("in.xyz", "".join(frames))])
        self.assertIn("those in bohr", self.found(report)["length_unit"]["text"])


class Crystals(Survey):
    """The data are rattled rock salt with forces of springs, which sum to zero, and a pressure that falls with the volume."""

    def frames(self, count=60, seed=2):
        rng = np.random.default_rng(seed)
        for i in range(count):
            edge = 5.6 * rng.uniform(0.97, 1.03)
            lattice = np.array([[x, y, z] for x in range(2) for y in range(2) for z in range(2)]) * edge / 2
            shift = 0.05 * rng.normal(size=(8, 3))
            shift -= shift.mean(axis=0)
            species = ["Na" if (x + y + z) % 2 == 0 else "Cl" for x in range(2) for y in range(2) for z in range(2)]
            energy = -27 + 3 * np.sum(shift**2) + 20 * (edge / 5.6 - 1)**2
            virial = -3 * (edge / 5.6 - 1) * np.eye(3)
            yield {"species": species, "positions": lattice + shift, "forces": -6 * shift, "cell": edge * np.eye(3), "energy": energy,
                   "virial": virial}

    def text(self, frames):
        return "".join(frame(f["species"], f["positions"], f"energy={f['energy']:.8f} virial=\"{' '.join(map(str, f['virial'].ravel()))}\"",
                             f["forces"], f["cell"]) for f in frames)

    def test_sound_crystals(self):
        _, report = self.survey([self.write("in.xyz", self.text(self.frames()))])
        self.expect_only(report)
        notes = self.found(report, "note")
        self.assertIn("dependent_compositions", notes)
        self.assertIn("virial_sign", notes)
        self.assertEqual(report["structures"]["periodic"], 60)
        self.assertEqual(report["forces"]["key"], "forces")

    def test_forces_and_cells(self):
        frames = list(self.frames())
        frames[3]["forces"][0] += 0.5
        frames[4]["forces"] *= 0
        frames[4]["forces"][1] = [400, 0, 0]
        frames[4]["forces"][2] = [-400, 0, 0]
        frames[5]["forces"][2, 1] = np.nan
        for f in frames:
            f["virial"] = -f["virial"]
        frames[9]["positions"] = frames[9]["positions"] / frames[9]["cell"][0, 0]
        text = self.text(frames) + frame(["Na", "Cl"], np.array([[0, 0, 0], [0, 0, 2.4]]), "energy=-3") + frame(["Na"], np.zeros((1, 3)), "energy=-0.5")
        _, report = self.survey([self.write("in.xyz", text)])
        found = self.found(report)
        places = {"forces_unbalanced": 3, "forces_huge": 4, "forces_not_finite": 5, "fractional_positions": 9, "forces_missing": 60,
                  "mixed_periodicity": 60}
        for kind, place in places.items():
            self.assertIn(f"in.xyz, frame {place},", found[kind]["examples"][0], kind)
        self.assertEqual(found["forces_unbalanced"]["count"], 1, found["forces_unbalanced"])
        self.assertIn("opposite sign", found["virial_sign"]["text"])
        self.assertIn("Na:-0.5", self.found(report, "note")["free_atoms"]["text"])

    def test_surfaces_and_lone_atoms(self):
        frames = list(self.frames(20))
        frames[6]["cell"] = np.diag([5.6, 5.6, 30])
        frames[8]["species"].append("Na")
        frames[8]["positions"] = np.vstack([frames[8]["positions"], [2.8, 2.8, 15]])
        frames[8]["forces"] = np.vstack([frames[8]["forces"], [0, 0, 0]])
        frames[8]["cell"] = np.diag([5.6, 5.6, 30])
        frames[8]["positions"][8, :2] = [0, 0]
        _, report = self.survey([self.write("in.xyz", self.text(frames))])
        notes = self.found(report, "note")
        self.assertTrue(any("frame 6," in text and "in 1 direction" in text for text in notes["vacuum"]["examples"]), notes)
        self.assertEqual(notes["vacuum"]["count"], 2)


class Files(Survey):
    def test_reading_ends_with_its_place_and_what_came_before_is_told(self):
        frames = data.organics(30)
        text = data.text_of(frames[:20]) + "7\nenergy=-1\nXx 0 0 0\n" + data.text_of(frames[20:])
        line = sum(len(f.lines) for f in frames[:20]) + 3
        for ranks in (1, 2):
            run, report = self.survey([self.write("in.xyz", text)], ranks, code=DATA)
            self.assertEqual(report["frames"], 20)
            self.assertIn(f"in.xyz, frame 20, line {line}", self.found(report, "fault")["reading_stopped"]["text"])
            self.assertEqual(run.errors(), [])
        run = self.execute(["inspect", self.write("none.xyz", "no numbers\n")])
        self.assertEqual((run.code, len(run.errors())), (DATA, 1), str(run))
        self.assertEqual(self.execute(["inspect", "missing.xyz"]).code, IO)

    def test_files_are_known_by_their_content(self):
        text = data.text_of(data.organics(12))
        structures = self.write("in.xyz", text)
        self.run_program("features", {"data.structures": structures, "output": self.path("f.h5")})
        self.path("f.h5").rename(self.path("f.xyz"))
        run = self.execute(["inspect", "f.xyz", "in.xyz"])
        self.assertEqual(run.code, 0, str(run))
        self.assertIn("/features", run.out)
        self.assertIn("12 frames", run.out)
        self.path("folder").mkdir()
        self.write("folder/a.xyz", text)
        self.assertIn("12 frames", self.execute(["inspect", "folder"]).out)
        self.assertIn("24 frames", self.execute(["inspect", "in.xyz", "--data.structures", "folder/a.xyz"]).out)
        twice = self.execute(["inspect", "in.xyz", "./in.xyz"])
        self.assertEqual(twice.code, 2, str(twice))

    def test_raw_qm9(self):
        _, report = self.survey([self.write("qm9.xyz", qm9.file_of(data.organics(30)))])
        self.assertEqual((report["energies"]["key"], report["frames"]), ("U0", 30))

    def test_text_names_keys_with_their_values(self):
        frames = [f.with_key("config_type", "a" if i % 3 else "b") for i, f in enumerate(data.organics(30))]
        run, _ = self.survey([self.write("in.xyz", data.text_of(frames))])
        self.assertRegex(run.out, r"config_type +30  text +a \(20\), b \(10\)  \[group\]")
        self.assertRegex(run.out, re.compile(r"^  energy +30  number .*\[energy\]$", re.MULTILINE))


if __name__ == "__main__":
    main()
