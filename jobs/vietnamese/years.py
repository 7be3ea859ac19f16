"""The year of a date that names none: the nearest to the day from which the article is read."""

from __future__ import annotations

import datetime as dt
import re

_PAST = re.compile(r"\s+(?:vừa qua|vừa rồi|mới đây)\b")
_FUTURE = re.compile(r"\s+(?:tới đây|tới|sắp tới)\b(?!\s+\d|\s+ngày)")


def year_of(text: str, end: int, month: int, day: int, anchor: dt.date) -> int:
    """Return the year of a date that ends at `end`: "vừa qua" is behind the anchor, "tới" before it."""
    nearest = nearest_year(month, day, anchor)
    if _PAST.match(text, end) and (nearest, month, day) > (anchor.year, anchor.month, anchor.day):
        return nearest - 1
    if _FUTURE.match(text, end) and (nearest, month, day) < (anchor.year, anchor.month, anchor.day):
        return nearest + 1
    return nearest


def valid(year: int | None, month: int, day: int) -> bool:
    """Return whether there is such a day; in a leap year where the year is not known."""
    try:
        dt.date(year or 2000, month, day)
    except ValueError:
        return False
    return True


def nearest_year(month: int, day: int, anchor: dt.date) -> int:
    """Return the year that puts month and day closest to `anchor`."""
    years = [anchor.year - 1, anchor.year, anchor.year + 1]
    good = [year for year in years if valid(year, month, day)] or [anchor.year]
    return min(good, key=lambda year: abs((dt.date(year, month, min(day, 28)) - anchor).days))
