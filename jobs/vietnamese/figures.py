"""Figures and dates of Vietnamese press text: text in, non-overlapping mentions with canonical values out."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from jobs.vietnamese.dates import find_dates
from jobs.vietnamese.numbers import find_numbers
from jobs.vietnamese.spans import without_overlaps

if TYPE_CHECKING:
    import datetime as dt

    from jobs.records import Mention


@lru_cache(maxsize=4096)  # translation, events, claims and quotes read the same sentences
def figures(text: str, anchor: dt.date | None = None) -> tuple[Mention, ...]:
    """Return the figures and dates of `text` in order.

    A date without its year takes the year nearest to `anchor`, the article's date; without an anchor its value
    is "--MM-DD". Relative dates ("hôm qua") are given only with an anchor.
    """
    dates = [(0, mention) for mention in find_dates(text, anchor)]
    return without_overlaps(dates + [(1, mention) for mention in find_numbers(text)])
