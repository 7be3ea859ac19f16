"""Claims: the statements of one event in, groups that say the same thing out, each member with its relation.

Sentences are compared by TF-IDF over their slots, so that another figure in otherwise the same words still counts
as the same claim: that is where conflicts are found. The same words by two speakers stay two claims.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Literal

from jobs.reconcile.copies import voices
from jobs.reconcile.facts import Statement, statement
from jobs.reconcile.vectors import Vector, candidate_pairs, cosine, tfidf
from jobs.records import Article, Record

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jobs.reconcile.copies import CopyLink

Relation = Literal["representative", "verbatim", "near_verbatim", "paraphrase", "partial"]
# Similarities at which two sentences are one claim; measured on the sample articles and pairs of real coverage.
_SAME, _NEAR, _CONTAINED = 0.42, 0.75, 0.62
_LEANING = re.compile(
    r"(?:Tuy nhiên|Do đó|Vì vậy|Bên cạnh đó|Ngoài ra|Trong khi đó|Theo đó|Cùng với đó|Đồng thời|Trong đó|Từ đó|Đây|"
    r"Điều (?:này|đó)|Việc này|Ông|Bà|Anh|Chị|Họ|Nó|Qua đó|Mặt khác|Sau đó|Cũng|Đặc biệt|Cùng|Song song)\b"
)


class Member(Record):
    """One sentence of a claim."""

    statement: Statement
    relation: Relation
    similarity: float


class Claim(Record):
    """Sentences that say the same; the first member represents them. `centrality` in [0, 1] within the event."""

    members: tuple[Member, ...]
    corroboration: int
    centrality: float
    speaker: str | None = None

    @property
    def best(self) -> Statement:
        """Return the representing sentence."""
        return self.members[0].statement

    def places(self) -> tuple[tuple[str, int], ...]:
        """Return all sources."""
        return tuple(member.statement.place for member in self.members)


def group_claims(
    articles: Sequence[Article],
    *,
    copies: Mapping[str, CopyLink],
    speakers: Mapping[tuple[str, int], str],
    doubt: Mapping[tuple[str, int], int],
) -> tuple[Claim, ...]:
    """Return the claims of one event, most corroborated and central first.

    `speakers` maps (article, sentence) to who says it; `doubt` weighs sentences whose translation is doubtful.
    """
    order = {article.id: index for index, article in enumerate(articles)}
    statements = [
        statement(article, sentence)
        for article in articles
        for sentence in article.sentences
        if sentence.role in ("lead", "body")
    ]
    vectors = tfidf([_features(item) for item in statements])
    centroid = _centroid(vectors)
    keys = [[key for key in vector if " " in key or ":" in key] for vector in vectors]
    links: dict[tuple[int, int], float] = {}
    for left, right in candidate_pairs(keys, shared=2, most=max(60, len(articles))):
        one, other = statements[left], statements[right]
        if (
            one.place[0] == other.place[0]
            and one.place != other.place
            and cosine(vectors[left], vectors[right]) < _NEAR
        ):
            continue
        said = speakers.get(one.place), speakers.get(other.place)
        if None not in said and said[0] != said[1]:
            continue
        score = max(cosine(vectors[left], vectors[right]), _contained(one, other) * _SAME / _CONTAINED)
        if score >= _SAME:
            links[left, right] = score
    groups = _complete_enough(len(statements), links)
    claims = [
        _claim([statements[i] for i in group], group, vectors, centroid, order, dict(copies), speakers, doubt)
        for group in groups
    ]
    claims.sort(
        key=lambda claim: (-claim.corroboration, -claim.centrality, order[claim.best.article], claim.best.n)
    )
    return tuple(claims)


def _features(item: Statement) -> Counter[str]:
    counts: Counter[str] = Counter()
    previous = None
    for token in item.tokens:
        key = (
            "figure:" + (token.mention.unit or token.mention.kind)
            if token.slot == "figure" and token.mention
            else token.key
        )
        if token.slot == "date":
            key = "date:"
        counts[key] += 1
        if previous is not None:
            counts[f"{previous} {key}"] += 1
        previous = key
    return counts


def _centroid(vectors: Sequence[Vector]) -> Vector:
    total: Vector = {}
    for vector in vectors:
        for term, value in vector.items():
            total[term] = total.get(term, 0.0) + value
    norm = sum(value * value for value in total.values()) ** 0.5 or 1.0
    return {term: value / norm for term, value in total.items()}


def _contained(left: Statement, right: Statement) -> float:
    """Return the share of the shorter sentence's pairs of slots that stand in the longer one; 0 for short ones."""
    one, other = (set(zip(item.keys(), item.keys()[1:], strict=False)) for item in (left, right))
    small, large = sorted((one, other), key=len)
    return len(small & large) / len(small) if len(small) >= 8 else 0.0


def _complete_enough(count: int, links: Mapping[tuple[int, int], float]) -> list[list[int]]:
    """Merge best pairs first; a group takes a member only if it is linked to at least half of the group."""
    group = {index: [index] for index in range(count)}
    owner = list(range(count))
    for (left, right), _ in sorted(links.items(), key=lambda item: (-item[1], item[0])):
        a, b = owner[left], owner[right]
        if a == b:
            continue
        cross = sum(1 for x in group[a] for y in group[b] if (min(x, y), max(x, y)) in links)
        if 2 * cross >= len(group[a]) * len(group[b]):
            for index in group[b]:
                owner[index] = a
            group[a] += group.pop(b)
    return [sorted(members) for members in group.values()]


def _claim(
    items: Sequence[Statement],
    indexes: Sequence[int],
    vectors: Sequence[Vector],
    centroid: Vector,
    order: Mapping[str, int],
    copies: dict[str, CopyLink],
    speakers: Mapping[tuple[str, int], str],
    doubt: Mapping[tuple[str, int], int],
) -> Claim:
    def rank(position: int) -> tuple[float, int, int]:
        item = items[position]
        value = cosine(vectors[indexes[position]], centroid)
        length = len(item.tokens)
        value -= 0.25 if _LEANING.match(item.text) else 0.0
        value -= 0.15 if length > 55 else 0.10 if length < 8 else 0.0
        value -= 0.15 if item.text.count('"') % 2 or item.text.count("“") != item.text.count("”") else 0.0
        value -= 0.02 * min(10, doubt.get(item.place, 0))
        value += 0.08 if item.role == "lead" else 0.0
        return -value, order[item.article], item.n

    ranked = sorted(range(len(items)), key=rank)
    first = ranked[0]
    members = [Member(statement=items[first], relation="representative", similarity=1.0)]
    for position in sorted(ranked[1:], key=lambda p: (order[items[p].article], items[p].n)):
        score = cosine(vectors[indexes[first]], vectors[indexes[position]])
        members.append(
            Member(
                statement=items[position],
                relation=_relation(items[first], items[position], score),
                similarity=round(score, 3),
            )
        )
    said = {speakers[item.place] for item in items if item.place in speakers}
    return Claim(
        members=tuple(members),
        corroboration=voices([item.article for item in items], copies),
        centrality=round(max(cosine(vectors[i], centroid) for i in indexes), 4),
        speaker=said.pop() if len(said) == 1 else None,
    )


def _relation(first: Statement, other: Statement, score: float) -> Relation:
    if first.keys() == other.keys():
        return "verbatim"
    if score >= _NEAR:
        return "near_verbatim"
    shorter, longer = sorted((len(first.tokens), len(other.tokens)))
    return "partial" if shorter < 0.6 * longer else "paraphrase"
