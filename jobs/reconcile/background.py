"""How common a syllable or a pair of syllables is in Vietnamese press text at large: a term in, its weight out.

Weights from a fixed table make the likeness of two articles a matter of these two alone: whatever else lies in the
batch, hostile or not, changes nothing about them. The table holds counts of sentences, no text.
"""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).resolve().parent.parent / "data" / "background.tsv"
# What a term outside the table is taken to have: the rarest entries stand in 30 to 60 sentences of 284,000.
_UNLISTED = 20


@cache
def _weights() -> tuple[dict[str, float], float]:
    counts: dict[str, int] = {}
    for line in _TABLE.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            term, _, count = line.partition("\t")
            counts[term] = int(count)
    total = counts.pop("sentences")
    return {term: math.log(total / count) for term, count in counts.items()}, math.log(total / _UNLISTED)


def weight(term: str) -> float:
    """Return the inverse document frequency of a syllable, or of a pair "a b", in press text; about 1 to 9.6."""
    table, rare = _weights()
    return table.get(term, rare)
