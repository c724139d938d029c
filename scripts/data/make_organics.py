#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""Makes inputs/data/organics.xyz.xz: small organic molecules, relaxed with GFN2-xTB.

Random molecular graphs (molecule_growth.py) -> ETKDG embedding and MMFF (or UFF) relaxation with rdkit ->
GFN2-xTB relaxation with xtb -> checks -> seeded shuffle. Needs Debian's python3-rdkit, python3-numpy and xtb
(scripts/install_dependencies.sh --data). A run that was stopped goes on from its cache folder; the file depends
on the seed and the count, not on the number of processes.

GFN2-xTB: Bannwarth, Ehlert, Grimme, J. Chem. Theory Comput. 15, 1652 (2019), doi:10.1021/acs.jctc.8b01176.
ETKDG: Riniker, Landrum, J. Chem. Inf. Model. 55, 2562 (2015), doi:10.1021/acs.jcim.5b00654.
"""
import argparse
import collections
import hashlib
import itertools
import json
import multiprocessing
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import rdkit
from rdkit import Chem
from rdkit.Chem import AllChem

import molecule_growth
import xyz_archive

HARTREE_EV = 27.211386245988  # CODATA 2018
COVALENT_RADII = {"H": 0.31, "C": 0.76, "N": 0.71, "O": 0.66, "F": 0.57}  # Å, doi:10.1039/b801115j
BOND_FACTOR = 1.25  # atoms nearer than this times the sum of their radii count as bound
SMALLEST_GAP = 1.5  # eV; below it a closed-shell minimum is doubtful
RECIPE = 1  # to be raised when a change of this file makes cached results stale
# In every set, however few molecules: the ones everybody knows.
KNOWN = ("C", "N", "O", "CC", "C=C", "C#C", "CO", "CN", "C=O", "C#N", "CF", "O=CO", "NC=O", "CC#N", "COC", "CCO",
         "CC(=O)O", "CC(C)=O", "c1ccccc1", "c1ccncc1", "c1cc[nH]c1", "c1ccoc1", "FC(F)(F)F", "C[N+](=O)[O-]")


def smiles_stream(seed):
    """Distinct canonical SMILES without end; the same for the same seed."""
    rng = random.Random(f"soapstone organics {seed}")
    seen = set()
    known = (Chem.MolToSmiles(Chem.MolFromSmiles(s)) for s in KNOWN)
    grown = (molecule_growth.candidate(rng) for _ in itertools.count())
    for smiles in itertools.chain(known, grown):
        if smiles and smiles not in seen:
            seen.add(smiles)
            yield smiles


def embed(smiles, seed):
    """One conformer with hydrogens, relaxed by a force field, or None."""
    mol = Chem.AddHs(Chem.MolFromSmiles(smiles))
    parameters = AllChem.ETKDGv3()
    # A conformer seed of its own per molecule: a result does not depend on what came before it.
    parameters.randomSeed = int(hashlib.sha1(f"{seed} {smiles}".encode()).hexdigest()[:7], 16)
    if AllChem.EmbedMolecule(mol, parameters) != 0:
        parameters.useRandomCoords = True
        if AllChem.EmbedMolecule(mol, parameters) != 0:
            return None
    if AllChem.MMFFHasAllMoleculeParams(mol):
        AllChem.MMFFOptimizeMolecule(mol, maxIters=1000)
    else:
        AllChem.UFFOptimizeMolecule(mol, maxIters=1000)
    return mol


def bonds_by_distance(symbols, positions):
    radii = np.array([COVALENT_RADII[s] for s in symbols])
    distances = np.linalg.norm(positions[:, None] - positions[None], axis=-1)
    bound = np.triu(distances < BOND_FACTOR * (radii[:, None] + radii[None]), k=1)
    return {(int(i), int(j)) for i, j in np.argwhere(bound)}


def run_xtb(mol):
    """Relaxed positions (Å), total energy (hartree) and orbital gap (eV), or None when xtb does not converge."""
    # One thread and one instruction set for BLAS: sums of another order would change the last digits.
    environment = dict(os.environ, OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", OPENBLAS_CORETYPE="Haswell")
    with tempfile.TemporaryDirectory(prefix="organics-") as folder:
        Path(folder, "mol.xyz").write_text(Chem.MolToXYZBlock(mol))
        done = subprocess.run(["xtb", "mol.xyz", "--gfn", "2", "--opt", "tight"], cwd=folder, env=environment,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, timeout=300)
        energies = re.findall(r"\| TOTAL ENERGY\s+(-?[\d.]+) Eh", done.stdout)
        gaps = re.findall(r"\| HOMO-LUMO GAP\s+(-?[\d.]+) eV", done.stdout)
        if done.returncode or "GEOMETRY OPTIMIZATION CONVERGED" not in done.stdout or not energies or not gaps:
            return None
        rows = [line.split() for line in Path(folder, "xtbopt.xyz").read_text().splitlines()[2:]]
    return np.array([row[1:4] for row in rows], dtype=float), float(energies[-1]), float(gaps[-1])


def relax(smiles, seed):
    """What became of one molecule: {"rejected": why}, or symbols, positions and energy in eV."""
    mol = embed(smiles, seed)
    if mol is None:
        return {"rejected": "not embedded"}
    result = run_xtb(mol)
    if result is None:
        return {"rejected": "xtb did not converge"}
    positions, hartree, gap = result
    symbols = [atom.GetSymbol() for atom in mol.GetAtoms()]
    wanted = {tuple(sorted((b.GetBeginAtomIdx(), b.GetEndAtomIdx()))) for b in mol.GetBonds()}
    if bonds_by_distance(symbols, positions) != wanted:
        return {"rejected": "connectivity changed"}
    if gap < SMALLEST_GAP:
        return {"rejected": f"gap below {SMALLEST_GAP} eV"}
    positions -= positions.mean(axis=0)
    return {"symbols": symbols, "positions": positions.tolist(), "energy": hartree * HARTREE_EV}


def cached_relax(job):
    smiles, seed, cache = job
    file = cache / (hashlib.sha1(smiles.encode()).hexdigest() + ".json")
    if file.exists():
        return json.loads(file.read_text())
    result = relax(smiles, seed)
    partial = file.with_suffix(f".{os.getpid()}.tmp")  # renamed when whole: a killed run leaves no half entries
    partial.write_text(json.dumps(dict(result, smiles=smiles)))
    partial.rename(file)
    return result


def xtb_version():
    text = subprocess.run(["xtb", "--version"], capture_output=True, text=True, check=True).stdout
    return re.search(r"xtb version (\S+)", text).group(1)


def frame_of(smiles, result):
    keys = {"energy": f"{result['energy']:.8f}", "energy_unit": "eV", "smiles": f'"{smiles}"',
            "method": "GFN2-xTB"}
    return xyz_archive.Frame(result["symbols"], np.array(result["positions"]), keys)


def collect(count, seed, processes, cache):
    """The first `count` molecules of the stream that pass, and how many were rejected for which reason."""
    frames, rejected, start = [], collections.Counter(), time.time()
    stream = smiles_stream(seed)
    with multiprocessing.Pool(processes, initializer=os.nice, initargs=(10,)) as pool:
        while len(frames) < count:
            block = list(itertools.islice(stream, 32 * processes))
            results = pool.imap(cached_relax, [(s, seed, cache) for s in block])
            for smiles, result in zip(block, results):
                if "rejected" in result:
                    rejected[result["rejected"]] += 1
                elif len(frames) < count:
                    frames.append(frame_of(smiles, result))
            print(f"{len(frames)} of {count}, {time.time() - start:.0f} s", file=sys.stderr, flush=True)
    return frames, rejected


def shuffle(frames, seed):
    """Fisher-Yates on random() alone, the one method whose values Python promises to keep."""
    rng = random.Random(f"soapstone shuffle {seed}")
    for i in range(len(frames) - 1, 0, -1):
        j = int(rng.random() * (i + 1))
        frames[i], frames[j] = frames[j], frames[i]


def sizes_and_rings(frames):
    """Markdown lines on what kinds of molecules there are."""
    mols = [Chem.MolFromSmiles(f.keys["smiles"].strip('"')) for f in frames]
    heavy = collections.Counter(m.GetNumAtoms() for m in mols)
    rings = sum(m.GetRingInfo().NumRings() > 0 for m in mols)
    aromatic = sum(any(a.GetIsAromatic() for a in m.GetAtoms()) for m in mols)
    return ["- heavy atoms: " + ", ".join(f"{n}: {heavy[n]}" for n in sorted(heavy)),
            f"- {rings} molecules with rings, {aromatic} of them aromatic"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, default=Path(__file__).resolve().parents[2] / "inputs/data/organics.xyz.xz")
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "soapstone-organics")
    parser.add_argument("--count", type=int, default=2500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()

    versions = f"rdkit {rdkit.__version__}, xtb {xtb_version()}"
    cache = options.cache / re.sub(r"[^\w.]+", "-", f"{versions} recipe {RECIPE} seed {options.seed}")
    cache.mkdir(parents=True, exist_ok=True)
    frames, rejected = collect(options.count, options.seed, options.processes, cache)
    shuffle(frames, options.seed)
    xyz_archive.write_archive(options.output, frames)
    print(f"- {versions}; seed {options.seed}")
    print("- rejected after growth: " + (", ".join(f"{why}: {n}" for why, n in sorted(rejected.items())) or "none"))
    print("\n".join(sizes_and_rings(frames)))
    return 0 if xyz_archive.report(options.output) else 1


if __name__ == "__main__":
    sys.exit(main())
