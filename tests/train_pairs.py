"""Seeded parallel text for the training tests, drawn from tests/data/train/grammar.toml."""

import random
import tomllib
from pathlib import Path

GRAMMAR = tomllib.loads((Path(__file__).parent / "data/train/grammar.toml").read_text(encoding="utf-8"))
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def _date(rng):
    day, month, year = rng.randint(1, 28), rng.randint(1, 12), rng.randint(2019, 2026)
    return f"{day}/{month}/{year}", f"{MONTHS[month - 1]} {day}, {year}"


def _figure(rng):
    number = f"{rng.randint(1000, 99999):,}"
    return number.replace(",", "."), number


def pairs(count, seed=7):
    """Return `count` different (Vietnamese, English) sentences."""
    rng = random.Random(seed)
    found = {}
    while len(found) < count:
        template = rng.choice(GRAMMAR["template"])
        chosen = {name: rng.choice(values) for name, values in GRAMMAR["slots"].items()}
        chosen |= {"date": _date(rng), "figure": _figure(rng)}
        vi, en = (template[side].format(**{name: value[place] for name, value in chosen.items()})
                  for place, side in enumerate(("vi", "en")))  # fmt: skip
        found[vi] = en[0].upper() + en[1:]
    return list(found.items())


def write_pairs(path, rows, label="press"):
    """Write a training file of one label."""
    path.write_text("".join(f"{label}\t{vi}\t{en}\n" for vi, en in rows), encoding="utf-8")
    return path
