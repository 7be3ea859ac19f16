"""Dates of English text: what the patterns find in, mentions with ISO values out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jobs.english.grammar import mention, patterns
from jobs.vietnamese.dates import MONTHS
from jobs.vietnamese.spans import roman
from jobs.vietnamese.years import nearest_year

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from jobs.records import Mention

_MONTH_NUMBER = {name.lower(): index for index, name in enumerate(MONTHS, 1)}
_MONTH_NUMBER |= {name[:3].lower(): index for index, name in enumerate(MONTHS, 1)} | {"sept": 9}


def _month(name: str) -> int:
    return _MONTH_NUMBER[name.lower().rstrip(".")]


def _iso(year: str | None, month: int, day: str, anchor: dt.date | None) -> str:
    number = int(day)
    found = int(year) if year else nearest_year(month, number, anchor) if anchor else None
    return f"{found:04d}-{month:02d}-{number:02d}" if found else f"--{month:02d}-{number:02d}"


def _month_dates(text: str, anchor: dt.date | None) -> Iterator[Mention]:
    found_by = patterns()
    if not found_by["any_month"].search(text):
        return
    for match in found_by["month_range"].finditer(text):
        first = _month(match["month"])
        last = _month(match["month2"]) if match["month2"] else first
        if int(match["day2"]) > 31 or int(match["day"]) > 31:
            continue
        if " and " in match[0] and not match["month2"] and int(match["day2"]) <= int(match["day"]):
            continue
        start = _iso(match["year1"] or match["year"], first, match["day"], anchor)
        value = f"{start}/{_iso(match['year'], last, match['day2'], anchor)}"
        yield mention("date", text, match.span(), value, precision="day")
    for match in found_by["day_range"].finditer(text):
        last = _month(match["month"])
        first = _month(match["month1"]) if match["month1"] else last
        if int(match["day2"]) <= 31 and int(match["day"]) <= 31:
            start = _iso(match["year"], first, match["day"], anchor)
            value = f"{start}/{_iso(match['year'], last, match['day2'], anchor)}"
            yield mention("date", text, match.span(), value, precision="day")
    for match in found_by["day_list"].finditer(text):
        days = list(re.finditer(r"\d+", match["days"]))
        for place, found in enumerate(days):
            begin = match.start() if place == 0 else match.start("days") + found.start()
            stop = match.end() if place == len(days) - 1 else match.start("days") + found.end()
            if 1 <= int(found[0]) <= 31:
                value = _iso(match["year"], _month(match["month"]), found[0], anchor)
                yield mention("date", text, (begin, stop), value, precision="day")
    for name in ("month_day", "day_month"):
        for match in found_by[name].finditer(text):
            if 1 <= int(match["day"]) <= 31:
                value = _iso(match["year"], _month(match["month"]), match["day"], anchor)
                yield mention("date", text, match.span(), value, precision="day")
    for match in found_by["month_year"].finditer(text):
        value = f"{match['year']}-{_month(match['month']):02d}"
        yield mention("date", text, match.span(), value, precision="month")
    for match in found_by["month"].finditer(text):
        group = "month" if match["month"] else "month_in"
        month = _month(match[group])
        value = f"{nearest_year(month, 15, anchor)}-{month:02d}" if anchor else f"--{month:02d}"
        yield mention("date", text, match.span(group), value, precision="month")


def dates(text: str, anchor: dt.date | None) -> Iterator[Mention]:
    """Yield the dates of `text`; one without a year gets that nearest to `anchor`."""
    found_by = patterns()
    yield from _month_dates(text, anchor)
    for match in found_by["iso"].finditer(text):
        yield mention("date", text, match.span(), match[0], precision="day")
    for match in found_by["slash"].finditer(text):
        day, month = int(match["a"]), int(match["b"])
        if match["s"] in "-." and not match["year"]:
            continue
        if 1 <= month <= 12 and 1 <= day <= 31 and (match["year"] or day > 12):
            value = _iso(match["year"], month, str(day), anchor)
            yield mention("date", text, match.span(), value, precision="day")
    for match in found_by["quarter"].finditer(text):
        word = (match["word"] or "").lower()
        given = match["q"] or match["q2"] or match["q3"] or ""
        number = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4}.get(word)
        number = number or (int(given) if given.isdigit() else roman(given.upper()) or 0)
        value = f"{match['year']}-Q{number}" if match["year"] else f"--Q{number}"
        yield mention("date", text, match.span(), value, precision="quarter")
    for match in found_by["decade"].finditer(text):
        yield mention("date", text, match.span(), match["year"], precision="year")
    for match in found_by["years"].finditer(text):
        last_year = match["b"] if len(match["b"]) == 4 else match["a"][:2] + match["b"]
        if match["a"] < last_year:
            yield mention("date", text, match.span(), f"{match['a']}/{last_year}", precision="year")
