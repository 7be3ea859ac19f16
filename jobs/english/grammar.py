"""The patterns by which figures and dates of English text are found; `figures` and `dates` read what they find."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from jobs.records import Mention
from jobs.vietnamese.spans import either

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


@cache
def tables() -> dict[str, dict[str, Any]]:
    """Return the tables of words.toml."""
    return tomllib.loads(_DATA.read_text(encoding="utf-8"))


@cache
def patterns() -> dict[str, re.Pattern[str]]:
    """Return the compiled patterns by name."""
    table = tables()
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


def mention(kind: str, text: str, span: tuple[int, int], value: str, **more: Any) -> Mention:
    """Return the mention of `span` in `text`."""
    return Mention(kind=kind, start=span[0], end=span[1], text=text[span[0] : span[1]], value=value, **more)  # type: ignore[arg-type]
