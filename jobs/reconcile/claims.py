"""Claims: the statements of one event in, groups that say the same thing out, each member with its relation.

Sentences are compared by their words and slots, weighed as press text at large uses them, so that another figure in
otherwise the same words still counts as the same claim, and one article more changes nothing about the others. A slogan
in quotation marks tells who repeats it, not what is said. The same words by two speakers, and what happened on two
days, stay two claims.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Literal

from jobs.reconcile.background import weight
from jobs.reconcile.copies import voices
from jobs.reconcile.facts import Statement, statement
from jobs.reconcile.vectors import Vector, candidate_pairs, cosine, unit_vector
from jobs.records import Article, Record

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jobs.reconcile.copies import CopyLink
    from jobs.reconcile.facts import Token

Relation = Literal["representative", "verbatim", "near_verbatim", "paraphrase", "partial"]
# Similarities at which two sentences are one claim; measured on the sample articles and pairs of real coverage.
# From _NEAR on the rest decides nothing; below it, so much of the weight of the shorter one must stand in the longer.
_SAME, _NEAR, _SHARED, _CONTAINED = 0.43, 0.75, 0.62, 0.62
_SLOT, _SLOT_PAIR, _NEGATION = (
    5.0,
    4.9,
    4.0,
)  # weights beside those of words, 1 to 9.6; a pair counts 0.7 of its own
_QUOTATION = re.compile(r"[\"“”«][^\"“”«»]+[\"”»“]")
_FEWEST_OUTSIDE = 0.5  # share of tokens outside quotation marks below which the quotation is what is said
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
    vectors = [unit_vector(_features(item), _weight) for item in statements]
    centroid = _centroid(vectors)
    keys = [[key for key in vector if " " in key or ":" in key] for vector in vectors]
    links: dict[tuple[int, int], float] = {}
    for left, right in candidate_pairs(keys, shared=2, most=max(60, len(articles))):
        score = cosine(vectors[left], vectors[right])
        if _one_claim(statements[left], statements[right], score, speakers):
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


def _one_claim(
    one: Statement, other: Statement, score: float, speakers: Mapping[tuple[str, int], str]
) -> bool:
    """Decide whether two sentences say the same, given the cosine of their features."""
    said = speakers.get(one.place), speakers.get(other.place)
    if None not in said and said[0] != said[1]:
        return False
    if score >= _NEAR:
        return True
    # Within one article a lead sums up what the body says; two other sentences that are alike add to each other.
    if (one.article == other.article and "lead" not in (one.role, other.role)) or _apart(one, other):
        return False
    return (score >= _SAME and _shared(one, other) >= _SHARED) or _contained(one, other) >= _CONTAINED


def _apart(one: Statement, other: Statement) -> bool:
    """Return whether both sentences name days and none of them agrees: two occasions."""
    days = [
        {
            token.key[-5:]
            for token in item.tokens
            if token.mention is not None and token.mention.precision == "day"
        }
        for item in (one, other)
    ]
    return all(days) and not days[0] & days[1]


def _features(item: Statement) -> Counter[str]:
    """Return what a sentence says: words, slots and pairs of neighbours; figures and dates by their kind."""
    counts: Counter[str] = Counter()
    previous = None
    for token in _telling(item):
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


def _telling(item: Statement) -> list[Token]:
    """Return the tokens outside quotation marks, or all if the quotation is most of the sentence."""
    spans = [match.span() for match in _QUOTATION.finditer(item.text)]
    outside = [
        token
        for token in item.tokens
        if not any(start < token.end and token.start < end for start, end in spans)
    ]
    return outside if len(outside) > _FEWEST_OUTSIDE * len(item.tokens) else list(item.tokens)


def _weight(key: str) -> float:
    if " " in key:
        return _SLOT_PAIR if ":" in key else 0.7 * weight(key)
    return _SLOT if ":" in key else _NEGATION if key == "negation" else weight(key)


def _shared(one: Statement, other: Statement) -> float:
    """Return the share of the weight of the shorter sentence's words and slots that stands in the longer one."""
    left, right = ({key: _weight(key) for key in _features(item) if " " not in key} for item in (one, other))
    total = min(sum(left.values()), sum(right.values()))
    return sum(value for key, value in left.items() if key in right) / total if total else 0.0


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
