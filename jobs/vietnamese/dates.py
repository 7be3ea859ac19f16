"""Dates of Vietnamese press text, each with its precision: days, lists and ranges of days, months, quarters, years.

Values are ISO 8601; "--01-15" where neither text nor anchor tells the year, "A/B" for ranges. The English form is
given where it is certain. Lunar dates are found but left alone: converting them needs a calendar, not a grammar.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

from jobs.records import Mention
from jobs.vietnamese.fold import fold
from jobs.vietnamese.spans import roman
from jobs.vietnamese.years import nearest_year, valid, year_of

if TYPE_CHECKING:
    from collections.abc import Iterator

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_ORDINALS = ("", "first", "second", "third", "fourth")
_D, _M, _Y = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])", r"(?:1[5-9]|20)\d\d"
_EDGE, _STOP = r"(?<![\w/.,-])", r"(?![\w/]|[-–]\d|[.,]\d)"
_JOIN = r"\s*(?:-|–|—|đến hết|cho đến|đến|tới)\s*(?:hết\s+)?(?:ngày\s+)?"
_MONTH_WORDS = {
    "giêng": 1, "một": 1, "hai": 2, "ba": 3, "tư": 4, "năm": 5, "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9,
    "mười": 10, "mười một": 11, "mười hai": 12,
}  # fmt: skip
_WORD_MONTH = r"(?:mười một|mười hai|mười|giêng|một|hai|ba|tư|năm|sáu|bảy|bẩy|tám|chín)"
_QUARTER_WORDS = {"một": 1, "hai": 2, "ba": 3, "tư": 4}
_YEAR_AFTER = rf"(?:(?:\s*,)?\s*(?:năm|/|-)\s*(?P<y>{_Y})|\s*,?\s+(?P<y0>{_Y})(?=\s*[,.;)]|$))?(?!\d)"

_LUNAR_AFTER = r"\s*(?:\(\s*)?(?:tức\s+)?(?:âm lịch|Âm lịch|ÂL\b)"
# What only the lunar calendar has, and dates that say that they are lunar.
_LUNAR = re.compile(
    rf"\b(?:(?:ngày\s+)?(?:rằm|Rằm|(?:mồng|mùng|Mồng|Mùng)\s+\d{{1,2}}|\d{{1,2}})\s+(?:tháng\s+)?(?:Tết|[Cc]hạp|[Gg]iêng(?!\s+năm\s+\d))"
    rf"|(?:rằm|Rằm)\s+tháng\s+\w+|(?:mồng|mùng|Mồng|Mùng)\s+\d{{1,2}}(?:\s+tháng\s+\w+|\s*/\s*\d{{1,2}})?(?!\d|\s+năm\s+\d)"
    rf"|tháng\s+[Cc]hạp|(?:ngày\s+)?\d{{1,2}}\s*(?:[/-]\s*\d{{1,2}}|\s+tháng\s+\w+)(?:\s*[/-]\s*\d{{4}})?(?={_LUNAR_AFTER}))(?!\w)"
)
_DAY_WORDS = (
    r"(?:ngày|sáng|trưa|chiều|tối|đêm|khuya|rạng sáng|hôm|từ|đến|tới|vào|hết|trước|sau|kể từ|tính đến|và|nay|qua|mai|hai|dịp|lễ|"  # noqa: E501 - one pattern
    r"cao điểm|phiên|nghỉ|hạn|mùng|mồng|thứ \w+|chủ nhật|,|\()"
)
_CONTEXT = re.compile(rf"(?:^|[^\w]){_DAY_WORDS}\s*$", re.IGNORECASE)
_DAY_CONTEXT = re.compile(
    r"(?:^|\W)(?:ngày|sáng|trưa|chiều|tối|đêm|hôm|dịp|lễ|rạng sáng|khuya)\s*$", re.IGNORECASE
)
# "hôm qua (23-10)", "sáng nay, 23-10", "thứ Ba (23-10)"
_DAY_NAMED = re.compile(
    r"(?:^|\W)(?:(?:hôm|sáng|trưa|chiều|tối|đêm|ngày)\s+(?:nay|qua|kia|mai)|chủ nhật"
    r"|thứ\s+(?:hai|ba|tư|năm|sáu|bảy|bẩy|[2-7])|sáng|trưa|chiều|tối|đêm|hôm)\s*[,(]?\s*$",
    re.IGNORECASE,
)
_LIST_CONTEXT = re.compile(r"(?:^|\W)(?:ngày|sáng|trưa|chiều|tối|đêm)\s*$", re.IGNORECASE)

_DAY_MONTH = rf"(?P<d{{n}}>{_D})(?:\s*[/.-]\s*|\s+tháng\s+)(?P<m{{n}}>{_M})(?:(?:\s*[/.-]\s*|\s*,?\s+năm\s+)(?P<y{{n}}>{_Y}))?"  # noqa: E501 - one pattern
_FULL_RANGE = re.compile(
    rf"{_EDGE}{_DAY_MONTH.format(n=1)}{_JOIN}{_DAY_MONTH.format(n=2)}(?!\w|/|-\d|[.,]\d)"
)
_SHORT_RANGE = re.compile(
    rf"{_EDGE}(?P<d1>{_D}){_JOIN}(?P<d2>{_D})(?P<s>[/-]|\s+tháng\s+)(?P<m2>{_M})(?:(?:[/-]|(?:\s*,)?\s+năm\s+)(?P<y2>{_Y}))?(?![\w/]|[-–]\d|[.,]\d)"
)
_LIST = re.compile(
    rf"{_EDGE}(?P<days>{_D}(?:\s*,\s*(?:ngày\s+)?{_D})*)\s*,?\s*(?:và|,|hoặc)\s+(?:ngày\s+)?(?P<last>{_D})(?:\s*[/-]\s*|\s+tháng\s+)(?P<m>{_M})(?:(?:[/-]|(?:\s*,)?\s+năm\s+)(?P<y>{_Y}))?{_STOP}"
)
_FULL = re.compile(rf"{_EDGE}(?P<d>{_D})(?P<s>[/.-])(?P<m>{_M})(?P=s)(?P<y>{_Y}){_STOP}")
_ISO = re.compile(rf"{_EDGE}(?P<y>{_Y})-(?P<m>0[1-9]|1[0-2])-(?P<d>0[1-9]|[12]\d|3[01])(?![\w-])")
_SHORT = re.compile(rf"{_EDGE}(?P<d>{_D})(?P<s>[/-])(?P<m>{_M}){_STOP}")
_WORDS = re.compile(rf"{_EDGE}(?P<d>{_D})\s+tháng\s+(?P<m>{_M}){_YEAR_AFTER}")
_MONTH_YEAR = re.compile(
    rf"\btháng\s+(?P<m>{_M})(?:\s*[/-]\s*|\s*,?\s+năm\s+|\s+)(?P<y>{_Y})(?![\d/])", re.IGNORECASE
)
_MONTHS = re.compile(
    rf"\btháng\s+(?P<m1>{_M})(?:\s*/\s*(?P<y1>{_Y}))?\s*(?:-|–|đến|tới)\s*(?:hết\s+)?(?:tháng\s+)?(?P<m2>{_M})(?:\s*[/-]\s*|\s*,?\s+năm\s+)(?P<y2>{_Y})(?!\d)",
    re.IGNORECASE,
)
_MONTH = re.compile(rf"\btháng\s+(?P<m>{_M})(?![\d/]|[.,]\d|\s*(?:,?\s*năm\s+\d|tuổi|lần))", re.IGNORECASE)
# Capitals ("tháng Tư") name a month; small words only in a dating phrase: "ngày tháng năm sinh", "tháng ba lần".
_NAMED = re.compile(
    rf"(?:\bngày\s+)?(?:(?P<d>(?<!\d){_D})\s+)?\b[Tt]háng\s+(?P<w>(?i:{_WORD_MONTH}))\b(?!\s+(?:lần|triệu|nghìn|tỷ|trăm|ngày|tuần|sinh|mươi))"
    rf"(?:\s*,?\s*(?:năm\s+)?(?P<y>{_Y})(?!\d))?"
)
_DATING = re.compile(
    r"(?:^|\W)(?:hồi|vào|trong|từ|đến|cuối|đầu|giữa|tới|sang|trước|kể từ|và|của|ngày \d+)\s+$", re.IGNORECASE
)
_DATED = re.compile(r"\s*,?\s+(?:năm (?:nay|ngoái|tới|sau|trước)|vừa qua|vừa rồi|tới đây|tới|này|năm đó)\b")
_QUARTER = re.compile(
    rf"\b(?:quý|Quý)\s+(?P<q>[1-4]|I{{1,3}}|IV|một|hai|ba|tư)\b(?:(?:\s*[/-]\s*|\s*,?\s+(?:của\s+)?năm\s+)(?P<y>{_Y}))?(?![\dIVX])"
)
_YEARS = re.compile(rf"{_EDGE}(?P<y1>{_Y}){_JOIN}(?:năm\s+)?(?P<y2>{_Y})(?![\d/]|[.,]\d)")
_SEASON = re.compile(rf"{_EDGE}(?P<y1>{_Y})\s?[-–/]\s?(?P<y2>\d\d)(?![\w/-]|[.,]\d)")
_YEAR = re.compile(rf"\b(?:năm|thập niên|thập kỷ|năm học)\s+(?P<y>{_Y})(?![\d/]|[.,]\d)", re.IGNORECASE)


def find_dates(text: str, anchor: dt.date | None = None) -> tuple[Mention, ...]:
    """Return the dates of `text` in order; where readings overlap, the earlier pattern of the list wins."""
    if not re.search(r"\d|quý|hôm|ngày|tháng|năm|tuần|thứ|chủ nhật|nay|qua|mai|rằm", text.lower()):
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
    from jobs.vietnamese.relative import find_relative

    for match in _LUNAR.finditer(text):
        yield Mention(
            kind="term",
            start=match.start(),
            end=match.end(),
            text=match[0],
            value=fold(match[0]).lower(),
            unit="lunar",
        )
    if anchor is not None:
        yield from find_relative(text, anchor)
    for pattern in (_FULL_RANGE, _SHORT_RANGE):
        for match in pattern.finditer(text):
            yield from _range(text, match, anchor)
    for match in _LIST.finditer(text):
        yield from _list(text, match, anchor)
    for match in _FULL.finditer(text):
        yield from _day(text, match, int(match["y"]), anchor)
    for match in _ISO.finditer(text):
        yield from _day(text, match, int(match["y"]), anchor)
    for match in _WORDS.finditer(text):
        year = match["y"] or match["y0"]
        yield from _day(text, match, int(year) if year else None, anchor)
    for match in _SHORT.finditer(text):
        if _is_day(text, match):
            yield from _day(text, match, None, anchor)
    for match in _MONTHS.finditer(text):
        yield from _months(text, match)
    for match in _MONTH_YEAR.finditer(text):
        month, year = int(match["m"]), int(match["y"])
        yield _date(text, match.span(), f"{year}-{month:02d}", "month", english=f"{MONTHS[month - 1]} {year}")
    for match in _QUARTER.finditer(text):
        yield _quarter(text, match)
    for match in _YEARS.finditer(text):
        if int(match["y1"]) < int(match["y2"]):
            value = f"{match['y1']}/{match['y2']}"
            yield _date(text, match.span(), value, "year", english=f"{match['y1']}-{match['y2']}")
    for match in _SEASON.finditer(text):
        if (int(match["y1"]) + 1) % 100 == int(match["y2"]):
            value = f"{match['y1']}/{int(match['y1']) + 1}"
            yield _date(text, match.span(), value, "year", english=f"{match['y1']}-{match['y2']}")
    for match in _NAMED.finditer(text):
        yield from _named(text, match, anchor)
    for match in _MONTH.finditer(text):
        month = int(match["m"])
        if _followed_by_count(text, match):
            continue
        value = f"{year_of(text, match.end(), month, 15, anchor)}-{month:02d}" if anchor else f"--{month:02d}"
        yield _date(text, match.span(), value, "month", english=MONTHS[month - 1])
    for match in _YEAR.finditer(text):
        yield _date(text, match.span("y"), match["y"], "year", english=match["y"])


def _quarter(text: str, match: re.Match[str]) -> Mention:
    given = match["q"]
    number = int(given) if given.isdigit() else _QUARTER_WORDS.get(given) or roman(given) or 0
    shown = f"{_ORDINALS[number]} quarter" + (f" of {match['y']}" if match["y"] else "")
    value = f"{match['y']}-Q{number}" if match["y"] else f"--Q{number}"
    return _date(text, match.span(), value, "quarter", english=shown)


def _months(text: str, match: re.Match[str]) -> Iterator[Mention]:
    first, last = int(match["m1"]), int(match["m2"])
    year2 = int(match["y2"])
    year1 = int(match["y1"] or year2)
    if (year1, first) < (year2, last):
        one, two = MONTHS[first - 1], MONTHS[last - 1]
        opening = f"{one} {year1}" if match["y1"] else one
        value = f"{year1}-{first:02d}/{year2}-{last:02d}"
        yield _date(text, match.span(), value, "month", english=f"{opening} to {two} {year2}")


def _named(text: str, match: re.Match[str], anchor: dt.date | None) -> Iterator[Mention]:
    word = match["w"]
    month = _MONTH_WORDS[word.lower()]
    year = int(match["y"]) if match["y"] else None
    start = text.lower().index("tháng", match.start())
    if word[0].islower() and not (match["d"] or year):
        if not _DATING.search(text[:start]) and not _DATED.match(text, match.end()):
            return
        if re.search(
            r"(?:\d|mỗi|hàng|một|hai|ba|bốn|sáu|vài|những|trong)\s+$", text[:start]
        ) and not _DATED.match(text, match.end()):
            return
    if word == "năm" and year and _counts_months(text, match, start):
        return
    if word.lower() == "giêng" and not year:
        return  # mostly the first lunar month
    closing = f" {year}" if year else ""
    if match["d"]:
        if valid(year, month, int(match["d"])):
            shown = f"{MONTHS[month - 1]} {int(match['d'])}" + (f", {year}" if year else "")
            span = match.start("d"), match.end()
            yield _date(text, span, _iso(year, month, int(match["d"]), anchor), "day", english=shown)
        return
    found = year or (year_of(text, match.end(), month, 15, anchor) if anchor else None)
    value = f"{found}-{month:02d}" if found else f"--{month:02d}"
    yield _date(text, (start, match.end()), value, "month", english=f"{MONTHS[month - 1]}{closing}")


_COUNT_WORD = re.compile(
    r"\b(?:một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười|mười một|mười hai|mỗi|hàng|những|các|vài|mấy|nhiều)\s+$",
    re.IGNORECASE,
)


def _counts_months(text: str, match: re.Match[str], start: int) -> bool:
    """Return whether `10 tháng năm 2013` counts months of a year; `ngày 10 tháng năm 2013` is a day of May."""
    if not re.search(r"\bnăm\s+\d", match[0]) or re.search(r"\bnăm\s*,?\s+năm\b", match[0]):
        return False
    if match["d"]:
        return not re.search(r"\bngày\s+$", text[: match.start("d")], re.IGNORECASE)
    return _COUNT_WORD.search(text[:start]) is not None


def _date(
    text: str, span: tuple[int, int], value: str, precision: str, english: str | None = None
) -> Mention:
    data: dict[str, Any] = {"precision": precision, "english": english}
    return Mention(kind="date", start=span[0], end=span[1], text=text[span[0] : span[1]], value=value, **data)


def _followed_by_count(text: str, match: re.Match[str]) -> bool:
    """`trong tháng 3 ngày` and `6 tháng 9 ...`: a count before `tháng` makes it a duration."""
    return bool(re.search(r"\d\s*$", text[max(0, match.start() - 4) : match.start()]))


def _is_day(text: str, match: re.Match[str]) -> bool:
    """Tell a day `15/1` from a fraction `1/3` and a score `2-1`."""
    before = text[max(0, match.start() - 18) : match.start()]
    if match["s"] == "-":
        # A dateline ("4-7, ...") begins the sentence.
        opens = not before.strip() and text[match.end() : match.end() + 1] == ","
        # "thắng hôm qua (2-1)" is a score.
        sure = match.end() - match.start() > len("2-1") and _DAY_NAMED.search(before) is not None
        return opens or sure or bool(_DAY_CONTEXT.search(before))
    if _CONTEXT.search(before):
        # "(1/5 inch)" and ", 1/3 dân số" are fractions: after a mark the day must stand alone.
        mark = before.rstrip()[-1:] in "(,"
        return (
            not mark
            or int(match["d"]) > int(match["m"])
            or re.match(r"\s*[),;.]", text[match.end() :]) is not None
        )
    return int(match["d"]) > int(match["m"]) or match["d"].startswith("0") or match["m"].startswith("0")


def _iso(year: int | None, month: int, day: int, anchor: dt.date | None) -> str:
    if year is None and anchor is not None:
        year = nearest_year(month, day, anchor)
    return f"{year:04d}-{month:02d}-{day:02d}" if year else f"--{month:02d}-{day:02d}"


def _day(text: str, match: re.Match[str], year: int | None, anchor: dt.date | None) -> Iterator[Mention]:
    day, month = int(match["d"]), int(match["m"])
    if not valid(year, month, day):
        return
    shown = f"{MONTHS[month - 1]} {day}" + (f", {year}" if year else "")
    if year is None and anchor is not None:
        year = year_of(text, match.end(), month, day, anchor)
    yield _date(text, match.span(), _iso(year, month, day, None), "day", english=shown)


def _list(text: str, match: re.Match[str], anchor: dt.date | None) -> Iterator[Mention]:
    """Yield the days of `12, 13 và 14/1`: the month stands after the last, in English before the first."""
    before = text[max(0, match.start() - 14) : match.start()]
    if not _LIST_CONTEXT.search(before):
        return
    month, year = int(match["m"]), int(match["y"]) if match["y"] else None
    days = [
        (int(item[0]), match.start("days") + item.start(), match.start("days") + item.end())
        for item in re.finditer(r"\d+", match["days"])
    ]
    days.append((int(match["last"]), match.start("last"), match.end()))
    if not all(valid(year, month, day) for day, _, _ in days):
        return
    for place, (day, start, end) in enumerate(days):
        shown = f"{MONTHS[month - 1]} {day}" if place == 0 else str(day)
        if place == len(days) - 1 and year:
            shown += f", {year}"
        yield _date(text, (start, end), _iso(year, month, day, anchor), "day", english=shown)


def _range(text: str, match: re.Match[str], anchor: dt.date | None) -> Iterator[Mention]:
    groups = match.groupdict()
    first, last = int(groups["d1"]), int(groups["d2"])
    month2 = int(groups["m2"])
    month1 = int(groups.get("m1") or month2)
    year2 = int(groups["y2"]) if groups.get("y2") else None
    year1 = int(groups["y1"]) if groups.get("y1") else year2
    if not (valid(year1, month1, first) and valid(year2, month2, last)):
        return
    new_year = groups.get("m1") and not (year1 or year2) and month1 > month2 + 6  # "25/12 đến 2/1"
    if not new_year and (year1 or 0, month1, first) >= (year2 or year1 or 0, month2, last):
        return
    joined = text[match.end("d1") : match.start("d2")]
    hyphen = any(mark in joined for mark in "-–—") and "đến" not in joined and "tới" not in joined
    if not groups.get("m1") and hyphen and not groups.get("y2") and not _plausible(text, match):
        return
    start, end = year1, year2
    if end is None and anchor is not None:
        start = nearest_year(month1, first, anchor)
        end = start + (month2 < month1)
    value = f"{_iso(start, month1, first, None)}/{_iso(end, month2, last, None)}"
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
    return "/" in match[0] or "tháng" in match[0] or bool(_CONTEXT.search(before))
