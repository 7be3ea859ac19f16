"""Code-switching: a clean pair in, a copy whose source holds spans of English out.

The job puts figures, dates, names and terms into English before it translates (`jobs.translate.express`), so the
model has to carry such spans over as they stand. The copies are made by the very same grammars and term base; a
span is replaced only where its certain English stands in the target, so that the copy never teaches a wrong form.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from jobs.translate.express import Understood, express, understand

if TYPE_CHECKING:
    import random

    from jobs.records import Mention
    from jobs.train.config import CodeSwitchConfig
    from jobs.translate.glossary import TermBase

SpanKind = Literal["figure", "date", "name", "term"]


def _stands(english: str, target: str, *, any_case: bool) -> int:
    """Return how often `english` stands in `target` on its own: not as a part of a word or of a longer number."""
    pattern = rf"(?<!\w)(?<!\d[.,]){re.escape(english)}(?!\w|[.,]\d)"
    return len(re.findall(pattern, target, re.IGNORECASE if any_case else 0))


def certain(vi: str, en: str, terms: TermBase) -> list[tuple[SpanKind, Mention]]:
    """Return the mentions of `vi` whose English stands in `en`, no more of one form than `en` has of it."""
    known = understand(vi, terms)
    found: list[tuple[SpanKind, Mention]] = [
        *(("date" if item.kind in {"date", "time"} else "figure", item) for item in known.figures),
        *(("term", item) for item in known.terms),
        *(("name", item) for item in known.names if item.kind == "person"),
    ]
    left: dict[str, int] = {}
    kept = []
    for kind, mention in found:
        english = mention.english
        if not english or english == mention.text:
            continue
        # A term begins a sentence in capitals in one language and not in the other; nothing else may.
        room = left.setdefault(english, _stands(english, en, any_case=kind == "term"))
        if room > 0:
            left[english] = room - 1
            kept.append((kind, mention))
    return kept


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
