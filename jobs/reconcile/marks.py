"""What an article tells an event by: an article in; its words, names, days, places and figures out.

Words are weighed by how rare they are in press text at large, so marks depend on the one article alone.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jobs.reconcile.background import weight
from jobs.reconcile.places import places
from jobs.reconcile.vectors import Vector, syllables, terms, unit_vector
from jobs.vietnamese.names import UPPER

if TYPE_CHECKING:
    from jobs.records import Article, Mention

_HEAD = 3  # sentences after the headline in which press text says what happened
# An article keeps its weightiest terms: memory stays small and the tail changes no grouping.
_TEXT_TERMS, _HEAD_TERMS, _NAMES = 300, 120, 80
_CAPITALS = re.compile(rf"[{UPPER}][\w’'-]*(?:\s+[{UPPER}][\w’'-]*)*")
_PIECE = re.compile(r"(?<=[.!?:])\s+|[\"“”]")
_NUMBERED = re.compile(
    r"\b(?:lần thứ|số|vòng|kỳ|khóa|khoá|quý|đợt|phiên|tập|kỳ họp thứ)\s+(\d{1,3}|[IVX]{1,6})\b", re.IGNORECASE
)
_YEAR = re.compile(r"(?<![\d/.,-])(?:19|20)\d\d(?![\d%]|[.,]\d)")


@dataclass(frozen=True, slots=True)
class Marks:
    """Unit vectors of words and names, and sets of values; those of the head are what the article is about."""

    text: Vector
    head: Vector
    title: Vector
    names: Vector
    days: frozenset[str]
    head_days: frozenset[str]
    numbered: frozenset[str]
    years: frozenset[str]
    figures: frozenset[str]
    persons: frozenset[str]
    places: frozenset[str]
    head_places: frozenset[str]
    published: int | None
    latest: int | None


def marks(article: Article) -> Marks:
    """Return the marks of `article`; dates without a year are anchored to the page's date."""
    from jobs.vietnamese import figures
    from jobs.vietnamese.names import names

    told = [item.text for item in article.sentences if item.role in ("lead", "body")]
    title = article.title or (told[0] if told else "")
    body = "\n".join([article.title or "", *told])
    head = "\n".join([article.title or "", *told[:_HEAD]])
    found, found_head = figures(body, article.date), figures(head, article.date)
    return Marks(
        text=unit_vector(terms(body), weight, most=_TEXT_TERMS),
        head=unit_vector(terms(head), weight, most=_HEAD_TERMS),
        title=unit_vector(terms(title), weight, most=_HEAD_TERMS),
        names=unit_vector(capitalised(body), _name_weight, most=_NAMES),
        days=_days(found),
        head_days=_days(found_head),
        numbered=frozenset(match[0].lower() for match in _NUMBERED.finditer(head)),
        years=frozenset(_YEAR.findall(head)),
        figures=frozenset(
            f"{item.value}|{item.unit or ''}"
            for item in found
            if item.kind not in ("date", "ordinal") and _telling(item)
        ),
        persons=frozenset(item.value for item in names(body)),
        places=frozenset(item.value for item in places(body)),
        head_places=frozenset(item.value for item in places(head)),
        published=article.date.toordinal() if article.date else None,
        latest=_latest(found),
    )


def capitalised(text: str) -> Counter[str]:
    """Return the runs of capitalised words; a lone capitalised word at the head of a sentence is no name."""
    counts: Counter[str] = Counter()
    for line in text.split("\n"):
        for piece in _PIECE.split(line):
            for match in _CAPITALS.finditer(piece):
                run = match[0]
                if match.start() == 0 and " " not in run and not run.isupper():
                    continue
                counts[" ".join(run.lower().split())] += 1
    return counts


def _name_weight(run: str) -> float:
    items = syllables(run)
    return max((weight(f"{a} {b}") for a, b in itertools.pairwise(items)), default=weight(run))


def _days(found: tuple[Mention, ...]) -> frozenset[str]:
    """Return month and day of every day and of both ends of a range."""
    return frozenset(
        part[-5:]
        for item in found
        if item.kind == "date" and item.precision == "day"
        for part in item.value.split("/")
    )


def _latest(found: tuple[Mention, ...]) -> int | None:
    """Return the day number within a year of the latest day named; years are left out, as many dates lack them."""
    days = [int(day[:2]) * 31 + int(day[3:]) for day in _days(found)]
    return max(days, default=None)


def _telling(item: Mention) -> bool:
    return item.unit is not None or len(re.sub(r"\D", "", item.value).rstrip("0")) >= 2
