# SPDX-License-Identifier: BSD-3-Clause
"""Random growth of small molecular graphs under valence rules.

No database is consulted: a graph starts from one atom or one ring, grows by atoms and functional groups, closes
rings, gains multiple bonds, and is kept when rdkit accepts it and none of the rules against unstable patterns
applies. The same random stream always gives the same molecules.
"""
from rdkit import Chem, RDLogger

RDLogger.DisableLog("rdApp.*")

VALENCE = {"C": 4, "N": 3, "O": 2, "F": 1}
SIZES, SIZE_WEIGHTS = range(2, 10), (1, 2, 4, 8, 15, 22, 25, 23)  # heavy atoms; weights in per cent
ATOMS, ATOM_WEIGHTS = "CNO", (66, 15, 19)
FLUORINE_SHARE = 0.09  # of the grown graphs that get fluorine
RING_SIZES, RING_WEIGHTS = (3, 4, 5, 6), (15, 15, 38, 32)
CLOSURE_WEIGHTS = {3: 12, 4: 15, 5: 40, 6: 30, 7: 3}  # ring size that a closing bond makes

# Substituents: elements, bonds (i, j, order), weight. The first atom is bound to the host.
GROUPS = (
    ("CO", ((0, 1, 2),), 45),             # carbonyl, growing into acids, esters, amides, ketones
    ("CN", ((0, 1, 3),), 14),             # nitrile
    ("CC", ((0, 1, 3),), 12),             # alkyne
    ("CC", ((0, 1, 2),), 20),             # alkene
    ("CN", ((0, 1, 2),), 5),              # imine
    ("NOO", ((0, 1, 2), (0, 2, 1)), 4),   # nitro, with charges set at the end
)

# Patterns that are unstable, strained beyond reason, or tautomers of something else in the set.
FORBIDDEN = {name: Chem.MolFromSmarts(pattern) for name, pattern in {
    "peroxide": "[#8][#8]",
    "N-F or O-F": "[#7,#8]F",
    "three bound heteroatoms": "[N,O;+0]~[N,O;+0]~[N,O;+0]",
    "four bound aromatic heteroatoms": "[#7,#8]~[#7,#8]~[#7,#8]~[#7,#8]",
    "nitro on a heteroatom": "[#7,#8;+0][N+]",
    "hemiacetal, geminal diol, aminal with H": "[CX4]([OX2H,NX3;!H0])[OX2,NX3,F]",
    "three N or O at one sp3 carbon": "[CX4]([N,O])([N,O])[N,O]",
    "enol": "[CX3;!a]=[CX3;!a][OX2H]",
    "primary enamine": "[CX3;!a]=[CX3;!a][NX3;H2]",
    "heteroatom at an alkyne": "[CX2]#[CX2][N,O,F]",
    "carbonic or carbamic acid": "[OX2H]C(=O)[N,O,F]",
    "imidic acid": "[OX2H][CX3]=[NX2]",
    "nitroso": "[NX2]=[OX1]",
    "diazene with H": "[NX2H]=[NX2]",
    "long cumulene": "*=C=C=*",
    "cumulene in a ring": "*=[C;R]=*",
    "triple bond in a ring": "[*;R]#@*",
    "aromatic atom in a ring of three or four": "[a;r3,r4]",
    "OH or NH at a ketene": "[N,O;!H0]C=C=*",
    "acyl nitro": "[N+]C=[N,O]",
    "nitro on a triple bond": "[N+]C#*",
    "double bond at a three-ring": "[r3]=*",
    "two heteroatoms in a three-ring": "[N,O;r3][N,O;r3]",
    "cyclobutadiene": "*1=**=*1",
}.items()}


class Graph:
    """A hydrogen-free graph under construction: elements and bond orders."""

    def __init__(self):
        self.elements, self.bonds = [], {}

    def add(self, elements, bonds):
        base = len(self.elements)
        self.elements += elements
        self.bonds.update({(base + i, base + j): order for i, j, order in bonds})
        return base

    def is_nitro(self, i):
        """Nitrogen with one double bond and two more atoms: pentavalent here, charged in the molecule."""
        return self.elements[i] == "N" and self.used(i) > 3

    def used(self, i):
        return sum(order for pair, order in self.bonds.items() if i in pair)

    def free(self, i):
        return max(VALENCE[self.elements[i]] - self.used(i), 0)

    def distances(self, start):
        """Number of bonds from `start` to each atom."""
        reached, front = {start: 0}, [start]
        for i in front:
            for a, b in self.bonds:
                for near, far in ((a, b), (b, a)):
                    if near == i and far not in reached:
                        reached[far] = reached[i] + 1
                        front.append(far)
        return reached


def ring(rng, size):
    """A ring, saturated or (five and six atoms, half of them) with alternating double bonds."""
    aromatic = size >= 5 and rng.random() < 0.5
    elements = ["N" if rng.random() < 0.12 else "C" for _ in range(size)]
    if size == 5 and aromatic:
        elements[0] = rng.choice("NO")
    elif not aromatic and rng.random() < 0.3:
        elements[0] = rng.choice("NO")
    doubled = {5: (1, 3), 6: (0, 2, 4)}[size] if aromatic else ()
    bonds = [(i, i + 1, 2 if i in doubled else 1) for i in range(size - 1)] + [(0, size - 1, 1)]
    return elements, bonds


def seed_graph(rng, size):
    graph = Graph()
    ring_size = rng.choices(RING_SIZES, RING_WEIGHTS)[0]
    if ring_size <= size and rng.random() < 0.5:
        graph.add(*ring(rng, ring_size))
    else:
        graph.add(rng.choices(ATOMS, (85, 7, 8)), ())
    return graph


def hosts(graph, partner):
    """Atoms that may take a single bond to `partner`, repeated by their free valences."""
    allowed = {"C": "CNO", "N": "CN", "O": "CN", "F": "C"}[partner]
    return [i for i, e in enumerate(graph.elements) if e in allowed for _ in range(graph.free(i))]


def attach(rng, graph, elements, bonds):
    choices = hosts(graph, elements[0])
    # Bonds between heteroatoms exist (hydrazines, oximes) but are rare.
    if elements[0] in "NO" and rng.random() < 0.85:
        choices = [i for i in choices if graph.elements[i] == "C"]
    if not choices:
        return False
    host = rng.choice(choices)
    base = graph.add(elements, bonds)
    graph.bonds[(host, base)] = 1
    return True


def substituent(rng, room):
    """A single atom or a functional group of at most `room` heavy atoms."""
    fitting = [g for g in GROUPS if len(g[0]) <= room]
    if fitting and rng.random() < 0.28:
        elements, bonds, _ = rng.choices(fitting, [g[2] for g in fitting])[0]
        return list(elements), bonds
    return rng.choices(ATOMS, ATOM_WEIGHTS), ()


def close_rings(rng, graph):
    for _ in range(rng.choices((0, 1, 2), (62, 30, 8))[0]):
        pairs, weights = [], []
        for i in range(len(graph.elements)):
            for j, steps in graph.distances(i).items():
                one_carbon = "C" in (graph.elements[i], graph.elements[j])
                if i < j and steps + 1 in CLOSURE_WEIGHTS and one_carbon and graph.free(i) and graph.free(j):
                    pairs.append((i, j))
                    weights.append(CLOSURE_WEIGHTS[steps + 1])
        if pairs:
            graph.bonds[rng.choices(pairs, weights)[0]] = 1


def raise_bonds(rng, graph):
    """Turns single bonds into double and double into triple ones."""
    for _ in range(rng.choices((0, 1, 2, 3), (50, 30, 15, 5))[0]):
        able = [p for p, order in graph.bonds.items() if order < 3 and graph.free(p[0]) and graph.free(p[1])]
        if able:
            graph.bonds[rng.choice(able)] += 1


def grow(rng):
    """One random graph, or None when it got stuck."""
    size = rng.choices(SIZES, SIZE_WEIGHTS)[0]
    fluorines = rng.choices((1, 2, 3), (6, 2, 2))[0] if rng.random() < FLUORINE_SHARE else 0
    fluorines = min(fluorines, size - 1)
    graph = seed_graph(rng, size - fluorines)
    while len(graph.elements) < size - fluorines:
        if not attach(rng, graph, *substituent(rng, size - fluorines - len(graph.elements))):
            return None
    close_rings(rng, graph)
    for _ in range(fluorines):
        if not attach(rng, graph, ["F"], ()):
            return None
    raise_bonds(rng, graph)
    return graph


def molecule(graph):
    """The graph as a sanitised rdkit molecule with implicit hydrogens, or None."""
    writable = Chem.RWMol()
    for element in graph.elements:
        writable.AddAtom(Chem.Atom(element))
    for (i, j), order in graph.bonds.items():
        writable.AddBond(i, j, Chem.BondType.values[order])
    for i in filter(graph.is_nitro, range(len(graph.elements))):
        oxygens = [p for p, o in graph.bonds.items() if i in p and o == 1 and graph.elements[sum(p) - i] == "O"]
        if len(oxygens) != 1:
            return None
        writable.GetAtomWithIdx(i).SetFormalCharge(1)
        writable.GetAtomWithIdx(sum(oxygens[0]) - i).SetFormalCharge(-1)
    result = writable.GetMol()
    failed = Chem.SanitizeMol(result, catchErrors=True)
    return None if failed else result


def strained(mol):
    """Ring systems that hardly hold together: bridges over small rings, fused three-rings, Bredt violations."""
    rings = [set(r) for r in mol.GetRingInfo().AtomRings()]
    if len(rings) > 3:
        return True
    double = {a for b in mol.GetBonds() if b.GetBondType() != Chem.BondType.SINGLE
              for a in (b.GetBeginAtomIdx(), b.GetEndAtomIdx())}
    for n, a in enumerate(rings):
        for b in rings[:n]:
            shared, smaller, larger = len(a & b), *sorted((len(a), len(b)))
            if shared > 2 and (smaller < 5 or a & b & double):
                return True
            if shared == 2 and (smaller + larger < 8 or (smaller < 5 and a & b & double)):
                return True
    return False


def acceptable(mol):
    return not strained(mol) and not any(mol.HasSubstructMatch(p) for p in FORBIDDEN.values())


def candidate(rng):
    """Canonical SMILES of one random molecule, or None."""
    graph = grow(rng)
    mol = molecule(graph) if graph else None
    if mol is None or not acceptable(mol):
        return None
    smiles = Chem.MolToSmiles(mol)
    # What the SMILES means must pass too: aromaticity perceived again may differ from that of the graph.
    again = Chem.MolFromSmiles(smiles)
    return smiles if again is not None and acceptable(again) else None
