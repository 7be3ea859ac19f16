"""Extractive summary of one article: sentences in, its statements with their sentence numbers out, in article order.

Chosen on the Vietnamese side, so that both languages cite the same sentences. A sentence scores by its
closeness to the whole article (TF-IDF centroid), by the title and by its position (press articles are
inverted pyramids); redundancy is held down by maximal marginal relevance (Carbonell and Goldstein 1998). What is
chosen is cut to the statement that stands alone.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from jobs.reconcile.vectors import Vector, cosine, terms, tfidf
from jobs.records import Article, Sentence, Summary, SummarySentence, Translation
from jobs.vietnamese.condense import condense, leans

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SYLLABLE = re.compile(r"\w+")
_MMR_RELEVANCE = 0.7  # share of relevance against novelty; Carbonell and Goldstein use 0.7 for summaries
_TITLE_SHARE = 0.3
_MIN_SYLLABLES, _GOOD_SYLLABLES = 8, 60


def choose(
    sentences: Sequence[Sentence],
    *,
    title: str | None = None,
    limit: int = 3,
    max_syllables: int = 130,
    penalty: Mapping[int, float] | None = None,
) -> tuple[int, ...]:
    """Return the numbers of at most `limit` sentences (roles lead and body) in article order.

    Lengths are those of the statements that `statements` makes of them. `penalty` maps a sentence number to a
    factor in (0, 1] for sentences whose translation is doubtful.
    The first chosen sentence is kept even when it alone is longer than `max_syllables`.
    """
    pool = [item for item in sentences if item.role in ("lead", "body")]
    if not pool:
        return ()
    texts = [item.text for item in pool] + ([title] if title else [])
    base = tfidf([terms(text) for text in texts])
    body = base[: len(pool)]
    centroid: Vector = {}
    for vector in body:
        for term, value in vector.items():
            centroid[term] = centroid.get(term, 0.0) + value
    norm = math.sqrt(sum(value * value for value in centroid.values())) or 1.0
    centroid = {term: value / norm for term, value in centroid.items()}
    lengths = [len(_SYLLABLE.findall(condense(item.text))) for item in pool]
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
        if index and leans(item.text):
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


def statements(
    article: Article, *, limit: int, max_syllables: int, doubtful: frozenset[int]
) -> tuple[tuple[int, str], ...]:
    """Return the summary of `article` as (sentence number, statement): chosen sentences, cut to stand alone.

    `doubtful` are sentences whose translation carries flags: others are taken where they say as much.
    """
    numbers = choose(
        article.sentences,
        title=article.title,
        limit=limit,
        max_syllables=max_syllables,
        penalty=dict.fromkeys(sorted(doubtful), 0.8),
    )
    text = {item.n: item.text for item in article.sentences}
    return tuple((n, condense(text[n])) for n in numbers)


def summary(chosen: Sequence[tuple[int, str]], english: Mapping[str, Translation]) -> Summary:
    """Return both summaries; `english` maps the statements of `chosen` to their translations."""
    return Summary(
        vi=tuple(SummarySentence(text=text, sentences=(n,)) for n, text in chosen),
        en=tuple(
            SummarySentence(text=english[text].en, sentences=(n,), flags=english[text].flags)
            for n, text in chosen
            if text in english and english[text].en
        ),
    )
