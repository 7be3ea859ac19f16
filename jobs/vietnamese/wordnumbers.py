"""Numbers in words: the syllables of "hai mươi lăm" or "một trăm linh năm nghìn" in, their value out.

What follows a number decides how its last syllable is read: `năm` is five, and also the word for year.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from jobs.vietnamese.spans import either

_DATA = Path(__file__).resolve().parent / "units.toml"
_TENS = ("mươi", "chục")
_FILLERS = ("linh", "lẻ")


@cache
def units() -> dict[str, dict[str, Any]]:
    """Return the tables of units.toml."""
    return tomllib.loads(_DATA.read_text(encoding="utf-8"))


@cache
def syllable() -> str:
    """Return an alternation of the syllables that numbers are made of."""
    table = units()
    return either([*table["digit"], "mười", "trăm", *_TENS, *_FILLERS, *table["scale"]])


@cache
def run() -> re.Pattern[str]:
    """Return the pattern of a run of number syllables (two and more, or `mười` alone)."""
    word = syllable()
    return re.compile(rf"\b(?:{word})(?:\s+(?:{word}))+\b|\bmười\b", re.IGNORECASE)


def years_split_off(words: list[str]) -> list[str]:
    """Return `words` without a closing `năm` that means years: "ba nghìn năm" is three thousand years.

    Five after a ten is `lăm` and fifteen `mười lăm`, so `năm` at the end of a run is a year there; after `trăm` or
    a scale the reading "ba nghìn năm" = 3,500 is colloquial and press text writes it out.
    """
    if (
        len(words) > 1
        and words[-1] == "năm"
        and words[-2] not in units()["digit"]
        and words[-2] not in _FILLERS
    ):
        return words[:-1]
    return words


def parse_words(words: list[str]) -> int | None:
    """Return the value of Vietnamese number words ("hai mươi lăm", "ba triệu"), or None where they are no number."""
    table = units()
    total = group = 0
    digit: int | None = None
    seen = False
    for word in words:
        if word in table["digit"]:
            if digit is not None:
                return None
            digit = table["digit"][word]
        elif word == "mười":
            if digit is not None:
                return None
            group, seen = group + 10, True
        elif word in _TENS or word == "trăm":
            if digit is None:
                return None
            group, digit, seen = group + digit * (100 if word == "trăm" else 10), None, True
        elif word not in _FILLERS:
            scale = int(table["scale"][word])
            group += digit or 0
            if group == 0:
                return None
            total = (total + group) * scale if total and scale > total else total + group * scale
            group, digit, seen = 0, None, True
    return total + group + (digit or 0) if seen else None
