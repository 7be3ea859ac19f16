"""Dates of Vietnamese press text, each with its precision: days, ranges, months, quarters, years, relative days.

Values are ISO 8601; "--01-15" where neither text nor anchor tells the year, "A/B" for ranges. The English form is
given where it is certain. Lunar dates are left alone: converting them needs a calendar, not a grammar.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

from jobs.records import Mention
from jobs.vietnamese.spans import roman

if TYPE_CHECKING:
    from collections.abc import Iterator

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_ORDINALS = ("", "first", "second", "third", "fourth")
_D, _M, _Y = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])", r"(?:1[5-9]|20)\d\d"
_EDGE, _STOP = r"(?<![\w/.,-])", r"(?![\w/]|[-–]\d|[.,]\d)"
_JOIN = r"\s*(?:-|–|—|đến|tới|đến hết)\s*(?:hết\s+)?(?:ngày\s+)?"
_MONTH_WORDS = {
    "một": 1, "hai": 2, "ba": 3, "tư": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "mười": 10,
    "mười một": 11, "mười hai": 12,
}  # fmt: skip
_LUNAR = re.compile(r"\s*(?:\(?\s*(?:tức\s+)?(?:âm lịch|Âm lịch|ÂL))")
_DAY_WORDS = r"(?:ngày|sáng|trưa|chiều|tối|đêm|khuya|rạng sáng|hôm|từ|đến|vào|hết|trước|sau|kể từ|tính đến|và|nay|qua|mai|hai|thứ \w+|chủ nhật|,|\()"
_CONTEXT = re.compile(rf"(?:^|[^\w]){_DAY_WORDS}\s*$", re.IGNORECASE)

_DAY_CONTEXT = re.compile(r"(?:^|\W)(?:ngày|sáng|trưa|chiều|tối|đêm|hôm)\s*$", re.IGNORECASE)

_FULL_RANGE = re.compile(
    rf"{_EDGE}(?P<d1>{_D})[/.-](?P<m1>{_M})(?:[/.-](?P<y1>{_Y}))?{_JOIN}(?P<d2>{_D})[/.-](?P<m2>{_M})(?:[/.-](?P<y2>{_Y}))?{_STOP}"
)
_LONG_WORD_RANGE = re.compile(
    rf"{_EDGE}(?P<d1>{_D})\s+tháng\s+(?P<m1>{_M})(?:\s+năm\s+(?P<y1>{_Y}))?{_JOIN}(?P<d2>{_D})\s+tháng\s+(?P<m2>{_M})(?:(?:\s*,)?\s*(?:năm|/)\s*(?P<y2>{_Y}))?(?!\d)"
)
_SHORT_RANGE = re.compile(rf"{_EDGE}(?P<d1>{_D}){_JOIN}(?P<d2>{_D})[/-](?P<m2>{_M})(?:[/-](?P<y2>{_Y}))?{_STOP}")
_WORD_RANGE = re.compile(
    rf"{_EDGE}(?P<d1>{_D}){_JOIN}(?P<d2>{_D})\s+tháng\s+(?P<m2>{_M})(?:(?:\s*,)?\s*(?:năm|/)\s*(?P<y2>{_Y}))?(?!\d)"
)
_FULL = re.compile(rf"{_EDGE}(?P<d>{_D})(?P<s>[/.-])(?P<m>{_M})(?P=s)(?P<y>{_Y}){_STOP}")
_SHORT = re.compile(rf"{_EDGE}(?P<d>{_D})(?P<s>[/-])(?P<m>{_M}){_STOP}")
_WORDS = re.compile(rf"{_EDGE}(?P<d>{_D})\s+tháng\s+(?P<m>{_M})(?:(?:\s*,)?\s*(?:năm|/)\s*(?P<y>{_Y}))?(?!\d|/\d)")
_MONTH_YEAR = re.compile(rf"\btháng\s+(?P<m>{_M})(?:\s*[/-]\s*|\s*,?\s+năm\s+)(?P<y>{_Y})(?!\d)", re.IGNORECASE)
_MONTH = re.compile(rf"\btháng\s+(?P<m>{_M})(?![\d/]|[.,]\d|\s*(?:,?\s*năm\s+\d|tuổi))", re.IGNORECASE)
# "tháng Tư"; small "tháng năm" and "tháng ba" are too often something else ("ngày tháng năm sinh").
_NAMED = re.compile(
    r"(?:\bngày\s+(?P<d>\d{1,2})\s+)?\btháng\s+(?P<w>Mười [Mm]ột|Mười [Hh]ai|Một|Hai|Ba|Tư|Năm|Sáu|Bảy|Tám|Chín|Mười|tư)\b(?:\s*,?\s*năm\s+(?P<y>\d{4}))?"
)
_QUARTER = re.compile(
    rf"\bquý\s+(?P<q>[1-4]|I{{1,3}}|IV)(?:(?:\s*[/-]\s*|\s*,?\s+năm\s+)(?P<y>{_Y}))?(?![\dIVX])", re.IGNORECASE
)
_YEARS = re.compile(rf"{_EDGE}(?P<y1>{_Y}){_JOIN}(?:năm\s+)?(?P<y2>{_Y})(?![\d/]|[.,]\d)")
_YEAR = re.compile(rf"\bnăm\s+(?P<y>{_Y})(?![\d/]|[.,]\d)", re.IGNORECASE)
_RELATIVE = re.compile(r"\b(hôm nay|hôm qua|hôm kia|ngày mai|ngày kia|năm nay|năm ngoái|năm qua|năm tới|năm sau)\b", re.IGNORECASE)
_SHIFT = {"hôm nay": 0, "hôm qua": -1, "hôm kia": -2, "ngày mai": 1, "ngày kia": 2}
_YEAR_SHIFT = {"năm nay": 0, "năm ngoái": -1, "năm qua": -1, "năm tới": 1, "năm sau": 1}


def find_dates(text: str, anchor: dt.date | None = None) -> tuple[Mention, ...]:
    """Return the dates of `text` in order; where readings overlap, the earlier pattern of the list wins."""
    if not re.search(r"\d|[Qq]uý|hôm|ngày|năm", text):
        return ()
    taken: list[Mention] = []
    covered: set[int] = set()
    for mention in _all(text, anchor):
        places = range(mention.start, mention.end)
        if not covered.intersection(places):
            covered.update(places)
            taken.append(mention)
    return tuple(sorted(taken, key=lambda item: item.start))


def _all(text: str, anchor: dt.date | None) -> Iterator[Mention]:
    for pattern in (_FULL_RANGE, _LONG_WORD_RANGE, _WORD_RANGE, _SHORT_RANGE):
        for match in pattern.finditer(text):
            yield from _range(text, match, anchor)
    for match in _FULL.finditer(text):
        yield from _day(text, match, int(match["y"]), anchor)
    for match in _WORDS.finditer(text):
        yield from _day(text, match, int(match["y"]) if match["y"] else None, anchor)
    for match in _SHORT.finditer(text):
        if _is_day(text, match):
            yield from _day(text, match, None, anchor)
    for match in _MONTH_YEAR.finditer(text):
        month, year = int(match["m"]), int(match["y"])
        shown = f"{MONTHS[month - 1]} {year}"
        yield _date(text, match.span(), f"{year}-{month:02d}", "month", english=shown)
    for match in _QUARTER.finditer(text):
        number = int(match["q"]) if match["q"].isdigit() else roman(match["q"].upper()) or 0
        shown = f"{_ORDINALS[number]} quarter" + (f" of {match['y']}" if match["y"] else "")
        value = f"{match['y']}-Q{number}" if match["y"] else f"--Q{number}"
        yield _date(text, match.span(), value, "quarter", english=shown)
    for match in _YEARS.finditer(text):
        if int(match["y1"]) < int(match["y2"]):
            value = f"{match['y1']}/{match['y2']}"
            yield _date(text, match.span(), value, "year", english=f"{match['y1']}-{match['y2']}")
    for match in _NAMED.finditer(text):
        yield from _named(text, match, anchor)
    for match in _MONTH.finditer(text):
        month = int(match["m"])
        if _followed_by_count(text, match):
            continue
        value = f"{_nearest_month(month, anchor)}-{month:02d}" if anchor else f"--{month:02d}"
        yield _date(text, match.span(), value, "month", english=MONTHS[month - 1])
    for match in _YEAR.finditer(text):
        yield _date(text, match.span("y"), match["y"], "year", english=match["y"])
    if anchor is not None:
        for match in _RELATIVE.finditer(text):
            words = match[0].lower()
            if words in _SHIFT:
                value = (anchor + dt.timedelta(days=_SHIFT[words])).isoformat()
                yield _date(text, match.span(), value, "day")
            else:
                yield _date(text, match.span(), str(anchor.year + _YEAR_SHIFT[words]), "year")


def _named(text: str, match: re.Match[str], anchor: dt.date | None) -> Iterator[Mention]:
    month = _MONTH_WORDS[match["w"].lower()]
    year = int(match["y"]) if match["y"] else None
    closing = f" {year}" if year else ""
    if match["d"] and _valid(year, month, int(match["d"])):
        span = match.start("d"), match.end()
        shown = f"{MONTHS[month - 1]} {int(match['d'])}" + (f", {year}" if year else "")
        yield _date(text, span, _iso(year, month, int(match["d"]), anchor), "day", english=shown)
        return
    span = text.index("tháng", match.start()), match.end()
    found = year or (nearest_year(month, 15, anchor) if anchor else None)
    value = f"{found}-{month:02d}" if found else f"--{month:02d}"
    yield _date(text, span, value, "month", english=f"{MONTHS[month - 1]}{closing}")


def _date(text: str, span: tuple[int, int], value: str, precision: str, english: str | None = None) -> Mention:
    data: dict[str, Any] = {"precision": precision, "english": english}
    return Mention(kind="date", start=span[0], end=span[1], text=text[span[0] : span[1]], value=value, **data)


def _followed_by_count(text: str, match: re.Match[str]) -> bool:
    """`trong tháng 3 ngày` and `6 tháng 9 ...`: a count before `tháng` makes it a duration."""
    return bool(re.search(r"\d\s*$", text[max(0, match.start() - 4) : match.start()]))


def _is_day(text: str, match: re.Match[str]) -> bool:
    """Tell a day `15/1` from a fraction `1/3` and a score `2-1`."""
    before = text[max(0, match.start() - 14) : match.start()]
    if match["s"] == "-":
        return bool(_DAY_CONTEXT.search(before))
    if _CONTEXT.search(before):
        return True
    return int(match["d"]) > int(match["m"]) or match["d"].startswith("0") or match["m"].startswith("0")


def _valid(year: int | None, month: int, day: int) -> bool:
    try:
        dt.date(year or 2000, month, day)
    except ValueError:
        return False
    return True


def nearest_year(month: int, day: int, anchor: dt.date) -> int:
    """Return the year that puts month and day closest to `anchor`."""
    years = [anchor.year - 1, anchor.year, anchor.year + 1]
    good = [year for year in years if _valid(year, month, day)] or [anchor.year]
    return min(good, key=lambda year: abs((dt.date(year, month, min(day, 28)) - anchor).days))


def _nearest_month(month: int, anchor: dt.date | None) -> int:
    assert anchor is not None
    return nearest_year(month, 15, anchor)


def _iso(year: int | None, month: int, day: int, anchor: dt.date | None) -> str:
    if year is None and anchor is not None:
        year = nearest_year(month, day, anchor)
    return f"{year:04d}-{month:02d}-{day:02d}" if year else f"--{month:02d}-{day:02d}"


def _day(text: str, match: re.Match[str], year: int | None, anchor: dt.date | None) -> Iterator[Mention]:
    day, month = int(match["d"]), int(match["m"])
    if not _valid(year, month, day) or _LUNAR.match(text, match.end()):
        return
    shown = f"{MONTHS[month - 1]} {day}" + (f", {year}" if year else "")
    yield _date(text, match.span(), _iso(year, month, day, anchor), "day", english=shown)


def _range(text: str, match: re.Match[str], anchor: dt.date | None) -> Iterator[Mention]:
    groups = match.groupdict()
    first, last = int(groups["d1"]), int(groups["d2"])
    month2 = int(groups["m2"])
    month1 = int(groups.get("m1") or month2)
    year2 = int(groups["y2"]) if groups.get("y2") else None
    year1 = int(groups["y1"]) if groups.get("y1") else year2
    if not (_valid(year1, month1, first) and _valid(year2, month2, last)):
        return
    if (year1 or 0, month1, first) >= (year2 or year1 or 0, month2, last):
        return
    joined = text[match.end("d1") : match.start("d2")]
    hyphen = any(mark in joined for mark in "-–—") and "đến" not in joined and "tới" not in joined
    if not groups.get("m1") and hyphen and not groups.get("y2") and not _plausible(text, match):
        return
    value = f"{_iso(year1, month1, first, anchor)}/{_iso(year2, month2, last, anchor)}"
    closing = f", {year2}" if year2 else ""
    one, two = MONTHS[month1 - 1], MONTHS[month2 - 1]
    if groups.get("y1") and year1 != year2:
        shown = f"{one} {first}, {year1} {'-' if hyphen else 'to'} {two} {last}{closing}"
    elif month1 == month2:
        shown = f"{one} {first}{'-' if hyphen else ' to '}{last}{closing}"
    else:
        shown = f"{one} {first} {'-' if hyphen else 'to'} {two} {last}{closing}"
    yield _date(text, match.span(), value, "day", english=shown)


def _plausible(text: str, match: re.Match[str]) -> bool:
    """`12-16/1` needs a day word before it or a slash in it: `2-1/3` could be a score and a fraction."""
    before = text[max(0, match.start() - 14) : match.start()]
    return "/" in match[0] or bool(_CONTEXT.search(before))
