"""Events: articles in, groups that tell the same event out, with confidence and near misses.

TF-IDF on syllables and pairs; average-link clustering on a sparse graph of
candidate pairs (blocking by each article's weightiest terms, so that ten thousand articles need no full matrix).
Articles of one template but other days, places or people are held apart by a veto.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

from jobs.reconcile.vectors import Vector, body_text, candidate_pairs, cosine, terms, tfidf
from jobs.records import Article, Record

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jobs.reconcile.copies import CopyLink

_KEYS = 60  # weightiest terms of an article that serve as blocking keys
_SHARED = 2
_MOST = 60


class EventSettings(Record):
    """`threshold`: least average similarity within an event; `veto`: what disjoint people and days take off."""

    threshold: float = 0.16
    veto: float = 0.05
    near: float = 0.8


class NearMiss(Record):
    """Two articles that are almost one event, and why they are not."""

    left: str
    right: str
    score: float
    reason: str


class EventGrouping(Record):
    """Events as tuples of article ids in input order; confidence of each in [0, 1]; near misses."""

    events: tuple[tuple[str, ...], ...]
    confidence: tuple[float, ...]
    near_misses: tuple[NearMiss, ...]


class _Marks(Record):
    """What identifies an event beyond words: persons, days, years."""

    persons: frozenset[str]
    days: frozenset[str]


def _marks(article: Article) -> _Marks:
    from jobs.vietnamese import figures
    from jobs.vietnamese.names import names

    text = body_text(article)
    days = {
        day
        for mention in figures(text, article.date)
        if mention.kind == "date" and mention.precision == "day"
        for day in _days(mention.value)
    }
    return _Marks(persons=frozenset(item.value for item in names(text)), days=frozenset(days))


def _days(value: str) -> list[str]:
    return [part[-5:] for part in value.split("/")]


def _overlap(left: frozenset[str], right: frozenset[str]) -> float | None:
    if not left or not right:
        return None
    return len(left & right) / min(len(left), len(right))


def _score(left: int, right: int, vectors: Sequence[Vector], marks: Sequence[_Marks], settings: EventSettings) -> float:
    value = cosine(vectors[left], vectors[right])
    people = _overlap(marks[left].persons, marks[right].persons)
    days = _overlap(marks[left].days, marks[right].days)
    # Same template, other occasion: neither people nor days in common although both articles name some.
    if people == 0.0 and days == 0.0:
        value -= settings.veto
    return value


def group_events(
    articles: Sequence[Article],
    *,
    copies: Mapping[str, CopyLink],
    settings: EventSettings | None = None,
) -> EventGrouping:
    """Group `articles`; singletons are events of one. Deterministic in the order of the input."""
    settings = settings or EventSettings()
    vectors = tfidf([terms(body_text(article)) for article in articles])
    keys = [
        [term for term, _ in sorted(vector.items(), key=lambda item: (-item[1], item[0]))[:_KEYS]] for vector in vectors
    ]
    pairs = candidate_pairs(keys, shared=_SHARED, most=_MOST)
    needed = sorted({index for pair in pairs for index in pair})
    marks_of = {index: _marks(articles[index]) for index in needed}
    empty = _Marks(persons=frozenset(), days=frozenset())
    marks = [marks_of.get(index, empty) for index in range(len(articles))]
    similarity = {pair: _score(*pair, vectors, marks, settings) for pair in pairs}
    place = {article.id: index for index, article in enumerate(articles)}
    for copy, link in copies.items():
        left, right = sorted((place[copy], place[link.original]))
        similarity[left, right] = 1.0
    clusters = _average_link(len(articles), similarity, settings.threshold)
    clusters.sort(key=min)
    confidence = [_confidence(members, similarity, settings.threshold) for members in clusters]
    where = {index: number for number, members in enumerate(clusters) for index in members}
    near = [
        NearMiss(
            left=articles[left].id,
            right=articles[right].id,
            score=round(score, 3),
            reason=f"similarity {score:.2f}, an event needs {settings.threshold:.2f} on average",
        )
        for (left, right), score in sorted(similarity.items(), key=lambda item: (-item[1], item[0]))
        if where[left] != where[right] and score >= settings.near * settings.threshold
    ]
    return EventGrouping(
        events=tuple(tuple(articles[index].id for index in sorted(members)) for members in clusters),
        confidence=tuple(confidence),
        near_misses=tuple(near[:50]),
    )


def _average_link(count: int, similarity: Mapping[tuple[int, int], float], threshold: float) -> list[list[int]]:
    """Agglomerate by the mean similarity of all cross pairs; pairs that are no candidates count as 0."""
    members: dict[int, list[int]] = {index: [index] for index in range(count)}
    total: dict[int, dict[int, float]] = {index: {} for index in range(count)}
    heap: list[tuple[float, int, int]] = []
    for (left, right), value in similarity.items():
        total[left][right] = total[right][left] = value
        if value >= threshold:
            heap.append((-value, left, right))
    heapq.heapify(heap)
    following = count
    while heap:
        value, left, right = heapq.heappop(heap)
        if left not in members or right not in members:
            continue
        merged = members.pop(left) + members.pop(right)
        links: dict[int, float] = {}
        for old in (left, right):
            for other, amount in total.pop(old).items():
                if other in members:
                    links[other] = links.get(other, 0.0) + amount
                    total[other].pop(old, None)
        members[following], total[following] = merged, links
        for other, amount in links.items():
            total[other][following] = amount
            mean = amount / (len(merged) * len(members[other]))
            if mean >= threshold:
                heapq.heappush(heap, (-mean, min(other, following), max(other, following)))
        following += 1
    return list(members.values())


def _confidence(members: Sequence[int], similarity: Mapping[tuple[int, int], float], threshold: float) -> float:
    """Return how far the mean similarity within the event lies above the threshold, 1.0 from twice on."""
    ordered = sorted(members)
    values = [similarity.get((a, b), 0.0) for i, a in enumerate(ordered) for b in ordered[i + 1 :]]
    if not values:
        return 1.0
    return round(min(1.0, max(0.0, sum(values) / len(values) / threshold - 1.0)), 2)
