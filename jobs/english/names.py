"""Names on the English side: is a name there, and which capitalised runs are there at all."""

from __future__ import annotations

import re

from jobs.records import Mention
from jobs.vietnamese.fold import fold

_RUN = re.compile(r"[A-ZĐ][\w'’-]+(?:\s+(?:[A-ZĐ][\w'’-]*))+")
_WORD = re.compile(r"[^\W_]+")


def name_present(name: str, text: str) -> bool:
    """Return whether the folded `name` stands in English `text`: whole, reordered, or its last two words.

    One-word names must stand as a word. Case, marks and hyphens do not count.
    """
    wanted = _WORD.findall(fold(name).lower())
    if not wanted:
        return True
    words = _WORD.findall(fold(text).lower())
    joined = f" {' '.join(words)} "
    if f" {' '.join(wanted)} " in joined:
        return True
    if len(wanted) == 1:
        return False
    if len(wanted) >= 3 and f" {' '.join(wanted[-2:])} " in joined:
        return True
    return set(wanted) <= set(words)


def english_names(text: str) -> tuple[Mention, ...]:
    """Return runs of two and more capitalised words."""
    return tuple(
        Mention(
            kind="person", start=match.start(), end=match.end(), text=match[0], value=fold(match[0]).lower(), english=match[0]
        )
        for match in _RUN.finditer(text)
    )
