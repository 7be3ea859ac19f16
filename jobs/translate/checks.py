"""Checks of one pair: Vietnamese, English and what was found in the Vietnamese in, flags out.

Each flag has a code of `data/checks.toml`, whose weights make the quality estimate (0 is clean), and a detail
that a person understands. Checks do not change anything; `repair` and the brief act on them.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from jobs.records import Flag
from jobs.translate.checkrules import rules
from jobs.translate.negation import negation_lost
from jobs.translate.termcheck import terms_missing
from jobs.vietnamese.names import UPPER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobs.english import FigureMatch
    from jobs.records import Mention
    from jobs.translate.express import Understood

_WORD = re.compile(r"\w+(?:['’]\w+)?")
_MARKED_WORD = re.compile(r"\b\w*[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]\w*\b", re.IGNORECASE)
_MARKED_NAME = re.compile(rf"[{UPPER}][^\W\d_]*(?:\s[{UPPER}][^\W\d_]*)+")


def check_pair(vi: str, en: str, understood: Understood) -> tuple[Flag, ...]:
    """Return every finding about `en` as a translation of `vi`, in a fixed order."""
    if not en.strip():
        return (Flag(code="empty", detail="no English was produced"),)
    flags = [
        *_lunar(understood.figures),
        *_figures(figure_match(vi, en, understood)),
        *_approximations(understood, en),
        *_names(understood.spelt, en),
        *_terms(understood.terms, en),
        *negation_lost(vi, en),
        *_length(vi, en),
        *_repetition(vi, en),
        *_leftover(vi, en),
        *_made_up(vi, en),
        *_quotes(vi, en),
    ]
    return tuple(flags)


def figure_match(vi: str, en: str, understood: Understood) -> FigureMatch:
    """Compare the figures of both sides."""
    return _matched(vi, en, understood.figures)


@lru_cache(maxsize=1024)  # the check, the repair in place and what is lost ask for the same pair
def _matched(vi: str, en: str, found: tuple[Mention, ...]) -> FigureMatch:
    from jobs.english import figures, match_figures

    return match_figures(found, figures(en), vi, en)


def _figures(match: FigureMatch) -> list[Flag]:
    flags = [
        Flag(code="figure_altered", detail=f"“{vi.text}” became “{en.text}”" + _amounts(vi, en))
        for vi, en in match.altered
    ]
    flags += [
        Flag(code="figure_missing", detail=f"“{mention.text}” is not in the English")
        for mention in match.missing
    ]
    flags += [
        Flag(code="figure_added", detail=f"“{mention.text}” is not in the Vietnamese")
        for mention in match.added
    ]
    return flags


def _amounts(vi: Mention, en: Mention) -> str:
    """Say the amounts where the words alone do not show the difference ("5" of "5 đến 9 triệu won")."""
    if vi.text != en.text and not {vi.text, en.text} & {vi.value, en.value}:
        return ""
    return f" ({' '.join(filter(None, (vi.value, vi.unit)))}, {' '.join(filter(None, (en.value, en.unit)))})"


def _lunar(figures: Sequence[Mention]) -> list[Flag]:
    return [
        Flag(
            code="lunar_date",
            detail=f"“{mention.text}” is a date of the lunar calendar, left as the source gives it",
        )
        for mention in figures
        if mention.unit == "lunar"
    ]


def _names(names: Sequence[Mention], en: str) -> list[Flag]:
    from jobs.english.names import lacking

    flags = [
        Flag(code="name_missing", detail=f"the name {name.english} is not in the English")
        for name in lacking(names, en)
    ]
    return list(dict.fromkeys(flags))


def _terms(terms: Sequence[Mention], en: str) -> list[Flag]:
    flags = [
        Flag(code="term_missing", detail=f"“{term.text}” should read {term.english}")
        for term in terms_missing(terms, en)
    ]
    return list(dict.fromkeys(flags))


def _length(vi: str, en: str) -> list[Flag]:
    bounds = rules()["length"]
    syllables, words = len(_WORD.findall(vi)), len(_WORD.findall(en))
    if syllables < bounds["from_syllables"]:
        return []
    ratio = words / syllables
    if ratio < bounds["least"]:
        return [
            Flag(
                code="too_short",
                detail=f"{words} English words for {syllables} syllables: something is left out",
            )
        ]
    if ratio > bounds["most"]:
        return [
            Flag(
                code="too_long", detail=f"{words} English words for {syllables} syllables: something is added"
            )
        ]
    return []


def _repetition(vi: str, en: str) -> list[Flag]:
    source = " ".join(word.lower() for word in _WORD.findall(vi))
    # A stop or comma between the two is a new clause that takes the word up again, no stutter.
    for piece in re.split(r"[.,;:!?()“”\"—–]+(?:\s|$)|\s[-–—]\s|—", en):
        words = [word.lower() for word in _WORD.findall(piece)]
        for size in range(1, 7):
            for start in range(len(words) - 2 * size + 1):
                run = words[start : start + size]
                if run != words[start + size : start + 2 * size]:
                    continue
                times = 2
                while words[start + times * size : start + (times + 1) * size] == run:
                    times += 1
                if (
                    times >= (2 if size > 1 else 3)
                    and run[-1] not in {"and", "or"}
                    and " ".join(run * 2) not in source
                ):
                    return [
                        Flag(code="repetition", detail=f"“{' '.join(run)}” is said {times} times in a row")
                    ]
    words = [word.lower() for word in _WORD.findall(en)]
    said = Counter(zip(*(words[start:] for start in range(4)), strict=False))
    syllables = source.split()
    in_source = max(Counter(pairwise(syllables)).values(), default=0)
    for run4, times in said.items():
        if times >= 3 and times > in_source:
            return [Flag(code="repetition", detail=f"“{' '.join(run4)}” is said {times} times")]
    return []


def _leftover(vi: str, en: str) -> list[Flag]:
    if en.strip() == vi.strip() and len(_WORD.findall(vi)) > 3:
        return [Flag(code="untranslated", detail="the English is the Vietnamese text")]
    given = set(_WORD.findall(vi))
    # A name in capitals may keep its marks, as some newsrooms do.
    found = [
        word for word in dict.fromkeys(_MARKED_WORD.findall(en)) if word[0].islower() or word not in given
    ]
    if found:
        return [Flag(code="leftover", detail=f"Vietnamese is left over: {', '.join(found[:5])}")]
    return []


@cache
def _approximating() -> tuple[re.Pattern[str], re.Pattern[str]]:
    table = rules()["approximating"]
    before, after = (
        "|".join(sorted(table[side], key=lambda item: (-len(item), item))) for side in ("before", "after")
    )
    return re.compile(rf"\b(?:{before})\b", re.IGNORECASE), re.compile(
        rf"\W*(?:\w+\s+){{0,2}}(?:{after})", re.IGNORECASE
    )


def _approximations(understood: Understood, en: str) -> list[Flag]:
    """A figure that the source calls approximate must not stand as an exact one."""
    before, after = _approximating()
    called = {item.end: item for item in understood.figures if item.approx and item.english}
    flags = []
    for compound in understood.compounds:
        figure = called.get(compound.end)
        if figure is None or compound.start >= figure.start:
            continue
        places = [
            match.span() for match in re.finditer(rf"(?<![\w.,]){re.escape(figure.english or '')}(?!\w)", en)
        ]
        if places and not any(
            before.search(en[max(0, a - 45) : a]) or after.match(en[b:]) for a, b in places
        ):
            detail = f"“{compound.text}” stands as exactly {figure.english}"
            flags.append(Flag(code="approx_lost", detail=detail))
    return list(dict.fromkeys(flags))


def _made_up(vi: str, en: str) -> list[Flag]:
    from jobs.english.lexicon import made_up

    found = made_up(en, vi)
    if not found:
        return []
    return [Flag(code="made_up", detail=f"no English word: {', '.join(found[:5])}")]


def _quotes(vi: str, en: str) -> list[Flag]:
    source, target = _marks(vi), _marks(en)
    if source % 2 == 0 and target % 2:
        return [Flag(code="quotes", detail="a quotation mark is opened or closed only once")]
    if source >= 2 and not target and "'" not in en and "’" not in en:
        return [Flag(code="quotes", detail="words in quotation marks have lost them")]
    return []


def _marks(text: str) -> int:
    # `""` is one mark, doubled by a table; marks around the whole sentence are the page's, not the text's.
    plain = re.sub(r'"+', '"', re.sub("[“”„«»]", '"', text)).strip()
    whole = plain.startswith('"') and plain.endswith('"') and plain.count('"') == 2
    return 0 if whole else plain.count('"')
