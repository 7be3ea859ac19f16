"""Copies: articles in, near-verbatim reprints and their originals out. Copies are one voice, never corroboration."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import TYPE_CHECKING

from jobs.reconcile.vectors import body_text, candidate_pairs, syllables
from jobs.records import Article, Record

if TYPE_CHECKING:
    from collections.abc import Sequence

_WIDTH = 5  # syllables in a shingle
_SAMPLE = 8  # one shingle in so many makes the blocking keys (Broder 1997, mod-m sampling)
# Share of the shorter article's shingles found in the longer one: 0.75 keeps cuts and edits of agency copy, rewrites
# of the same event stay under 0.3.
_COPIED = 0.75


class CopyLink(Record):
    """`original` is the earlier or longer article; `share` of the copy's shingles stand in it."""

    original: str
    share: float


def _shingles(article: Article) -> set[str]:
    items = syllables(body_text(article))
    return {" ".join(items[i : i + _WIDTH]) for i in range(max(1, len(items) - _WIDTH + 1))}


def _sampled(shingles: set[str]) -> list[str]:
    from zlib import crc32

    return sorted(item for item in shingles if crc32(item.encode()) % _SAMPLE == 0)


def find_copies(articles: Sequence[Article]) -> dict[str, CopyLink]:
    """Return copies by article id. The original is the earliest by date, then the longest, then first by path."""
    shingles = [_shingles(article) for article in articles]
    pairs = candidate_pairs([_sampled(item) for item in shingles], shared=2, most=200)
    group = list(range(len(articles)))

    def root(index: int) -> int:
        while group[index] != index:
            index = group[index]
        return index

    for left, right in pairs:
        small, large = sorted((shingles[left], shingles[right]), key=len)
        if len(small & large) >= _COPIED * len(small):
            group[root(right)] = root(left)
    groups: dict[int, list[int]] = {}
    for index in range(len(articles)):
        groups.setdefault(root(index), []).append(index)
    links: dict[str, CopyLink] = {}
    for members in groups.values():
        ranked = sorted(
            members,
            key=lambda i: (articles[i].date or dt.date.max, -len(shingles[i]), articles[i].path),
        )
        first = ranked[0]
        for other in ranked[1:]:
            share = len(shingles[other] & shingles[first]) / max(1, len(shingles[other]))
            links[articles[other].id] = CopyLink(original=articles[first].id, share=round(share, 3))
    return links


def voices(ids: Sequence[str], copies: dict[str, CopyLink]) -> int:
    """Return the number of independent articles among `ids`."""
    return len({copies[item].original if item in copies else item for item in itertools.chain(ids)})
