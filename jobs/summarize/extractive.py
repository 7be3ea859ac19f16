"""Extractive summary of one article: sentences in, numbers of the chosen ones out, in article order.

Chosen on the Vietnamese side, so that both languages cite the same sentences. A sentence scores by its
closeness to the whole article (TF-IDF centroid), by the title and by its position (press articles are
inverted pyramids); redundancy is held down by maximal marginal relevance (Carbonell and Goldstein 1998).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import TYPE_CHECKING

from jobs.records import Article, Sentence, Summary, SummarySentence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SYLLABLE = re.compile(r"\w+")
# Openings that lean on the sentence before: such a sentence does not stand alone in a summary.
_LEANING = re.compile(
    r"(?:Tuy nhiên|Do đó|Vì vậy|Bên cạnh đó|Ngoài ra|Trong khi đó|Theo đó|Cùng với đó|Đồng thời|Trong đó|"
    r"Từ đó|Đây|Điều (?:này|đó)|Việc này|Ông|Bà|Anh|Chị|Họ|Nó|Qua đó|Mặt khác|Sau đó)\b"
)
_MMR_RELEVANCE = 0.7  # share of relevance against novelty; Carbonell and Goldstein use 0.7 for summaries
_TITLE_SHARE = 0.3
_MIN_SYLLABLES, _GOOD_SYLLABLES = 8, 60

Vector = dict[str, float]


def vectors(texts: Sequence[str]) -> list[Vector]:
    """Return unit TF-IDF vectors over syllables and syllable pairs, idf taken within `texts`."""
    terms = []
    for text in texts:
        syllables = [item.lower() for item in _SYLLABLE.findall(text)]
        terms.append(
            Counter(syllables + [f"{a} {b}" for a, b in zip(syllables, syllables[1:], strict=False)])
        )
    frequency = Counter(term for counts in terms for term in counts)
    result = []
    for counts in terms:
        vector = {
            term: (1 + math.log(count)) * math.log((1 + len(texts)) / (0.5 + frequency[term]))
            for term, count in sorted(counts.items())
        }
        norm = math.sqrt(sum(value * value for value in vector.values())) or 1.0
        result.append({term: value / norm for term, value in vector.items()})
    return result


def cosine(left: Vector, right: Vector) -> float:
    """Return the dot product of two unit vectors."""
    if len(right) < len(left):
        left, right = right, left
    return sum(value * right.get(term, 0.0) for term, value in left.items())


def choose(
    sentences: Sequence[Sentence],
    *,
    title: str | None = None,
    limit: int = 3,
    max_syllables: int = 130,
    penalty: Mapping[int, float] | None = None,
) -> tuple[int, ...]:
    """Return the numbers of at most `limit` sentences (roles lead and body) in article order.

    `penalty` maps a sentence number to a factor in (0, 1] for sentences whose translation is doubtful.
    The first chosen sentence is kept even when it alone is longer than `max_syllables`.
    """
    pool = [item for item in sentences if item.role in ("lead", "body")]
    if not pool:
        return ()
    base = vectors([item.text for item in pool] + ([title] if title else []))
    body = base[: len(pool)]
    centroid: Vector = {}
    for vector in body:
        for term, value in vector.items():
            centroid[term] = centroid.get(term, 0.0) + value
    norm = math.sqrt(sum(value * value for value in centroid.values())) or 1.0
    centroid = {term: value / norm for term, value in centroid.items()}
    lengths = [len(_SYLLABLE.findall(item.text)) for item in pool]
    scores = []
    for index, item in enumerate(pool):
        score = cosine(body[index], centroid)
        if title:
            score += _TITLE_SHARE * cosine(body[index], base[-1])
        score *= 1.0 + 0.6 / (1 + index)
        if item.role == "lead":
            score *= 1.3
        if lengths[index] < _MIN_SYLLABLES or item.text.rstrip().endswith("?"):
            score *= 0.3
        elif lengths[index] > _GOOD_SYLLABLES:
            score *= 0.75
        if index and _LEANING.match(item.text):
            score *= 0.75
        if item.text.count('"') % 2 or item.text.count("“") != item.text.count("”"):
            score *= 0.6
        scores.append(score * (penalty or {}).get(item.n, 1.0))
    chosen: list[int] = []
    used = 0
    while len(chosen) < min(limit, len(pool)):
        best, best_value = -1, -math.inf
        for index in range(len(pool)):
            if index in chosen or (chosen and used + lengths[index] > max_syllables):
                continue
            overlap = max((cosine(body[index], body[other]) for other in chosen), default=0.0)
            value = _MMR_RELEVANCE * scores[index] - (1 - _MMR_RELEVANCE) * overlap
            if value > best_value + 1e-12:
                best, best_value = index, value
        if best < 0:
            break
        chosen.append(best)
        used += lengths[best]
    return tuple(sorted(pool[index].n for index in chosen))


def summarise(
    article: Article, english: Mapping[int, str], *, limit: int, max_syllables: int, doubtful: frozenset[int]
) -> Summary:
    """Return both summaries of `article`; `english` maps sentence numbers to their translations."""
    numbers = choose(
        article.sentences,
        title=article.title,
        limit=limit,
        max_syllables=max_syllables,
        penalty=dict.fromkeys(sorted(doubtful), 0.8),
    )
    text = {item.n: item.text for item in article.sentences}
    return Summary(
        vi=tuple(SummarySentence(text=text[n], sentences=(n,)) for n in numbers),
        en=tuple(SummarySentence(text=english[n], sentences=(n,)) for n in numbers if english.get(n)),
    )
