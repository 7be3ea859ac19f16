"""Helpers shared by the grammars: decimals in canonical form, alternations, non-overlapping choice."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jobs.records import Mention

_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}


def canonical(value: Decimal) -> str:
    """Return `value` without grouping, exponent or closing zeros: "3500", "91.2"."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def grouped(value: Decimal) -> str:
    """Return `value` as English writes it: "3,500", "91.2"."""
    whole, _, fraction = canonical(value).partition(".")
    return f"{int(whole):,}" + (f".{fraction}" if fraction else "")


def either(words: Iterable[str]) -> str:
    """Return an alternation of `words` for a pattern, longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


def roman(text: str) -> int | None:
    """Return the value of a Roman numeral up to 399, or None."""
    if not re.fullmatch(r"C{0,3}(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})", text) or not text:
        return None
    values = [_ROMAN[char] for char in text]
    pairs = zip(values, [*values[1:], 0], strict=True)
    return sum(-value if value < after else value for value, after in pairs)


def without_overlaps(mentions: Iterable[tuple[int, Mention]]) -> tuple[Mention, ...]:
    """Return a choice of (priority, mention): lower priority first, then longer, then earlier; in text order."""
    ranked = sorted(mentions, key=lambda item: (item[0], item[1].start - item[1].end, item[1].start))
    taken: list[Mention] = []
    covered: set[int] = set()
    for _, mention in ranked:
        places = range(mention.start, mention.end)
        if not covered.intersection(places):
            taken.append(mention)
            covered.update(places)
    return tuple(sorted(taken, key=lambda mention: mention.start))
