"""One Vietnamese summary of several articles on one event: articles in, places of the chosen sentences out.

Sentences are chosen to cover the syllable pairs that a human summary would most likely hold (concept coverage,
Gillick and Favre 2009, solved greedily): pairs that many articles share, that stand early and that the headlines
use. A covered pair counts once, so nothing is said twice.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jobs.reconcile.vectors import syllables as split

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jobs.records import Article

Pair = tuple[str, str]
Place = tuple[str, int]

# Log-odds that a pair of syllables stands in a human summary: a logistic regression on the odd half of a collection
# of 199 clusters with two summaries each, rounded. Summaries retell the body: its second and third sentence
# rather than the lead, which puts the same thing more loosely.
_BASE, _SHARED, _OFTEN, _EARLY, _EARLY_ON_AVERAGE, _IN_LEAD, _IN_TITLES = -4.7, 0.6, 0.5, 3.6, 1.5, -1.2, 0.8
_EARLY_DECAY, _AVERAGE_DECAY = 10, 4  # sentences
# Gain is divided by length to this power: below 1 it prefers fewer, longer sentences, which humans keep whole.
_LENGTH_POWER = 0.75
_SHORTEST = 6  # syllables; shorter lines are furniture


@dataclass(slots=True)
class _Line:
    """A sentence: its article's index, its position among the article's statements, its syllables' pairs."""

    place: Place
    article: int
    position: int
    length: int
    pairs: list[Pair]


@dataclass(slots=True)
class _Seen:
    """Where a pair occurs: how often, and its first position in each article."""

    count: int = 0
    first: dict[int, int] = field(default_factory=dict)


def merged_summary(articles: Sequence[Article], *, syllables: int) -> tuple[Place, ...]:
    """Return (article id, sentence number) of the sentences of a summary of `syllables` syllables.

    The sentences reach the length and may pass it by the end of the last one, which is then the one to cut.
    The others come in the order of their positions in their articles.
    """
    lines = _lines(articles)
    weights = pair_weights(articles, lines)
    chosen: list[_Line] = []
    covered: set[Pair] = set()
    used = 0
    while used < syllables:
        room = syllables - used
        best, best_gain = None, 0.0
        for line in lines:
            if line in chosen or line.length < _SHORTEST:
                continue
            pairs = set(line.pairs if line.length <= room else line.pairs[: max(room - 1, 1)]) - covered
            gain = sum(sorted(weights[pair] for pair in pairs)) / min(line.length, room) ** _LENGTH_POWER
            if gain > best_gain + 1e-12:
                best, best_gain = line, gain
        if best is None:
            break
        chosen.append(best)
        covered.update(best.pairs)
        used += best.length
    whole = chosen if used <= syllables else chosen[:-1]
    ordered = sorted(whole, key=lambda line: (line.position, line.article))
    return tuple(line.place for line in ordered + chosen[len(whole) :])


def _lines(articles: Sequence[Article]) -> list[_Line]:
    lines = []
    for index, article in enumerate(articles):
        told = [item for item in article.sentences if item.role in ("lead", "body")]
        for position, sentence in enumerate(told):
            items = split(sentence.text)
            place = article.id, sentence.n
            lines.append(_Line(place, index, position, len(items), list(itertools.pairwise(items))))
    return lines


def pair_weights(articles: Sequence[Article], lines: Sequence[_Line]) -> Mapping[Pair, float]:
    """Return the probability that a summary holds each pair of `lines`."""
    seen: dict[Pair, _Seen] = {}
    for line in lines:
        for pair in line.pairs:
            entry = seen.setdefault(pair, _Seen())
            entry.count += 1
            entry.first[line.article] = min(line.position, entry.first.get(line.article, line.position))
    titles = [set(itertools.pairwise(split(article.title or ""))) for article in articles]
    total = len(articles)
    weights = {}
    for pair, entry in seen.items():
        earliest = min(entry.first.values())
        odds = (
            _BASE
            + _SHARED * len(entry.first) / total
            + _OFTEN * math.log(entry.count)
            + _EARLY * math.exp(-earliest / _EARLY_DECAY)
            + _EARLY_ON_AVERAGE * sum(math.exp(-at / _AVERAGE_DECAY) for at in entry.first.values()) / total
            + _IN_LEAD * (earliest == 0)
            + _IN_TITLES * sum(pair in title for title in titles) / total
        )
        weights[pair] = 1 / (1 + math.exp(-odds))
    return weights
