"""Words that English carries over: foreign names in Latin letters, acronyms, Vietnamese places after their head.

Vietnamese press text writes `Stanford`, `Kuala Lumpur` and `NATO` as English does, and `xã Lương Phi` loses its
marks. A word counts as foreign when it cannot be a Vietnamese syllable; acronyms of Vietnamese words are left out.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from jobs.records import Mention
from jobs.vietnamese.fold import fold
from jobs.vietnamese.names import UPPER, is_syllable, rules
from jobs.vietnamese.spans import either

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_LETTERS = r"A-Za-zÀ-ÿĀ-ž"
_TOKEN = re.compile(rf"(?<![\w@/.])[{_LETTERS}]+(?:['’-][{_LETTERS}]+)*(?![\w@])")
_PARTICLES = frozenset(
    {
        "of",
        "the",
        "and",
        "for",
        "de",
        "da",
        "do",
        "dos",
        "del",
        "di",
        "la",
        "le",
        "du",
        "al",
        "bin",
        "van",
        "von",
        "der",
    }
)
_NOT_LATIN = re.compile(r"[ăâđêôơưĂÂĐÊÔƠƯạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)
_SHORTEST = 3  # letters: shorter capitals are mostly parts of codes


@cache
def _places() -> re.Pattern[str]:
    heads = either(rules()["spelt_place_heads"])
    return re.compile(
        rf"(?<!\w)(?:{heads})\s+(?P<name>[{UPPER}][^\W\d_]+(?:\s+[{UPPER}][^\W\d_]+){{1,3}})(?!\w)"
    )


def carried(text: str, known: Iterable[Mention]) -> tuple[Mention, ...]:
    """Return the words of `text` that must stand in the English, outside the spans of `known`."""
    taken = [(mention.start, mention.end) for mention in known]
    found = []
    for mention in sorted([*_foreign(text, taken), *_spelt(text)], key=lambda item: item.start):
        if all(mention.end <= start or mention.start >= end for start, end in taken):
            found.append(mention)
            taken.append((mention.start, mention.end))
    return tuple(found)


def _foreign(text: str, taken: Sequence[tuple[int, int]]) -> Iterator[Mention]:
    """Yield runs of capitalised words with a foreign word in them ("Rio Grande do Sul", "Harvard")."""
    run: list[re.Match[str]] = []
    tokens = [
        match
        for match in _TOKEN.finditer(text)
        if all(match.end() <= start or match.start() >= end for start, end in taken)
    ]
    for match in [*tokens, None]:
        joined = not run or (match is not None and text[run[-1].end() : match.start()] == " ")
        if match is not None and joined and (_capital(match[0]) or (run and match[0] in _PARTICLES)):
            run.append(match)
            continue
        yield from _run(text, run)
        run = [match] if match is not None and _capital(match[0]) else []


def _capital(word: str) -> bool:
    return word[0].isupper() and not _NOT_LATIN.search(word)


def _run(text: str, run: list[re.Match[str]]) -> Iterator[Mention]:
    while run and (run[-1][0] in _PARTICLES or not (is_foreign(run[-1][0]) or _first_name(run[-1]))):
        run.pop()
    while run and not (is_foreign(run[0][0]) or _first_name(run[0])):
        run.pop(0)
    if run and any(is_foreign(match[0]) for match in run):
        start, end = run[0].start(), run[-1].end()
        name = text[start:end]
        yield Mention(
            kind="acronym" if name.isupper() else "place",
            start=start,
            end=end,
            text=name,
            value=fold(name).lower(),
            english=name,
        )


def _first_name(match: re.Match[str]) -> bool:
    """Return whether a word in Vietnamese shape may be part of a foreign name ("Kim Hourn"): not at the start."""
    word, table = match[0], rules()
    known = (
        word in table["nations"] or word in table["not_names"] or word.upper() in table["vietnamese_acronyms"]
    )
    return word.isascii() and len(word) >= _SHORTEST and match.start() > 0 and not known


@cache
def is_foreign(word: str) -> bool:
    """Return whether a capitalised `word` is neither a Vietnamese syllable nor a Vietnamese acronym."""
    table = rules()
    if len(word) < _SHORTEST or word in table["exonyms"] or word.upper() in table["vietnamese_acronyms"]:
        return False
    if word.isupper():
        return True
    parts = [part for part in re.split(r"['’-]", fold(word)) if len(part) >= _SHORTEST]
    return bool(parts) and not any(is_syllable(part) for part in parts)


def _spelt(text: str) -> Iterator[Mention]:
    """Yield Vietnamese places after their head, spelt without marks in English ("xã Lương Phi")."""
    table = rules()
    if any(word in text for word in table["sinophone"]):
        return
    for match in _places().finditer(text):
        name = match["name"]
        if name not in table["pinyin_places"] and not any(
            word in table["not_names"] for word in name.split(" ")[:1]
        ):
            english = fold(name)
            yield Mention(
                kind="place",
                start=match.start("name"),
                end=match.end("name"),
                text=name,
                value=english.lower(),
                english=english,
            )
