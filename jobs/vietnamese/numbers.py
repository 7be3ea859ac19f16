"""Numbers of Vietnamese press text: cardinals, decimals, money, percentages, measures, ordinals, times, codes.

Digits in the Vietnamese convention (`3.500`, `91,2`), scale words (`36 tỷ`), number words from ten up. A bare
small number word is no figure: `một` is mostly an article and `năm` mostly a year.
"""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jobs.records import Mention
from jobs.vietnamese.spans import canonical, either, grouped, roman

if TYPE_CHECKING:
    from collections.abc import Iterator

_DATA = Path(__file__).resolve().parent / "units.toml"
_DIGITS = r"(?:\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d{1,3}(?:,\d{3}){2,}|\d+,\d+|\d+(?:\.\d{1,2}(?!\d))?)"
_MAX_DIGITS = 30  # longer runs are no figures of an article


@cache
def units() -> dict[str, dict[str, Any]]:
    """Return the tables of units.toml."""
    return tomllib.loads(_DATA.read_text(encoding="utf-8"))


def parse_digits(text: str) -> Decimal:
    """Return the value of digits in the Vietnamese convention; several comma groups, or one of 000, are English."""
    if re.fullmatch(r"\d{1,3}(?:,\d{3}){2,}|\d{1,3},000", text):
        return Decimal(text.replace(",", ""))
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", text):
        return Decimal(text.replace(".", "").replace(",", "."))
    return Decimal(text.replace(",", "."))


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    table = units()
    scale = either(table["scale"])
    currency = either(table["currency"])
    measure = either(table["measure"])
    duration = either(table["duration"])
    tail = rf"(?:\s*(?P<scale>{scale})\b(?:\s+(?P<minor>{_DIGITS})\s*(?P<minor_scale>nghìn|ngàn|triệu|tỷ|tỉ)\b)?(?P<half>\s+rưỡi)?)?"
    word = either([*table["digit"], "mười", "mươi", "trăm", "linh", "lẻ", *table["scale"]])
    return {
        "code": re.compile(
            r"(?<![\w/.-])(?:\d+(?:/\d{4})?[/-][A-ZĐƯ][A-ZĐƯ\d]*(?:[-/&][A-ZĐƯa-z\d]+)*|[A-ZĐ][A-Za-zĐđ]*(?:-[A-Z][A-Za-z]*)*-?\d+(?:[.-]\d+)*[A-Za-z]?"
            r"|\d+[A-Z]{1,3}|\d{1,2}\.0)(?![\w])"
        ),
        "number": re.compile(
            rf"(?<![\w.,/])(?P<sign>(?:US)?[$€£¥]\s?)?(?P<digits>{_DIGITS}){tail}"
            rf"(?:\s*(?P<percent>%|phần trăm\b|điểm phần trăm\b|điểm %)"
            rf"|\s*(?P<currency>{currency})(?!\w)(?:/(?:tháng|năm|ngày|kg|tấn|lít|m2|USD|lượng))?"
            rf"|\s*(?P<measure>{measure})(?![\w/])"
            rf"|\s*(?P<age>tuổi)\b|\s+(?P<duration>{duration})\b)?(?![\d])"
        ),
        "ordinal": re.compile(
            r"\b(?:(?:lần|kỳ họp|phiên|vòng|khóa|khoá|tập đoàn|đứng|vị trí|xếp|hạng|hàng|ngày|kỷ niệm|năm)\s+)?thứ\s+(?P<value>\d{1,3})\b"
            r"|\blần thứ\s+(?P<word>nhất|nhì|hai|ba|tư|bốn|năm|sáu|bảy|tám|chín|mười)\b(?!\s+(?:mươi|trăm|một|hai|ba|bốn|năm|lăm|sáu|bảy|tám|chín))"
        ),
        "roman": re.compile(
            r"\b(?:Đại hội(?: Đảng)?(?: toàn quốc)?(?: lần thứ)?|lần thứ|khóa|khoá|Khóa|Khoá|thế kỷ|Thế kỷ|nhiệm kỳ)\s+(?P<roman>[IVXLC]{1,8})\b"
        ),
        "clock": re.compile(
            r"(?<![\w.,/:])(?P<hour>[01]?\d|2[0-4])(?:(?P<mark>h|g|:|giờ| giờ )\s?(?P<minute>[0-5]\d)(?:\s?phút|'|p)?(?![\d%]|[.,]\d|\s*(?:điểm|tỷ))|(?P<bare>h|g)(?![\w/]))"
        ),
        "score": re.compile(
            r"(?P<lead>\b(?:tỷ số|tỉ số|thắng|thua|hòa|hoà|dẫn|san bằng|gỡ hòa|gỡ hoà)(?:\s+\w+){0,4}?\s+)(?P<home>\d{1,2})\s?[-–]\s?(?P<away>\d{1,2})\b(?![/-]\d)"
        ),
        "fraction": re.compile(r"(?<![\w./-])(?P<top>\d{1,2})/(?P<bottom>\d{1,3})(?![\w/.-]|\s*/)"),
        "words": re.compile(rf"\b(?:{word})(?:\s+(?:{word}))+\b|\bmười\b", re.IGNORECASE),
        "times": re.compile(rf"(?P<digits>{_DIGITS})\s+lần\b"),
    }


def find_numbers(text: str) -> Iterator[Mention]:
    """Yield every reading of a number in `text`; readings may overlap, longer ones are better."""
    if not re.search(r"\d|mười|mươi|trăm|triệu|tỷ|tỉ|nghìn|thứ|[IVXLC]", text):
        return
    patterns = _patterns()
    yield from _codes(text, patterns["code"])
    for match in patterns["ordinal"].finditer(text):
        place = "value" if match["value"] else "word"
        value = match["value"] or str(_ORDINAL_WORDS[match["word"]])
        yield _mention("ordinal", text, match.start(place), match.end(place), str(int(value)))
    for match in patterns["number"].finditer(text):
        if len(match["digits"]) <= _MAX_DIGITS and (mention := _number(text, match)) is not None:
            yield mention
    for match in patterns["roman"].finditer(text):
        number = roman(match["roman"])
        if number:
            yield _mention("ordinal", text, match.start("roman"), match.end("roman"), str(number))
    for match in patterns["clock"].finditer(text):
        minute = match["minute"] or "00"
        value = f"{int(match['hour']):02d}:{minute}"
        shown = f"{int(match['hour'])}:{minute}"
        yield _mention("time", text, match.start(), match.end(), value, english=shown, precision="minute")
    for match in patterns["score"].finditer(text):
        value = f"{int(match['home'])}-{int(match['away'])}"
        yield _mention("score", text, match.start("home"), match.end(), value, english=value)
    for match in patterns["fraction"].finditer(text):
        if 0 < int(match["top"]) < int(match["bottom"]):
            value = f"{int(match['top'])}/{int(match['bottom'])}"
            yield _mention("number", text, match.start(), match.end(), value, english=value)
    yield from _words(text, patterns["words"])


_ORDINAL_WORDS = {
    "nhất": 1, "nhì": 2, "hai": 2, "ba": 3, "tư": 4, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9,
    "mười": 10,
}  # fmt: skip
_SIGNS = {"$": "USD", "US$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY"}


def _mention(kind: str, text: str, start: int, end: int, value: str, **more: Any) -> Mention:
    return Mention(kind=kind, start=start, end=end, text=text[start:end], value=value, **more)  # type: ignore[arg-type]


def _codes(text: str, pattern: re.Pattern[str]) -> Iterator[Mention]:
    for match in pattern.finditer(text):
        yield _mention(
            "number", text, match.start(), match.end(), match[0].upper(), unit="code", english=match[0]
        )


def _approx(text: str, start: int) -> Any:
    table = units()["approx"]
    before = text[max(0, start - 14) : start].rstrip().lower()
    for words in sorted(table, key=lambda item: (-len(item), item)):
        if before.endswith(words) and not before[: -len(words)][-1:].isalpha():
            return table[words]
    return None


def _number(text: str, match: re.Match[str]) -> Mention | None:
    table = units()
    value = parse_digits(match["digits"])
    shown = grouped(value)
    year_like = value == int(value) and 1000 <= value <= 2100 and "." not in match["digits"]
    if year_like:
        shown = match["digits"]
    if match["scale"]:
        value *= Decimal(table["scale"][match["scale"].lower()])
        if match["minor"]:
            value += parse_digits(match["minor"]) * Decimal(table["scale"][match["minor_scale"]])
            shown = _scaled(value)
        elif match["half"]:
            value += Decimal(table["scale"][match["scale"].lower()]) / 2
            shown = _scaled(value)
        else:
            shown = _scaled(value)
    start, end = match.start("digits"), match.end()
    common = {"approx": _approx(text, match.start())}
    amount = canonical(value)
    if match["percent"]:
        points = match["percent"].startswith("điểm")
        unit = "pp" if points else "%"
        written = f"{shown} percentage points" if points else f"{shown}%"
        return _mention("percent", text, start, end, amount, unit=unit, english=written, **common)
    sign = (match["sign"] or "").strip()
    if match["currency"] or sign:
        unit = _SIGNS[sign] if sign else table["currency"][match["currency"]]
        start = match.start() if sign else start
        stop = match.end("currency") if match["currency"] else end
        return _mention("money", text, start, stop, amount, unit=unit, english=f"{unit}{shown}", **common)
    if match["measure"]:
        unit = table["measure"][match["measure"]]
        written = _MEASURES.get(unit, unit)
        return _mention("measure", text, start, end, amount, unit=unit, english=f"{shown} {written}", **common)
    if match["age"]:
        return _mention("age", text, start, match.end("digits"), amount, english=shown, **common)
    if match["duration"]:
        # The unit stays with the model: "3 năm" is "3 years", "three-year" or "the third year".
        unit = table["duration"][match["duration"]]
        stop = match.start("duration")
        while stop > start and text[stop - 1].isspace():
            stop -= 1
        return _mention("duration", text, start, stop, amount, unit=unit, english=shown, **common)
    return _mention("number", text, start, end, amount, english=shown, **common)


_MEASURES = {"t": "tonnes", "l": "liters", "ha": "hectares", "m": "m", "nmi": "nautical miles", "mi": "miles"}


def _scaled(value: Decimal) -> str:
    for size, name in ((Decimal(10**12), "trillion"), (Decimal(10**9), "billion"), (Decimal(10**6), "million")):
        if value >= size:
            return f"{grouped(value / size)} {name}"
    return grouped(value)


def _words(text: str, pattern: re.Pattern[str]) -> Iterator[Mention]:
    for match in pattern.finditer(text):
        value = parse_words(match[0].lower().split())
        if value is not None and value >= 10:
            yield _mention("number", text, match.start(), match.end(), canonical(Decimal(value)))


def parse_words(words: list[str]) -> int | None:
    """Return the value of Vietnamese number words ("hai mươi lăm", "ba triệu"), or None where they are no number."""
    table = units()
    total = group = 0
    digit: int | None = None
    seen = False
    for word in words:
        if word in table["digit"]:
            if digit is not None:
                return None
            digit = table["digit"][word]
        elif word == "mười":
            if digit is not None:
                return None
            group, seen = group + 10, True
        elif word in {"mươi", "trăm"}:
            if digit is None:
                return None
            group, digit, seen = group + digit * (10 if word == "mươi" else 100), None, True
        elif word in {"linh", "lẻ"}:
            continue
        else:
            scale = int(table["scale"][word])
            group += digit or 0
            if group == 0:
                return None
            total, group, digit, seen = (total + group) * scale if total and scale > total else total + group * scale, 0, None, True
    if not seen:
        return None
    return total + group + (digit or 0)
