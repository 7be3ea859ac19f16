"""Long sentences in parts: a sentence in, parts that fit a model's limit out, cut at clause boundaries.

The parts joined again are the sentence, character for character: nothing is cut off.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# Boundaries from the strongest to the weakest; each pattern ends where the new part begins.
_LEVELS = (
    re.compile(r"[.!?…;][\"”')]*\s+"),
    re.compile(
        r":\s+|,\s+(?=(?:trong đó|đồng thời|qua đó|nhằm|trong khi|tuy nhiên|nhưng|do đó|vì vậy|từ đó)\b)"
    ),
    re.compile(r",\s+(?=(?:và|cũng như|cùng với|song|còn|hoặc|khi|nếu|để|với)\b)|\s+[-–—]\s+"),
    re.compile(r",\s+"),
    re.compile(r"\s+(?=(?:và|nhưng|để|nhằm|khi|mà|vì|do|với|trong|tại|cho|của)\s)"),
    re.compile(r"\s+"),
)


def split_long(text: str, count: Callable[[str], int], limit: int) -> list[str]:
    """Return `text` in parts of at most `limit` tokens by `count`, cut as strongly and as evenly as can be.

    A single word longer than the limit is cut by characters.
    """
    if count(text) <= limit or len(text) < 2:
        return [text]
    middle = len(text) / 2
    for level in _LEVELS:
        places = [m.end() for m in level.finditer(text) if 0 < m.end() < len(text)]
        # Near the middle, so that parts stay long enough to be understood; not at the very edges.
        good = [place for place in places if 0.15 * len(text) <= place <= 0.85 * len(text)]
        if good:
            cut = min(good, key=lambda place: (abs(place - middle), place))
            return split_long(text[:cut], count, limit) + split_long(text[cut:], count, limit)
    cut = len(text) // 2
    return split_long(text[:cut], count, limit) + split_long(text[cut:], count, limit)


def join_translations(parts: Sequence[str]) -> str:
    """Return the translations of parts as one sentence: inner stops go, inner capitals of function words fall."""
    kept = [part.strip() for part in parts if part.strip()]
    if len(kept) <= 1:
        return kept[0] if kept else ""
    out = [kept[0]]
    for part in kept[1:]:
        if out[-1].endswith(".") and not out[-1].endswith("..."):
            out[-1] = out[-1][:-1] + ("" if part[:1] in ",;:" else ",")
        first = part.split(" ", 1)[0]
        if first[:1].isupper() and first.lower() in _LOWERED:
            out.append(first[0].lower() + part[1:])
        else:
            out.append(part)
    return " ".join(out)


_LOWERED = frozenset({
    "a", "according", "also", "an", "and", "as", "at", "but", "by", "contributing", "especially", "for", "from", "he",
    "her", "his", "in", "including", "it", "its", "of", "on", "or", "particularly", "she", "that", "the", "their",
    "thereby", "these", "they", "this", "those", "thus", "to", "under", "when", "where", "which", "while", "who",
    "with",
})  # fmt: skip
