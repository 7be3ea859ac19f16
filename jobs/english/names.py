"""Names on the English side: is a name there, and which capitalised runs are there at all."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from jobs.records import Mention
from jobs.vietnamese.fold import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

_RUN = re.compile(r"[A-ZĐ][\w'’-]+(?:\s+(?:[A-ZĐ][\w'’-]*))+")
_WORD = re.compile(r"[^\W_]+")
_ENDINGS = frozenset({"s", "es", "an", "ian", "ese"})
_STEM = 4  # letters that a name must have to be known by its beginning


def name_present(name: str, text: str, *, whole: bool = False) -> bool:
    """Return whether the folded `name` stands in English `text`: whole, reordered, or (not `whole`) its last two words.

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
        return any(same_word(wanted[0], word) for word in words)
    if not whole and len(wanted) >= 3 and f" {' '.join(wanted[-2:])} " in joined:
        return True
    return all(any(_same_part(want, word) for word in words) for want in wanted)


def lacking(spelt: Iterable[Mention], text: str) -> list[Mention]:
    """Return the names of a source whose certain English spelling is not in `text`; only persons may lose a part.

    A Vietnamese person goes by the last two names; a foreign one has a first name and a family name to keep.
    """
    return [
        item
        for item in spelt
        if item.english and not name_present(item.english, text, whole=not _may_be_short(item))
    ]


def _may_be_short(item: Mention) -> bool:
    from jobs.vietnamese.names import is_syllable

    foreign = item.text.isascii() and any(not is_syllable(word) for word in _WORD.findall(item.text))
    return item.kind == "person" and not foreign


@cache
def _nations() -> frozenset[str]:
    from jobs.vietnamese.names import rules

    return frozenset(
        word for nation in rules()["nations"] if nation.isascii() for word in nation.lower().split()
    )


def _same_part(want: str, word: str) -> bool:
    """Return whether two words are the same part of a name of several: only a nation is inflected there."""
    return want == word or (want in _nations() and same_word(want, word))


def same_word(want: str, word: str) -> bool:
    """Return whether two words are one name, inflected or not: `Olympic` and `Olympics`, `Asean` and `ASEAN`."""
    if want == word:
        return True
    if want in _nations():
        # Ukraine and Ukrainian, Mexico and Mexican, Iran and Iranian.
        return word[: max(4, len(want) - 3)] == want[: max(4, len(want) - 3)]
    short, long = sorted((want, word), key=len)
    if len(short) < _STEM or not long.startswith(short):
        return False
    ending = long[len(short) :]
    if ending == "n":
        return short.endswith("ia")  # Siberia and Siberian; "Chiun" for "Chiu" is somebody else
    return ending in _ENDINGS and not (ending == "s" and short.endswith("s"))  # "Recesss" is a stutter


def english_names(text: str) -> tuple[Mention, ...]:
    """Return runs of two and more capitalised words."""
    return tuple(
        Mention(
            kind="person",
            start=match.start(),
            end=match.end(),
            text=match[0],
            value=fold(match[0]).lower(),
            english=match[0],
        )
        for match in _RUN.finditer(text)
    )
