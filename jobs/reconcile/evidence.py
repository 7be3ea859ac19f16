"""What speaks for two values standing for one slot, in; the chance that they do, out.

A logistic model for each kind of value; its weights are data. They were fitted on planted and unplanted pairs of
real coverage, and each statement of a difference can be replayed from them.
"""

from __future__ import annotations

import math
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_TABLE = Path(__file__).resolve().parent.parent / "data" / "evidence.toml"
_SAYS_THE_SAME = 0.45  # likeness from which two sentences report the same thing


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(_TABLE.read_text(encoding="utf-8"))


def chance(kind: str, features: Mapping[str, float]) -> float:
    """Return the chance in [0, 1] that two values of `kind` stand for one slot.

    `kind` is figure, date, title, person, place, or name where it is not certain what a name is of. A feature without
    a weight says nothing.
    """
    weights = _table()[kind]["weights"]
    total = _table()[kind]["bias"] + sum(weights.get(name, 0.0) * value for name, value in features.items())
    return 1 / (1 + math.exp(-total))


def least(kind: str, alike: float) -> float:
    """Return the chance from which two values of `kind` are one slot; more is asked of sentences less alike."""
    value: float = _table()[kind]["least" if alike >= _SAYS_THE_SAME else "sure"]
    return value


@cache
def opposites() -> tuple[tuple[str, str], ...]:
    """Return the pairs of words that mean the opposite, each pair in both orders."""
    pairs = [entry.split() for entry in _table()["opposites"]]
    return tuple((a, b) for pair in pairs for a, b in (pair, pair[::-1]))
