"""Figures and dates of English text, with the same canonical values as the Vietnamese grammars."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from jobs.english.dates import dates
from jobs.english.grammar import mention, patterns, tables
from jobs.vietnamese.spans import canonical, roman, without_overlaps

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from jobs.records import Mention

_MAX_DIGITS = 30


@lru_cache(maxsize=1024)  # checks and repair read the same hypothesis several times
def figures(text: str, anchor: dt.date | None = None) -> tuple[Mention, ...]:
    """Return the figures and dates of English `text`, in order; see `jobs.vietnamese.figures` for values."""
    text = text.replace("\u2011", "-")
    ranked = [(0, item) for item in dates(text, anchor)] + [(1, item) for item in _numbers(text)]
    return without_overlaps(ranked)


def _numbers(text: str) -> Iterator[Mention]:
    found_by, table = patterns(), tables()
    for match in found_by["clock"].finditer(text):
        if match["hour24"]:
            hour, minute = int(match["hour24"]), match["minute24"]
        else:
            hour, minute = int(match["hour"]) % 12, match["minute"] or "00"
            hour += 12 if match["half"].lower().startswith("p") else 0
        yield mention("time", text, match.span(), f"{hour:02d}:{minute}", precision="minute")
    for match in found_by["code"].finditer(text):
        yield mention("number", text, match.span(), match[0].upper(), unit="code")
    yield from _digits(text, found_by["number"], table)
    for match in found_by["fraction"].finditer(text):
        yield mention("number", text, match.span(), f"{int(match['top'])}/{int(match['bottom'])}")
    for match in found_by["word_fraction"].finditer(text):
        top = 1 if match["alone"] else table["number"][match["top"].lower()]
        name = (match["alone"] or match["bottom"]).lower().rstrip("s")
        bottom = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "tenth": 10}[name]
        yield mention("number", text, match.span(), f"{top}/{bottom}")
    for match in found_by["score"].finditer(text):
        value = f"{int(match['home'])}-{int(match['away'])}"
        yield mention("score", text, match.span(), value)
    for match in found_by["words"].finditer(text):
        words = [word.lower() for word in re.split(r"[\s-]+", match["words"]) if word.lower() != "and"]
        amount = _words(words)
        if amount is not None:
            yield _with_unit(text, match, Decimal(amount), match.span())
    for match in found_by["fold"].finditer(text):
        word = (match["number"] or match["word"]).lower()
        number = int(word) if word.isdigit() else table["number"].get(word) or table["times"][word]
        yield mention("number", text, match.span(), str(number))
    for match in found_by["ordinal"].finditer(text):
        value = table["ordinal"][match["word"].lower()]
        if match["tens"]:
            value += table["number"][match["tens"].lower()]
        yield mention("ordinal", text, match.span(), str(value))
    for match in found_by["roman"].finditer(text):
        number = roman(match["roman"])
        if number:
            yield mention("ordinal", text, match.span(), str(number))


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
        return mention("ordinal", text, (match.start("digits"), match.end("ord")), canonical(value))
    return _with_unit(text, source, value, span, sign=sign)


def _with_unit(
    text: str, source: re.Match[str], value: Decimal, span: tuple[int, int], sign: str | None = None
) -> Mention:
    table, amount = tables(), canonical(value)
    if source["percent"]:
        points = "point" in source["percent"] or source.groupdict().get("points")
        return mention("percent", text, span, amount, unit="pp" if points else "%")
    if sign or source["currency"]:
        name = sign or source["currency"]
        unit = table["currency"].get(name) or table["currency"].get(name.lower(), name)
        return mention("money", text, span, amount, unit=unit)
    if source["measure"]:
        found = source["measure"]
        unit = table["measure"].get(found) or next(
            u for n, u in table["measure"].items() if n.lower() == found.lower()
        )
        return mention("measure", text, span, amount, unit=unit)
    if source["age"]:
        return mention("age", text, span, amount)
    if source["duration"]:
        return mention("duration", text, span, amount, unit=table["duration"][source["duration"].lower()])
    return mention("number", text, span, amount)


def _words(words: list[str]) -> int | None:
    table = tables()
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
