"""Cleaning: a raw pair in, the pair as the model will see it or the reason why it is unusable out.

Text takes the form that the job gives its input before the model (`normalise_plain`), after HTML entities and
invisible characters are gone. Pure functions; every reason is counted by the caller and reported.
"""

from __future__ import annotations

import html
import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from jobs.train.pairs import Pair
from jobs.translate.tokens import normalise_plain

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable, Iterator

    from jobs.train.config import CleaningConfig

# Zero-width characters, byte-order mark, soft hyphen, bidi controls: never meant as text.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_DOUBLED_QUOTES = re.compile(r'"{2,}')
_WORD = re.compile(r"\w+")
# From this length on a Vietnamese sentence without two marked letters is foreign, or has lost its marks.
_MARKED_FROM, _MARKED_LEAST = 7, 2
# English press text keeps the marks of some names; above this share of marked letters it is Vietnamese.
_MARKED_ENGLISH = 0.12
# Quoted Chinese or Russian names are fine, a sentence of them is another language.
_OTHER_SCRIPT = 0.15
_D_BAR = "đĐ"
# ê, ô, â and the acutes and graves of French names: in English text they prove nothing.
_TONES = frozenset("\u0309\u0323\u031b\u0306")


def normalise(text: str) -> str:
    """Return `text` with entities resolved, invisible characters gone, quotes straight, spaces single."""
    plain = normalise_plain(_INVISIBLE.sub("", html.unescape(text)))
    return _DOUBLED_QUOTES.sub('"', plain)


@cache
def _letter(char: str) -> str:
    """Classify a character: `vi` certainly Vietnamese, `marked`, `latin`, `other` script, or empty for no letter."""
    if not char.isalpha():
        return ""
    if char in _D_BAR:
        return "vi"
    parts = unicodedata.normalize("NFD", char)
    if not unicodedata.name(parts[0], "").startswith("LATIN"):
        return "other"
    if len(parts) == 1:
        return "latin"
    return "vi" if len(parts) > 2 or _TONES.intersection(parts) else "marked"


def fault(vi: str, en: str, limits: CleaningConfig) -> str | None:
    """Return why a normalised pair is unusable, or None: empty, length, ratio, language, equal."""
    words_vi, words_en = len(vi.split()), len(en.split())
    if not _WORD.search(vi) or not _WORD.search(en):
        return "empty"
    if max(words_vi, words_en) > limits.max_words:
        return "length"
    long = max(words_vi, words_en) > limits.ratio_from
    if long and (words_vi > limits.max_ratio_vi * words_en or words_en > limits.max_ratio_en * words_vi):
        return "ratio"
    kinds_vi, kinds_en = [_letter(char) for char in vi], [_letter(char) for char in en]
    marked = kinds_vi.count("vi") + kinds_vi.count("marked")
    if words_vi >= _MARKED_FROM and marked < _MARKED_LEAST:
        return "language"
    letters_en = sum(map(bool, kinds_en))
    if kinds_en.count("vi") > _MARKED_ENGLISH * letters_en:
        return "language"
    if kinds_vi.count("other") > _OTHER_SCRIPT * len(vi) or kinds_en.count("other") > _OTHER_SCRIPT * len(en):
        return "language"
    return "equal" if vi.casefold() == en.casefold() else None


def words_of(text: str) -> list[str]:
    """Return the comparable words of `text`: lower case, without punctuation."""
    return _WORD.findall(text.casefold())


def clean(pairs: Iterable[Pair], limits: CleaningConfig, dropped: Counter[str]) -> Iterator[Pair]:
    """Yield the usable pairs, each once whatever its case and punctuation; count the others in `dropped`."""
    seen: set[int] = set()
    for pair in pairs:
        vi, en = normalise(pair.vi), normalise(pair.en)
        reason = fault(vi, en, limits)
        if reason is None:
            key = hash((tuple(words_of(vi)), tuple(words_of(en))))
            reason = "repeated" if key in seen else None
            seen.add(key)
        if reason is None:
            yield Pair(pair.label, vi, en)
        else:
            dropped[reason] += 1
