"""Sparse TF-IDF over syllables and syllable pairs, and candidate pairs without comparing everything."""

from __future__ import annotations

import itertools
import math
import re
import sys
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from jobs.records import Article

_SYLLABLE = re.compile(r"\w+")
Vector = dict[str, float]


def syllables(text: str) -> list[str]:
    """Return the lower-case syllables of `text`."""
    return _SYLLABLE.findall(text.lower())


def body_text(article: Article) -> str:
    """Return title and statements of an article, captions and furniture left out."""
    parts = [article.title or ""] + [item.text for item in article.sentences if item.role in ("lead", "body")]
    return "\n".join(parts)


def terms(text: str) -> Counter[str]:
    """Return syllables and pairs within lines, with their counts."""
    counts: Counter[str] = Counter()
    for line in text.split("\n"):
        items = syllables(line)
        counts.update(items)
        counts.update(f"{a} {b}" for a, b in itertools.pairwise(items))
    return counts


# A prior of this many imagined documents keeps the weights steady from five articles to thousands; in it a
# syllable stands in one of ten and a pair in one of five hundred. Unsmoothed idf would drop, in a batch about one
# event, exactly the words that all its articles share.
_PRIOR, _PRIOR_SYLLABLE, _PRIOR_PAIR = 200, 0.1, 0.002


def tfidf(documents: Sequence[Counter[str]]) -> list[Vector]:
    """Return unit vectors with sublinear term frequency and smoothed idf within `documents`."""
    frequency = Counter(term for counts in documents for term in counts)
    total = len(documents) + _PRIOR
    idf = {
        term: math.log((1 + total) / (count + _PRIOR * (_PRIOR_PAIR if " " in term else _PRIOR_SYLLABLE)))
        for term, count in frequency.items()
    }
    result = []
    for counts in documents:
        vector = {
            term: (1 + math.log(count)) * idf[term] for term, count in sorted(counts.items()) if idf[term] > 0
        }
        norm = math.sqrt(sum(value * value for value in vector.values())) or 1.0
        result.append({term: value / norm for term, value in vector.items()})
    return result


def unit_vector(
    counts: Mapping[str, int], weight: Callable[[str], float], *, most: int | None = None
) -> Vector:
    """Return the unit vector of the `most` weightiest terms: sublinear term frequency times `weight`."""
    vector = {sys.intern(term): (1 + math.log(count)) * weight(term) for term, count in counts.items()}
    if most is not None and len(vector) > most:
        vector = dict(sorted(vector.items(), key=lambda item: (-item[1], item[0]))[:most])
    norm = math.sqrt(sum(value * value for value in vector.values())) or 1.0
    return {term: vector[term] / norm for term in sorted(vector)}


def cosine(left: Vector, right: Vector) -> float:
    """Return the dot product of two unit vectors."""
    if len(right) < len(left):
        left, right = right, left
    return sum(value * right.get(term, 0.0) for term, value in left.items())


def candidate_pairs(keys: Sequence[Iterable[str]], *, shared: int, most: int) -> list[tuple[int, int]]:
    """Return index pairs that share at least `shared` keys; keys held by more than `most` items do not count.

    With `most` fixed the work grows linearly with the number of items.
    """
    holders: dict[str, list[int]] = defaultdict(list)
    for index, own in enumerate(keys):
        for key in dict.fromkeys(own):
            holders[key].append(index)
    counts: Counter[tuple[int, int]] = Counter()
    for key in sorted(holders):
        if 1 < len(holders[key]) <= most:
            counts.update(itertools.combinations(holders[key], 2))
    return sorted(pair for pair, count in counts.items() if count >= shared)
