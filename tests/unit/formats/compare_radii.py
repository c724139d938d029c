# SPDX-License-Identifier: BSD-3-Clause
"""Van der Waals radii against ASE's table of the same source and RDKit's of another.

compare_radii.py STRUCTURE_DUMP   ASE (Alvarez): equal wherever it has a value. RDKit (Blue Obelisk: Bondi's for main-group elements, round
estimates of 2 to 2.4 Å for most metals, where Alvarez finds 2.4 to 3 Å): within 0.2 Å for H to Ar but the metals, and smaller by less than
0.8 Å elsewhere up to Bi. Exits 77 where one of them is absent.
"""
import math
import subprocess
import sys

try:
    from ase.data import chemical_symbols
    from ase.data.vdw_alvarez import vdw_radii
    from rdkit.Chem import GetPeriodicTable
except ImportError:
    sys.exit(77)

LIGHT_METALS = {"Li", "Be", "Na", "Mg", "Al"}


def main():
    out = subprocess.run([sys.argv[1], "radii"], check=True, capture_output=True, text=True).stdout
    ours = {symbol: float(value) for symbol, value in (line.split() for line in out.splitlines())}
    wrong = []
    for z, symbol in enumerate(chemical_symbols[:97]):
        alvarez = float(vdw_radii[z])
        if z > 0 and not math.isnan(alvarez) and ours.get(symbol) != alvarez:
            wrong.append(f"{symbol}: {ours.get(symbol)}, ASE {alvarez}")
        if symbol not in ours or z > 83:
            continue
        excess = ours[symbol] - GetPeriodicTable().GetRvdw(z)
        least, most = (-0.2, 0.2) if z <= 18 and symbol not in LIGHT_METALS else (-0.25, 0.8)
        if not least <= excess <= most:
            wrong.append(f"{symbol}: {ours[symbol]}, RDKit {GetPeriodicTable().GetRvdw(z)}")
    print(f"{len(ours)} radii; unlike the others: {wrong}")
    return 1 if wrong or len(ours) != 95 else 0


if __name__ == "__main__":
    sys.exit(main())
