"""Two values in their sentences in, how much the words around them agree out. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jobs.reconcile.background import weight
from jobs.reconcile.profiles import overlap

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobs.reconcile.facts import Statement

WINDOW, _NARROW = 6, 3  # tokens on each side that make up the surroundings of a value
_SLOT_WEIGHT = 5.0  # of a figure, date or name among the surroundings; words weigh 1 to 9.6


@dataclass(frozen=True, slots=True)
class Around:
    """How much the surroundings of two values agree: shares of weight, and tokens in a row on either side."""

    wide: float
    narrow: float
    tight: float
    before: int
    after: int

    @property
    def run(self) -> int:
        """Return the tokens in a row on both sides together."""
        return self.before + self.after

    @classmethod
    def of(cls, left: Statement, i: int, right: Statement, j: int) -> Around:
        """Compare the surroundings of token `i` of `left` with those of token `j` of `right`."""
        near = surroundings(left, i, _NARROW), surroundings(right, j, _NARROW)
        return cls(
            wide=overlap(surroundings(left, i, WINDOW), surroundings(right, j, WINDOW)),
            narrow=overlap(*near),
            tight=_common(*near),
            before=_row(left, i, right, j, -1),
            after=_row(left, i, right, j, 1),
        )


def surroundings(item: Statement, at: int, window: int) -> dict[str, float]:
    """Return the keys within `window` tokens of position `at`, weighed less the farther they stand."""
    found: dict[str, float] = {}
    for distance in range(1, window + 1):
        for index in (at - distance, at + distance):
            if 0 <= index < len(item.tokens):
                token = item.tokens[index]
                value = (weight(token.key) if token.slot == "word" else _SLOT_WEIGHT) / (1 + distance / 3)
                found[token.key] = max(value, found.get(token.key, 0.0))
    return found


def _common(left: Mapping[str, float], right: Mapping[str, float]) -> float:
    """Return the weight in common as a share of the weight of both sides."""
    shared = sum(min(value, right[key]) for key, value in left.items() if key in right)
    return shared / ((sum(left.values()) + sum(right.values()) - shared) or 1.0)


def _row(left: Statement, i: int, right: Statement, j: int, step: int) -> int:
    """Return how many tokens in a row agree from the two positions on, four at most."""
    count = 0
    while count < 4:
        i, j = i + step, j + step
        inside = 0 <= i < len(left.tokens), 0 <= j < len(right.tokens)
        if not any(inside):
            return max(count, 1)  # both stand at the edge of their sentences
        if not all(inside) or left.tokens[i].key != right.tokens[j].key:
            break
        count += 1
    return count
