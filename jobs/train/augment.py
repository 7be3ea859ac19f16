"""Code-switching: a clean pair in, a copy whose source holds spans of English out.

The job puts figures, dates, names and terms into English before it translates (`jobs.translate.express`), so the
model has to carry such spans over as they stand. The copies are made by the very same grammars and term base; a
span is replaced only where its certain English stands in the target, so that the copy never teaches a wrong form.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from jobs.english.quoting import in_both
from jobs.translate.express import Understood, express, understand

if TYPE_CHECKING:
    import random

    from jobs.records import Mention
    from jobs.train.config import CodeSwitchConfig
    from jobs.translate.glossary import TermBase

SpanKind = Literal["figure", "date", "name", "term"]
_LEADING: tuple[SpanKind, ...] = ("date", "figure", "name")


def _stands(english: str, target: str, *, any_case: bool) -> int:
    """Return how often `english` stands in `target` on its own: not as a part of a word or of a longer number."""
    pattern = rf"(?<!\w)(?<!\d[.,]){re.escape(english)}(?!\w|[.,]\d)"
    return len(re.findall(pattern, target, re.IGNORECASE if any_case else 0))


def certain(vi: str, en: str, terms: TermBase) -> list[tuple[SpanKind, Mention]]:
    """Return the mentions of `vi` whose English stands in `en`, no more of one form than `en` has of it.

    A compound comes instead of what lies in it, and is of the kind of its date, its figure or its name.
    """
    known = understand(vi, terms)
    found: list[tuple[SpanKind, Mention]] = [
        *(("date" if item.kind in {"date", "time"} else "figure", item) for item in known.figures),
        *(("term", item) for item in known.terms),
        *(("name", item) for item in known.names if item.kind == "person"),
    ]
    left: dict[str, int] = {}

    def has_room(kind: SpanKind, mention: Mention) -> bool:
        english = mention.english
        if not english or english == mention.text:
            return False
        # A term begins a sentence in capitals in one language and not in the other; nothing else may.
        room = left.setdefault(english, _stands(english, en, any_case=kind == "term"))
        left[english] = room - 1
        return room > 0

    kept: list[tuple[SpanKind, Mention]] = [("term", title) for title in _titles(vi, en, known)]
    for title in kept:
        found = [item for item in found if not _overlap(title[1], item[1])]
    for whole in known.compounds:
        if has_room("term", whole):
            parts = [item for item in found if _overlap(whole, item[1])]
            found = [item for item in found if item not in parts]
            kinds = {kind for kind, mention in parts if has_room(kind, mention)}
            kept.append((next((kind for kind in _LEADING if kind in kinds), "term"), whole))
    return kept + [item for item in found if has_room(*item)]


def _titles(vi: str, en: str, known: Understood) -> list[Mention]:
    """Return the quoted title of `vi` with its English, which the target has in its own quotation marks.

    Of several quotations the target may turn the order: they are left alone.
    """
    both = in_both(vi, en)
    if len(both) != 1 or not known.titles:
        return []
    english = both[0][1][1].rstrip(".,;")
    return [
        title.model_copy(update={"english": english})
        for title in known.titles
        if english not in {"", title.text}
    ]


def _overlap(one: Mention, other: Mention) -> bool:
    return one.start < other.end and other.start < one.end


def switched(vi: str, en: str, terms: TermBase, settings: CodeSwitchConfig, rng: random.Random) -> str | None:
    """Return `vi` with a random choice of its certain spans in English, or None where none was taken."""
    chance = {"figure": settings.figure, "date": settings.date, "name": settings.name, "term": settings.term}
    taken = [item for item in certain(vi, en, terms) if rng.random() < chance[item[0]]]
    if not taken:
        return None
    if len(taken) > settings.most:
        taken = rng.sample(taken, settings.most)
    chosen = Understood(
        figures=tuple(item for kind, item in taken if kind in {"figure", "date"}),
        names=tuple(item for kind, item in taken if kind == "name"),
        terms=tuple(item for kind, item in taken if kind == "term"),
    )
    return express(vi, chosen).text


def copies(weight: float, rng: random.Random) -> int:
    """Return how often a pair of this weight is taken: its whole part, once more with the chance of the rest."""
    return int(weight) + (rng.random() < weight - int(weight))
