# SPDX-License-Identifier: BSD-3-Clause
"""The periodic table: places, families and their colours."""
from .inputs import InputError, read_text

SYMBOLS = """H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr Rb Sr Y Zr Nb Mo Tc Ru Rh Pd
Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu
Am Cm Bk Cf Es Fm Md No Lr Rf Db Sg Bh Hs Mt Ds Rg Cn Nh Fl Mc Lv Ts Og""".split()
NUMBERS = {symbol: z for z, symbol in enumerate(SYMBOLS, 1)}

# Families that alike elements are expected in. The d block is one of them; so is the f block.
FAMILIES = {"hydrogen": "#000000", "alkali metals": "#D55E00", "alkaline earths": "#E69F00", "d block": "#8C8C8C", "f block": "#A6761D",
            "group 13": "#56B4E9", "group 14": "#0072B2", "group 15": "#332288", "chalcogens": "#CC79A7", "halogens": "#009E73",
            "noble gases": "#882255"}
COLUMN_FAMILIES = {1: "alkali metals", 2: "alkaline earths", 13: "group 13", 14: "group 14", 15: "group 15", 16: "chalcogens",
                   17: "halogens", 18: "noble gases"}
NOBLE = (2, 10, 18, 36, 54, 86, 118)


def atomic_number(symbol):
    if symbol not in NUMBERS:
        raise InputError(f"'{symbol}' is not the symbol of an element")
    return NUMBERS[symbol]


def place(symbol):
    """(period, group) from 1; lanthanides and actinides stand in rows 8.5 and 9.5 below the table."""
    z = atomic_number(symbol)
    period = next(i for i, last in enumerate(NOBLE, 1) if z <= last)
    after = z - ([0] + list(NOBLE))[period - 1]  # 1 for the alkali metal
    if period == 1:
        return 1, 1 if z == 1 else 18
    if period <= 3:
        return period, after if after <= 2 else after + 10
    if period <= 5:
        return period, after
    if 3 <= after <= 16:  # La to Yb, Ac to No
        return period + 2.5, after
    return period, after if after <= 2 else after - 14


def family(symbol):
    period, column = place(symbol)
    if symbol == "H":
        return "hydrogen"
    if period > 7:
        return "f block"
    return COLUMN_FAMILIES.get(column, "d block")


def column(symbol):
    """Group 1 to 18 as a label; the f block is one of its own."""
    period, group = place(symbol)
    return "f block" if period > 7 else f"group {group}"


def groups_of(elements, choice):
    """A group for each element. `choice`: families, columns, or a file with lines of `name: El El El`."""
    if choice in ("families", "columns"):
        return [(family if choice == "families" else column)(symbol) for symbol in elements]
    found = {}
    for line in read_text(choice).splitlines():
        if line.split("#")[0].strip():
            name, colon, members = line.split("#")[0].partition(":")
            if not colon:
                raise InputError(f"{choice}: '{line.strip()}' is not a group of the form 'name: El El El'")
            found.update(dict.fromkeys(members.split(), name.strip()))
    for symbol in elements:
        if symbol not in found:
            raise InputError(f"{choice}: no group contains {symbol}")
    return [found[symbol] for symbol in elements]


def colours_of(groups):
    """Group: colour, in the order of the table of families or of first appearance."""
    from .style import COLOURS
    present = list(dict.fromkeys(groups))
    if all(name in FAMILIES for name in present):
        return {name: colour for name, colour in FAMILIES.items() if name in present}
    if len(present) <= len(COLOURS):
        return dict(zip(present, COLOURS))
    import matplotlib
    shades = matplotlib.colormaps["tab20"]
    ordered = sorted(present, key=lambda name: (len(name), name))
    return {name: shades(i % 20) for i, name in enumerate(ordered)}
