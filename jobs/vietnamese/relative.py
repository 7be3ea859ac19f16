"""Dates that only the article's date tells: "hôm qua", "thứ Ba tuần trước", "tháng 3 năm ngoái", "quý này".

Found only with an anchor; no English is given, since "yesterday" stays true in any language.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from typing import TYPE_CHECKING

from jobs.records import Mention

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobs.records import Precision

_DAYS = {
    "hôm nay": 0, "sáng nay": 0, "trưa nay": 0, "chiều nay": 0, "tối nay": 0, "đêm nay": 0,
    "hôm qua": -1, "sáng qua": -1, "trưa qua": -1, "chiều qua": -1, "tối qua": -1, "đêm qua": -1,
    "hôm kia": -2, "ngày mai": 1, "sáng mai": 1, "trưa mai": 1, "chiều mai": 1, "tối mai": 1, "ngày kia": 2,
}  # fmt: skip
_SHIFTS = {
    "này": 0,
    "nay": 0,
    "trước": -1,
    "ngoái": -1,
    "qua": -1,
    "rồi": -1,
    "vừa qua": -1,
    "vừa rồi": -1,
    "tới": 1,
    "sau": 1,
    "kế tiếp": 1,
    "tiếp theo": 1,
}
_WEEKDAYS = {
    "hai": 0, "2": 0, "ba": 1, "3": 1, "tư": 2, "4": 2, "năm": 3, "5": 3, "sáu": 4, "6": 4,
    "bảy": 5, "bẩy": 5, "7": 5, "chủ nhật": 6,
}  # fmt: skip
_SHIFT = "|".join(sorted(_SHIFTS, key=len, reverse=True))
_DAY = re.compile(rf"\b(?:{'|'.join(_DAYS)})\b(?!\s+\d)", re.IGNORECASE)
# A weekday needs a capital ("thứ Ba"), a part of the day or a week: "thứ ba" alone is the third.
_WEEKDAY = re.compile(
    r"\b(?P<before>(?:sáng|trưa|chiều|tối|đêm|hôm|ngày|vào)\s+)?(?:[Tt]hứ\s+(?P<day>[Hh]ai|[Bb]a|[Tt]ư|[Nn]ăm|[Ss]áu|[Bb]ảy|[Bb]ẩy|[2-7])|(?P<sunday>[Cc]hủ nhật|[Cc]hủ Nhật))\b"  # noqa: E501 - one pattern
    rf"(?:\s+(?:của\s+)?(?:(?P<week>tuần)\s+(?P<shift>{_SHIFT})|(?P<next>tới|này|vừa rồi|vừa qua|tuần qua)\b))?(?!\s*(?:,|\()?\s*(?:ngày\s+)?\d)"  # noqa: E501 - one pattern
)
_WEEK = re.compile(rf"\btuần\s+(?P<shift>{_SHIFT})\b", re.IGNORECASE)
_MONTH = re.compile(
    r"\b(?:(?:ngày\s+)?(?P<d>\d{1,2})\s+)?tháng\s+(?P<shift>này|trước|tới|sau|rồi|vừa qua|vừa rồi)\b",
    re.IGNORECASE,
)
_MONTH_OF = re.compile(
    r"\b(?:(?:ngày\s+)?(?:(?P<d>\d{1,2})\s+tháng\s+(?P<m>\d{1,2})|(?P<d2>\d{1,2})/(?P<m2>\d{1,2}))|[Tt]háng\s+(?P<m3>\d{1,2}))\s+năm\s+(?P<shift>nay|ngoái|trước|tới|sau)\b"
)
_QUARTER = re.compile(rf"\bquý\s+(?P<shift>{_SHIFT})\b", re.IGNORECASE)
# "hai năm sau", "10 năm qua": a count before the unit makes it a stretch of time.
_COUNT = re.compile(
    r"(?:\d|\b(?:một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười|mươi|trăm|nghìn|ngàn|mấy|vài|nhiều|những|các|bao|từng|mỗi))\s+$",
    re.IGNORECASE,
)
_YEAR = re.compile(
    r"\bnăm\s+(?P<shift>nay|ngoái|qua|trước|tới|sau|kế tiếp|tiếp theo)\b(?!\s+đó)", re.IGNORECASE
)


def find_relative(text: str, anchor: dt.date) -> Iterator[Mention]:
    """Yield the relative dates of `text`, the longer readings first."""
    for match in _MONTH_OF.finditer(text):
        year = anchor.year + _SHIFTS[match["shift"].lower()]
        month = int(match["m"] or match["m2"] or match["m3"])
        day = match["d"] or match["d2"]
        if not 1 <= month <= 12 or (day and not 1 <= int(day) <= calendar.monthrange(year, month)[1]):
            continue
        value = f"{year}-{month:02d}" + (f"-{int(day):02d}" if day else "")
        start = match.start("d") if match["d"] else match.start("d2") if match["d2"] else match.start()
        yield _date(text, (start, match.end()), value, "day" if day else "month")
    for match in _WEEKDAY.finditer(text):
        yield from _weekday(text, match, anchor)
    for match in _DAY.finditer(text):
        value = (anchor + dt.timedelta(days=_DAYS[match[0].lower()])).isoformat()
        # "8 giờ tối nay": the part of the day belongs to the time.
        timed = re.search(r"(?:giờ|\dh\d*|:\d\d)\s+$", text[: match.start()]) and not match[
            0
        ].lower().startswith(("hôm", "ngày"))
        start = match.start() + match[0].index(" ") + 1 if timed else match.start()
        yield _date(text, (start, match.end()), value, "day")
    for match in _uncounted(_WEEK, text):
        monday = (
            anchor - dt.timedelta(days=anchor.weekday()) + dt.timedelta(weeks=_SHIFTS[match["shift"].lower()])
        )
        yield _date(text, match.span(), f"{monday}/{monday + dt.timedelta(days=6)}", "day")
    for match in _uncounted(_MONTH, text):
        month = anchor.month - 1 + _SHIFTS[match["shift"].lower()]
        year, month = anchor.year + month // 12, month % 12 + 1
        if match["d"] and not 1 <= int(match["d"]) <= calendar.monthrange(year, month)[1]:
            continue
        value = f"{year}-{month:02d}" + (f"-{int(match['d']):02d}" if match["d"] else "")
        span = (match.start("d") if match["d"] else match.start(), match.end())
        yield _date(text, span, value, "day" if match["d"] else "month")
    for match in _uncounted(_QUARTER, text):
        quarter = (anchor.month - 1) // 3 + _SHIFTS[match["shift"].lower()]
        yield _date(text, match.span(), f"{anchor.year + quarter // 4}-Q{quarter % 4 + 1}", "quarter")
    for match in _uncounted(_YEAR, text):
        yield _date(text, match.span(), str(anchor.year + _SHIFTS[match["shift"].lower()]), "year")


def _uncounted(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    return (match for match in pattern.finditer(text) if not _COUNT.search(text[: match.start()]))


def _date(text: str, span: tuple[int, int], value: str, precision: Precision) -> Mention:
    return Mention(
        kind="date", start=span[0], end=span[1], text=text[slice(*span)], value=value, precision=precision
    )


def _weekday(text: str, match: re.Match[str], anchor: dt.date) -> Iterator[Mention]:
    word = match["day"] or ""
    if word and word[0].islower() and not (match["before"] or match["week"]):
        return
    if word.isdigit() and not (match["before"] or match["week"] or match["next"]):
        return
    # "ngày thứ 2 của hội nghị" is its second day.
    counted = match["before"] is not None and match["before"].lower().startswith("ngày")
    if counted and not word[:1].isupper() and word and not (match["week"] or match["next"]):
        return
    day = _WEEKDAYS[word.lower() or "chủ nhật"]
    if match["shift"]:
        monday = (
            anchor - dt.timedelta(days=anchor.weekday()) + dt.timedelta(weeks=_SHIFTS[match["shift"].lower()])
        )
        found = monday + dt.timedelta(days=day)
    elif match["next"] == "tới":
        found = anchor + dt.timedelta(days=(day - anchor.weekday() - 1) % 7 + 1)
    else:
        # News tells of the past: the last such day, today included.
        found = anchor - dt.timedelta(days=(anchor.weekday() - day) % 7)
    start = match.start() + len(match["before"] or "")
    yield _date(text, (start, match.end()), found.isoformat(), "day")
