"""Events: articles in, groups that tell the same event out, with confidence and near misses.

Two articles are alike by their words (whole text, head, headline), names, figures, persons and places; articles in
one mould that disagree on what makes an occasion (day, place, number of the meeting, figures) are held apart by a
veto. Average-link clustering on candidate pairs: articles that share none of their weightiest terms are never
compared, so ten thousand articles need no full matrix.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

from jobs.reconcile.marks import Marks, marks
from jobs.reconcile.vectors import candidate_pairs, cosine
from jobs.records import Article, Record

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jobs.reconcile.copies import CopyLink

_TEXT_KEYS, _NAME_KEYS, _TITLE_KEYS = 50, 25, 12  # weightiest terms that serve as blocking keys
_SHARED, _MOST = 2, 60
_COMPARED = 250  # within a connected component of so many articles every pair is compared


class EventSettings(Record):
    """Weights of the parts of a similarity; `threshold` on average makes an event.

    Rounded from a logistic regression on pairs of real coverage, and set on one half of the collection only: the
    other half is for measuring.
    """

    text: float = 1.8
    head: float = 1.65
    title: float = 1.2
    names: float = 1.2
    figures: float = 0.4
    persons: float = 0.1
    places: float = 0.3
    days: float = 0.1
    other_day: float = 0.3
    other_place: float = 0.3
    # A week between the pages, or between the latest days that the two articles name, takes this much off.
    published: float = 0.4
    latest: float = 0.2
    threshold: float = 0.95
    near: float = 0.75
    veto: float = 3.0
    # Above this likeness of the words two articles are in one mould, and what they disagree on decides.
    mould: float = 0.4


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


def _share(left: frozenset[str], right: frozenset[str]) -> float:
    """Return the cosine of two sets."""
    if not left or not right:
        return 0.0
    common = len(left & right)
    return common / float(len(left) * len(right)) ** 0.5 if common else 0.0


def _apart(
    left: frozenset[str], right: frozenset[str], all_left: frozenset[str], all_right: frozenset[str]
) -> bool:
    """Return whether both heads name something, and neither's stands anywhere in the other article."""
    return bool(left) and bool(right) and not left & all_right and not right & all_left


def _weeks(left: int | None, right: int | None) -> float:
    """Return the share of a week between two day numbers, 1.0 at most; 0 where one is unknown."""
    return 0.0 if left is None or right is None else min(abs(left - right), 7) / 7


def similarity(left: Marks, right: Marks, settings: EventSettings) -> tuple[float, str | None]:
    """Return how alike two articles are (`threshold` makes an event) and the veto that holds them apart."""
    words = cosine(left.text, right.text)
    figures = _share(left.figures, right.figures)
    days_apart = _apart(left.head_days, right.head_days, left.days, right.days) and not left.days & right.days
    places_apart = _apart(left.head_places, right.head_places, left.places, right.places)
    score = (
        settings.text * words
        + settings.head * cosine(left.head, right.head)
        + settings.title * cosine(left.title, right.title)
        + settings.names * cosine(left.names, right.names)
        + settings.figures * figures
        + settings.persons * _share(left.persons, right.persons)
        + settings.places * _share(left.head_places, right.head_places)
        + settings.days * _share(left.days, right.days)
        - settings.other_day * days_apart
        - settings.other_place * places_apart
        - settings.published * _weeks(left.published, right.published)
        - settings.latest * _weeks(left.latest, right.latest)
    )
    if words < settings.mould:
        return score, None
    reason = _veto(left, right, figures, days_apart=days_apart, places_apart=places_apart)
    return (score - settings.veto, reason) if reason else (score, None)


def _veto(left: Marks, right: Marks, figures: float, *, days_apart: bool, places_apart: bool) -> str | None:
    """Return what two articles in one mould disagree on, so that they are two occasions."""
    if _numbered_apart(left.numbered, right.numbered):
        return "another number in the series"
    strangers = bool(left.persons) and bool(right.persons) and not left.persons & right.persons
    if days_apart and (figures < 0.6 or strangers or places_apart):
        return "another day"
    if places_apart and figures < 0.2:
        return "another place"
    if places_apart and strangers:
        return "other people in another place"
    if min(len(left.figures), len(right.figures)) >= 4 and figures == 0 and not left.days & right.days:
        return "other figures throughout"
    return None


def _numbered_apart(left: frozenset[str], right: frozenset[str]) -> bool:
    """Return whether both name the same series ("bão số") with no number in common."""
    for series in {item.rsplit(" ", 1)[0] for item in left} & {item.rsplit(" ", 1)[0] for item in right}:
        one, other = ({item for item in side if item.rsplit(" ", 1)[0] == series} for side in (left, right))
        if not one & other:
            return True
    return False


def _keys(item: Marks) -> list[str]:
    def top(vector: Mapping[str, float], count: int) -> list[str]:
        return [term for term, _ in sorted(vector.items(), key=lambda pair: (-pair[1], pair[0]))[:count]]

    return list(
        dict.fromkeys(
            top(item.text, _TEXT_KEYS)
            + [f"name:{term}" for term in top(item.names, _NAME_KEYS)]
            + [f"title:{term}" for term in top(item.title, _TITLE_KEYS)]
        )
    )


def group_events(
    articles: Sequence[Article],
    *,
    copies: Mapping[str, CopyLink],
    settings: EventSettings | None = None,
) -> EventGrouping:
    """Group `articles`; singletons are events of one. Deterministic in the order of the input."""
    settings = settings or EventSettings()
    found = [marks(article) for article in articles]
    scores: dict[tuple[int, int], float] = {}
    vetoes: dict[tuple[int, int], str] = {}

    def compare(pair: tuple[int, int]) -> None:
        score, reason = similarity(found[pair[0]], found[pair[1]], settings)
        scores[pair] = round(score, 6)
        if reason:
            vetoes[pair] = reason

    for pair in candidate_pairs([_keys(item) for item in found], shared=_SHARED, most=_MOST):
        compare(pair)
    place = {article.id: index for index, article in enumerate(articles)}
    copied: list[tuple[int, int]] = []
    for copy, link in copies.items():
        left, right = sorted((place[copy], place[link.original]))
        copied.append((left, right))
    linked = [pair for pair, score in scores.items() if score >= settings.threshold] + copied
    for members in _components(len(articles), linked):
        if 2 < len(members) <= _COMPARED:
            for position, left in enumerate(members):
                for right in members[position + 1 :]:
                    if (left, right) not in scores:
                        compare((left, right))
    for pair in copied:
        scores[pair] = max(scores.get(pair, 0.0), 2 * settings.threshold)
        vetoes.pop(pair, None)
    clusters = _average_link(len(articles), scores, settings.threshold)
    clusters.sort(key=min)
    where = {index: number for number, members in enumerate(clusters) for index in members}
    return EventGrouping(
        events=tuple(tuple(articles[index].id for index in sorted(members)) for members in clusters),
        confidence=tuple(_confidence(members, scores, settings.threshold) for members in clusters),
        near_misses=_near_misses(articles, scores, vetoes, where, settings),
    )


def _near_misses(
    articles: Sequence[Article],
    scores: Mapping[tuple[int, int], float],
    vetoes: Mapping[tuple[int, int], str],
    where: Mapping[int, int],
    settings: EventSettings,
) -> tuple[NearMiss, ...]:
    near = []
    for pair, score in scores.items():
        plain = score + settings.veto if pair in vetoes else score
        if where[pair[0]] != where[pair[1]] and plain >= settings.near * settings.threshold:
            near.append((plain, pair))
    near.sort(key=lambda item: (-item[0], item[1]))
    return tuple(
        NearMiss(
            left=articles[left].id,
            right=articles[right].id,
            score=round(plain, 3),
            reason=f"the same mould, but {vetoes[left, right]}"
            if (left, right) in vetoes
            else f"similarity {plain:.2f}, an event needs {settings.threshold:.2f} on average",
        )
        for plain, (left, right) in near[:50]
    )


def _components(count: int, links: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Return the connected components of `links`, members in order."""
    owner = list(range(count))

    def root(index: int) -> int:
        while owner[index] != index:
            owner[index] = owner[owner[index]]
            index = owner[index]
        return index

    for left, right in links:
        one, other = sorted((root(left), root(right)))
        owner[other] = one
    groups: dict[int, list[int]] = {}
    for index in range(count):
        groups.setdefault(root(index), []).append(index)
    return list(groups.values())


def _average_link(
    count: int, similarity: Mapping[tuple[int, int], float], threshold: float
) -> list[list[int]]:
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


def _confidence(
    members: Sequence[int], similarity: Mapping[tuple[int, int], float], threshold: float
) -> float:
    """Return how far the mean similarity within the event lies above the threshold, 1.0 from twice on."""
    ordered = sorted(members)
    values = [similarity.get((a, b), 0.0) for i, a in enumerate(ordered) for b in ordered[i + 1 :]]
    if not values:
        return 1.0
    return round(min(1.0, max(0.0, sum(values) / len(values) / threshold - 1.0)), 2)
