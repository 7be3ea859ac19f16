"""The headline of an event: its articles in, one line of English out.

A meeting that half of the articles name with its number is the headline, in the official English of the term base.
Otherwise it is the English of the article headline that shares most with the event, and without any, the first words
of the lead.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from jobs.reconcile.vectors import cosine, terms, tfidf

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobs.brief.material import Material
    from jobs.reconcile.claims import Claim
    from jobs.records import Article
    from jobs.translate.glossary import TermBase

_FIRST = 4  # sentences in which a press article tells what it is about
_LEAD_WORDS = 16
_AT = re.compile(r"\b(?:tại|ở)\s+(?:thành phố\s+|TP\.?\s*|thủ đô\s+)?$")
_GLOSS = re.compile(r"\s*\([A-Z0-9]+\)$")


def headline(
    ids: Sequence[str], claims: Sequence[Claim], material: Material, base: TermBase, lead: str
) -> str:
    """Return the headline of the event of the articles `ids`, without a final stop."""
    articles = [material.articles[identity] for identity in ids]
    return _meeting(articles, base) or _title(articles, claims, material) or _shortened(lead)


def _meeting(articles: Sequence[Article], base: TermBase) -> str | None:
    meetings: Counter[str] = Counter()
    places: Counter[str] = Counter()
    for article in articles:
        named, where = _named(article, base)
        meetings.update(named)
        places.update(where)
    # The same in every order: by count, then by name.
    best = min(meetings.items(), key=lambda item: (-item[1], item[0]), default=("", 0))
    if best[1] < 2 or 2 * best[1] < len(articles):
        return None
    place = min(places.items(), key=lambda item: (-item[1], item[0]), default=("", 0))
    return f"{best[0]} in {place[0]}" if 2 * place[1] >= len(articles) else best[0]


def _named(article: Article, base: TermBase) -> tuple[set[str], set[str]]:
    """Return the numbered meetings and the places where something happens that the article names at its head."""
    from jobs.translate.compounds import numbered
    from jobs.vietnamese import figures

    told = [item.text for item in article.sentences if item.role in ("title", "lead", "body")][:_FIRST]
    meetings: set[str] = set()
    sites: set[str] = set()
    for text in told:
        found = base.find(text)
        for mention in numbered(text, figures(text), found):
            number, _, name = _GLOSS.sub("", mention.english or "").partition(" ")
            meetings.add(f"{number} {base.expansion(name) or name}")
        sites |= {
            item.english
            for item in found
            if item.kind == "place" and item.english and _AT.search(text[: item.start])
        }
    return meetings, sites


def _title(articles: Sequence[Article], claims: Sequence[Claim], material: Material) -> str | None:
    centre = tfidf([terms(" ".join(claim.best.text for claim in claims))])[0]
    choices = []
    for position, article in enumerate(articles):
        numbers = [item.n for item in article.sentences if item.role == "title"]
        place = article.id, numbers[0] if numbers else 0
        text = material.english.get(place, "")
        if not text or not article.title:
            continue
        vector = tfidf([terms(article.title)])[0]
        choices.append(
            (material.doubt.get(place, 0) > 5, -cosine(vector, centre), position, text.rstrip("."))
        )
    return min(choices)[3] if choices else None


def _shortened(lead: str) -> str:
    words = re.split(r"(?<=\w)[,;:]\s", lead)[0].split()
    return " ".join(words[:_LEAD_WORDS]).rstrip(".,;:") + ("…" if len(words) > _LEAD_WORDS else "")
