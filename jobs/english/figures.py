"""Figures and dates of English text, with the same canonical values as the Vietnamese grammars."""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jobs.records import Mention
from jobs.vietnamese.dates import MONTHS, nearest_year
from jobs.vietnamese.spans import canonical, either, roman, without_overlaps

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

_DATA = Path(__file__).resolve().parent / "words.toml"
# The last: digits that no one groups so ("20,0002"), read as they stand.
_DIGITS = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!,?\d)|\d+(?:\.\d+)?(?!\d|,\d)|\d[\d,]*\d)"
_CODES = (
    "USD",
    "VND",
    "EUR",
    "GBP",
    "JPY",
    "CNY",
    "RMB",
    "SGD",
    "AUD",
    "KRW",
    "THB",
    "RUB",
    "INR",
    "IDR",
    "MYR",
    "HKD",
    "CAD",
    "TWD",
    "LAK",
    "CHF",
    "PHP",
    "KHR",
    "MMK",
    "BRL",
)
_MONTH_NUMBER = {name.lower(): index for index, name in enumerate(MONTHS, 1)}
_MONTH_NUMBER |= {name[:3].lower(): index for index, name in enumerate(MONTHS, 1)} | {"sept": 9}
_MAX_DIGITS = 30


@cache
def _tables() -> dict[str, dict[str, Any]]:
    return tomllib.loads(_DATA.read_text(encoding="utf-8"))


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    table = _tables()
    scale = either(table["scale"])
    currency = either(name for name in table["currency"] if name[-1].isalpha())
    signs = either([name for name in table["currency"] if not name[-1].isalpha()] + list(_CODES))
    measure = either(table["measure"])
    duration = either(table["duration"])
    word = either([*table["number"], *table["scale"]])
    ordinal = either(table["ordinal"])
    month = r"(?P<month>January|February|March|April|May|June|July|August|September|October|November|December|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\b\.?)"  # noqa: E501 - one pattern
    day = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
    to = r"(?:\s*[-–—]\s*|\s+to\s+|\s+through\s+|\s+until\s+|\s+and\s+)"
    year = r"(?:,?\s+(?P<year>(?:1[5-9]|20)\d\d))?"
    return {
        "any_month": re.compile(month),
        "month_range": re.compile(
            rf"\b{month}\s+{day}(?:,?\s+(?P<year1>(?:1[5-9]|20)\d\d))?{to}(?:{month.replace('month', 'month2')}\s+)?(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?(?!\d|[.,]\d|\s*(?:%|per|years|people|{scale}))\b{year}"  # noqa: E501 - one pattern
        ),
        "day_range": re.compile(
            rf"(?<![\d.,]){day}(?:\s+{month.replace('month', 'month1')})?{to}(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{month}{year}"  # noqa: E501 - one pattern
        ),
        "day_list": re.compile(
            rf"\b{month}\s+(?P<days>\d{{1,2}}(?:,\s\d{{1,2}}(?!\d|,\d))*,?\s(?:and|or)\s\d{{1,2}})\b(?!\.\d|,\d{{3}}|\s*(?:%|per|people|{scale})){year}"
        ),
        "month_day": re.compile(rf"\b{month}\s+(?:the\s+)?{day}\b(?!\.\d|,\d{{3}}|\s*(?:%|{scale})){year}"),
        "day_month": re.compile(rf"(?<![\d.,]){day}\s+(?:of\s+)?{month}{year}"),
        "month_year": re.compile(rf"\b{month},?\s+(?:of\s+)?(?P<year>(?:1[5-9]|20)\d\d)\b"),
        "month": re.compile(
            r"\b(?P<month>January|February|March|April|June|July|August|September|October|November|December)\b|(?:\b(?:in|since|of|until|by|last|this|early|late|mid|from|and|to|between|every|next|mid-|through)[\s-])(?P<month_in>May)\b"
        ),
        "slash": re.compile(
            r"(?<![\w/.-])(?P<a>\d{1,2})(?P<s>[/.-])(?P<b>\d{1,2})(?:(?P=s)(?P<year>\d{4}))?(?![\w/]|-\d)"
        ),
        "iso": re.compile(r"(?<![\w-])(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?![\w-])"),
        "quarter": re.compile(
            r"\b(?:(?P<word>first|second|third|fourth|last)[\s-]quarter|(?:Q(?P<q>[1-4])|(?P<q2>[1-4])Q|quarter\s+(?P<q3>[1-4]|I{1,3}|IV)))(?:\s+(?:of\s+)?(?P<year>20\d\d|19\d\d))?\b",
            re.IGNORECASE,
        ),
        "decade": re.compile(r"(?<![\w.,/-])(?P<year>(?:1[5-9]|20)\d0)s\b"),
        "years": re.compile(
            r"(?<![\w.,/-])(?P<a>(?:1[5-9]|20)\d\d)(?:\s*[-–—]\s*|\s+to\s+)(?P<b>(?:1[5-9]|20)?\d\d)(?![\w]|[.,]\d)"
        ),
        "clock": re.compile(
            r"(?<![\w.,:])(?P<hour>[01]?\d|2[0-4])(?:[:.h](?P<minute>[0-5]\d))?\s?(?P<half>a\.?m\.?|p\.?m\.?|AM|PM)(?![\w])|(?<![\w.,:])(?P<hour24>[01]?\d|2[0-4])[:h](?P<minute24>[0-5]\d)(?![\w:])"
        ),
        "code": re.compile(
            r"(?<![\w/.-])(?:\d+(?:/\d{4})?[/-][A-ZĐƯ][A-ZĐƯ\d]*(?:[-/&][A-Za-zĐƯ\d]+)*|0\d{1,3}[.\s]\d{3,4}[.\s]?\d{3,4}|0\d{2,4}\.\d{5,8}|"
            rf"(?!(?:{either(_CODES)})\d)"
            r"[A-ZĐ][A-Za-z]*(?:-[A-Z][A-Za-z]*)*-?\d+(?:[.-]\d+)*[A-Za-z]?|\d+[A-Z]{1,3}|\d{1,2}\.0|0\d{2,}(?![.,/:-]\d)|\d{1,2}:\d\d:\d\d)(?!\w)"
        ),
        "number": re.compile(
            rf"(?<![\w.,/])(?:(?P<sign>{signs})\s?)?(?P<digits>{_DIGITS})(?P<ord>st|nd|rd|th)?(?:[\s-]?(?P<scale>{scale})s?\b|(?P<short>k|m|bn|tn|B|M)(?![\w/]))?(?:[\s-](?P<scale2>million|billion|trillion)\b)?"
            rf"(?:\s?(?P<percent>%|per\s?cent\b|percent\b|percentage[\s-]points?\b|pct\b)(?P<points>\s*points?\b)?|[\s-]?(?P<currency>{currency})\b|[\s-]?(?P<measure>{measure})(?![\w/])|[\s-](?P<duration>{duration})\b(?![\s-]old)|[\s-](?P<age>years?[\s-]old)\b)?"
        ),
        "fraction": re.compile(r"(?<![\w./-])(?P<top>\d{1,2})/(?P<bottom>\d{1,3})(?![\w/.-])"),
        "word_fraction": re.compile(
            r"\b(?P<top>one|two|three|four)[\s-](?P<bottom>half|thirds?|quarters?|fifths?|tenths?)\b|\b(?:a\s+)?(?P<alone>half|quarter|third(?=\s+of\b))\b",
            re.IGNORECASE,
        ),
        "words": re.compile(
            rf"\b(?P<words>(?:a\s+(?=(?:{scale})\b))?(?:{word})(?:[\s-]+(?:(?<=hundred.)and\s+|(?<=thousand.)and\s+)?(?:{word}))*)\b"
            rf"(?:\s(?P<percent>percentage[\s-]points?|percent\b|per cent\b)|\s(?P<currency>{currency})\b|[\s-](?P<measure>{measure})(?![\w/])|[\s-](?P<duration>{duration})\b(?![\s-]old)|[\s-](?P<age>years?[\s-]old)\b)?",  # noqa: E501 - one pattern
            re.IGNORECASE,
        ),
        "fold": re.compile(
            rf"\b(?P<number>{either(table['number'])}|\d+)-?fold\b|\b(?P<word>{either(table['times'])})\b",
            re.IGNORECASE,
        ),
        "ordinal": re.compile(
            rf"\b(?:(?P<tens>twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)[\s-])?(?P<word>{ordinal})\b",
            re.IGNORECASE,
        ),
        "roman": re.compile(r"(?<![\w.])(?P<roman>[IVXLC]{2,8})(?![\w])"),
        "score": re.compile(
            rf"(?<![\w.,/-])(?P<home>\d{{1,2}})[-–](?P<away>\d{{1,2}})(?![\w/-]|[.,]\d|\s?(?:%|°|{measure}\b|{duration}\b|{scale}\b|per\s?cent|people))"
        ),
    }


@lru_cache(maxsize=1024)  # checks and repair read the same hypothesis several times
def figures(text: str, anchor: dt.date | None = None) -> tuple[Mention, ...]:
    """Return the figures and dates of English `text`, in order; see `jobs.vietnamese.figures` for values."""
    text = text.replace("\u2011", "-")
    ranked = [(0, item) for item in _dates(text, anchor)] + [(1, item) for item in _numbers(text)]
    return without_overlaps(ranked)


def _mention(kind: str, text: str, span: tuple[int, int], value: str, **more: Any) -> Mention:
    return Mention(kind=kind, start=span[0], end=span[1], text=text[span[0] : span[1]], value=value, **more)  # type: ignore[arg-type]


def _month(name: str) -> int:
    return _MONTH_NUMBER[name.lower().rstrip(".")]


def _iso(year: str | None, month: int, day: str, anchor: dt.date | None) -> str:
    number = int(day)
    found = int(year) if year else nearest_year(month, number, anchor) if anchor else None
    return f"{found:04d}-{month:02d}-{number:02d}" if found else f"--{month:02d}-{number:02d}"


def _month_dates(text: str, anchor: dt.date | None) -> Iterator[Mention]:
    patterns = _patterns()
    if not patterns["any_month"].search(text):
        return
    for match in patterns["month_range"].finditer(text):
        first = _month(match["month"])
        last = _month(match["month2"]) if match["month2"] else first
        if int(match["day2"]) > 31 or int(match["day"]) > 31:
            continue
        if " and " in match[0] and not match["month2"] and int(match["day2"]) <= int(match["day"]):
            continue
        start = _iso(match["year1"] or match["year"], first, match["day"], anchor)
        value = f"{start}/{_iso(match['year'], last, match['day2'], anchor)}"
        yield _mention("date", text, match.span(), value, precision="day")
    for match in patterns["day_range"].finditer(text):
        last = _month(match["month"])
        first = _month(match["month1"]) if match["month1"] else last
        if int(match["day2"]) <= 31 and int(match["day"]) <= 31:
            start = _iso(match["year"], first, match["day"], anchor)
            value = f"{start}/{_iso(match['year'], last, match['day2'], anchor)}"
            yield _mention("date", text, match.span(), value, precision="day")
    for match in patterns["day_list"].finditer(text):
        days = list(re.finditer(r"\d+", match["days"]))
        for place, found in enumerate(days):
            begin = match.start() if place == 0 else match.start("days") + found.start()
            stop = match.end() if place == len(days) - 1 else match.start("days") + found.end()
            if 1 <= int(found[0]) <= 31:
                value = _iso(match["year"], _month(match["month"]), found[0], anchor)
                yield _mention("date", text, (begin, stop), value, precision="day")
    for name in ("month_day", "day_month"):
        for match in patterns[name].finditer(text):
            if 1 <= int(match["day"]) <= 31:
                value = _iso(match["year"], _month(match["month"]), match["day"], anchor)
                yield _mention("date", text, match.span(), value, precision="day")
    for match in patterns["month_year"].finditer(text):
        value = f"{match['year']}-{_month(match['month']):02d}"
        yield _mention("date", text, match.span(), value, precision="month")
    for match in patterns["month"].finditer(text):
        group = "month" if match["month"] else "month_in"
        month = _month(match[group])
        value = f"{nearest_year(month, 15, anchor)}-{month:02d}" if anchor else f"--{month:02d}"
        yield _mention("date", text, match.span(group), value, precision="month")


def _dates(text: str, anchor: dt.date | None) -> Iterator[Mention]:
    patterns = _patterns()
    yield from _month_dates(text, anchor)
    for match in patterns["iso"].finditer(text):
        yield _mention("date", text, match.span(), match[0], precision="day")
    for match in patterns["slash"].finditer(text):
        day, month = int(match["a"]), int(match["b"])
        if match["s"] in "-." and not match["year"]:
            continue
        if 1 <= month <= 12 and 1 <= day <= 31 and (match["year"] or day > 12):
            value = _iso(match["year"], month, str(day), anchor)
            yield _mention("date", text, match.span(), value, precision="day")
    for match in patterns["quarter"].finditer(text):
        word = (match["word"] or "").lower()
        given = match["q"] or match["q2"] or match["q3"] or ""
        number = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4}.get(word)
        number = number or (int(given) if given.isdigit() else roman(given.upper()) or 0)
        value = f"{match['year']}-Q{number}" if match["year"] else f"--Q{number}"
        yield _mention("date", text, match.span(), value, precision="quarter")
    for match in patterns["decade"].finditer(text):
        yield _mention("date", text, match.span(), match["year"], precision="year")
    for match in patterns["years"].finditer(text):
        last_year = match["b"] if len(match["b"]) == 4 else match["a"][:2] + match["b"]
        if match["a"] < last_year:
            yield _mention("date", text, match.span(), f"{match['a']}/{last_year}", precision="year")


def _numbers(text: str) -> Iterator[Mention]:
    patterns, table = _patterns(), _tables()
    for match in patterns["clock"].finditer(text):
        if match["hour24"]:
            hour, minute = int(match["hour24"]), match["minute24"]
        else:
            hour, minute = int(match["hour"]) % 12, match["minute"] or "00"
            hour += 12 if match["half"].lower().startswith("p") else 0
        yield _mention("time", text, match.span(), f"{hour:02d}:{minute}", precision="minute")
    for match in patterns["code"].finditer(text):
        yield _mention("number", text, match.span(), match[0].upper(), unit="code")
    yield from _digits(text, patterns["number"], table)
    for match in patterns["fraction"].finditer(text):
        yield _mention("number", text, match.span(), f"{int(match['top'])}/{int(match['bottom'])}")
    for match in patterns["word_fraction"].finditer(text):
        top = 1 if match["alone"] else table["number"][match["top"].lower()]
        name = (match["alone"] or match["bottom"]).lower().rstrip("s")
        bottom = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "tenth": 10}[name]
        yield _mention("number", text, match.span(), f"{top}/{bottom}")
    for match in patterns["score"].finditer(text):
        value = f"{int(match['home'])}-{int(match['away'])}"
        yield _mention("score", text, match.span(), value)
    for match in patterns["words"].finditer(text):
        words = [word.lower() for word in re.split(r"[\s-]+", match["words"]) if word.lower() != "and"]
        amount = _words(words)
        if amount is not None:
            yield _with_unit(text, match, Decimal(amount), match.span())
    for match in patterns["fold"].finditer(text):
        word = (match["number"] or match["word"]).lower()
        number = int(word) if word.isdigit() else table["number"].get(word) or table["times"][word]
        yield _mention("number", text, match.span(), str(number))
    for match in patterns["ordinal"].finditer(text):
        value = table["ordinal"][match["word"].lower()]
        if match["tens"]:
            value += table["number"][match["tens"].lower()]
        yield _mention("ordinal", text, match.span(), str(value))
    for match in patterns["roman"].finditer(text):
        number = roman(match["roman"])
        if number:
            yield _mention("ordinal", text, match.span(), str(number))


_RANGE = re.compile(r"\s*[-–—]\s*|\s+(?:to|and)\s+")
_SHORT_SCALES = {
    "k": "1000",
    "m": "1000000",
    "M": "1000000",
    "bn": "1000000000",
    "B": "1000000000",
    "tn": "1000000000000",
}


def _digits(text: str, pattern: re.Pattern[str], table: dict[str, dict[str, Any]]) -> Iterator[Mention]:
    """Yield numbers in digits; the first of `50-55 percent`, `VND5 to 9 million` shares the second's unit."""
    matches = [match for match in pattern.finditer(text) if len(match["digits"]) <= _MAX_DIGITS]
    opened: str | None = None  # the sign before a range holds for its second end too
    for place, match in enumerate(matches):
        after = matches[place + 1] if place + 1 < len(matches) else None
        if (
            after is not None
            and _RANGE.fullmatch(text, match.end(), after.start())
            and _shares(match, after, table)
        ):
            yield _number(text, match, after, table, sign=match["sign"])
            opened = match["sign"]
        else:
            yield _number(text, match, match, table, sign=match["sign"] or opened)
            opened = None


def _shares(first: re.Match[str], second: re.Match[str], table: dict[str, dict[str, Any]]) -> bool:
    units = ("percent", "currency", "measure", "duration", "age", "scale", "ord")
    if (
        any(first[name] for name in units)
        or second["sign"]
        or not (first["sign"] or any(second[name] for name in units))
    ):
        return False
    return Decimal(first["digits"].replace(",", "")) < _amount(second, second, table)


def _amount(match: re.Match[str], scales: re.Match[str], table: dict[str, dict[str, Any]]) -> Decimal:
    value = Decimal(match["digits"].replace(",", ""))
    for name in ("scale", "scale2"):
        if scales[name]:
            value *= Decimal(table["scale"][scales[name].lower()])
    if scales["short"] and (scales["sign"] or scales["short"] in {"bn", "tn"}):
        value *= Decimal(_SHORT_SCALES[scales["short"]])
    return value


def _number(
    text: str,
    match: re.Match[str],
    source: re.Match[str],
    table: dict[str, dict[str, Any]],
    *,
    sign: str | None,
) -> Mention:
    """Return the number of `match`; scale and unit stand in `source`, itself or the second end of its range."""
    value = _amount(match, source, table)
    short = match["short"] and not (match["sign"] or match["short"] in {"bn", "tn"})
    span = (match.start(), match.end("digits") if short else match.end())
    if match["ord"]:
        return _mention("ordinal", text, (match.start("digits"), match.end("ord")), canonical(value))
    return _with_unit(text, source, value, span, sign=sign)


def _with_unit(
    text: str, source: re.Match[str], value: Decimal, span: tuple[int, int], sign: str | None = None
) -> Mention:
    table, amount = _tables(), canonical(value)
    if source["percent"]:
        points = "point" in source["percent"] or source.groupdict().get("points")
        return _mention("percent", text, span, amount, unit="pp" if points else "%")
    if sign or source["currency"]:
        name = sign or source["currency"]
        unit = table["currency"].get(name) or table["currency"].get(name.lower(), name)
        return _mention("money", text, span, amount, unit=unit)
    if source["measure"]:
        found = source["measure"]
        unit = table["measure"].get(found) or next(
            u for n, u in table["measure"].items() if n.lower() == found.lower()
        )
        return _mention("measure", text, span, amount, unit=unit)
    if source["age"]:
        return _mention("age", text, span, amount)
    if source["duration"]:
        return _mention("duration", text, span, amount, unit=table["duration"][source["duration"].lower()])
    return _mention("number", text, span, amount)


def _words(words: list[str]) -> int | None:
    table = _tables()
    total = group = 0
    seen = False
    for word in words:
        if word == "a":
            group, seen = 1, True
        elif word in table["number"]:
            group, seen = group + int(table["number"][word]), True
        elif word == "hundred":
            group = (group or 1) * 100 if seen else 0
        else:
            if not seen:
                return None
            total, group = total + (group or 1) * int(table["scale"][word]), 0
    return total + group if seen else None
