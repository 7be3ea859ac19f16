"""Statements in, profiles out: a sentence with the weights of its words, prepared for comparison with others.

Pure. Words weigh as press text at large uses them (`background`), so that other articles change nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jobs.reconcile.background import weight

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobs.reconcile.facts import Statement, Token

VALUES = ("figure", "date", "person", "place", "name", "title")
NAMES = ("person", "place", "name")


@dataclass(slots=True)
class Profile:
    """A statement prepared for comparison."""

    statement: Statement
    vector: dict[str, float]
    norm: float
    values: frozenset[str]
    words: dict[str, float]


def profile(item: Statement) -> Profile:
    """Return `item` with the weights of its words and pairs of words, values left out."""
    counts: set[str] = set()
    previous = None
    for token in item.tokens:
        if token.slot in ("word", "negation"):
            counts.add(token.key)
            if previous is not None:
                counts.add(f"{previous} {token.key}")
            previous = token.key
        else:
            previous = None
    # A pair counts less than two words, or word order would outweigh the words.
    vector = {key: weight(key) * (0.7 if " " in key else 1.0) for key in sorted(counts)}
    return Profile(
        statement=item,
        vector=vector,
        norm=math.sqrt(sum(value * value for value in vector.values())) or 1.0,
        values=frozenset(token.key for token in item.tokens if token.slot in VALUES),
        words={key: value for key, value in vector.items() if " " not in key},
    )


def likeness(left: Profile, right: Profile) -> float:
    """Return the cosine of the words of two statements."""
    one, other = (
        (left.vector, right.vector) if len(left.vector) <= len(right.vector) else (right.vector, left.vector)
    )
    return sum(value * other[key] for key, value in one.items() if key in other) / (left.norm * right.norm)


def overlap(left: Mapping[str, float], right: Mapping[str, float]) -> float:
    """Return the weight in common as a share of the lighter side's."""
    total = min(sum(left.values()), sum(right.values()))
    return (
        sum(min(value, right[key]) for key, value in left.items() if key in right) / total if total else 0.0
    )


def contained(left: Profile, right: Profile) -> float:
    """Return the share of the weight of the shorter sentence's words that stand in the longer one."""
    return overlap(left.words, right.words)


def kind_of(token: Token) -> str:
    """Return what a value can be compared with: figures of one unit, dates, names, titles."""
    if token.slot == "figure" and token.mention is not None:
        return f"figure:{token.mention.unit or token.mention.kind}"
    return "name" if token.slot in NAMES else token.slot
