"""Figures of both sides compared: what is missing in the English, what was added, what was altered.

Lenient only where the languages rightly differ: words for digits, ordinals for cardinals, a date without its year
for one with it, a range told by its two ends, small number words on either side. Rounding is not forgiven.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from jobs.records import Mention, Record
from jobs.vietnamese.fold import fold
from jobs.vietnamese.spans import canonical, either
from jobs.vietnamese.wordnumbers import units

if TYPE_CHECKING:
    from collections.abc import Sequence

# Number words up to here are often not figures ("one of", "second"): never counted as added.
_SMALL = 12
_UNITLESS = {"number", "ordinal", "age"}
_WITH_UNITS = {"duration", "measure", "money"}
_COUNTED = {"number", "duration", "age", "ordinal", "percent", "measure"}
_UNCLEAR = re.compile(r"[1-9]\d{0,2},\d{3}")


class FigureMatch(Record):
    """The outcome: mentions of the Vietnamese that are missing, of the English that were added, altered pairs."""

    missing: tuple[Mention, ...]
    added: tuple[Mention, ...]
    altered: tuple[tuple[Mention, Mention], ...]

    @property
    def clean(self) -> bool:
        """Return whether every figure agrees."""
        return not (self.missing or self.added or self.altered)


def match_figures(vi: Sequence[Mention], en: Sequence[Mention], vi_text: str, en_text: str) -> FigureMatch:
    """Compare the mentions of a pair."""
    left = [*(mention for mention in vi if mention.unit != "lunar"), *_small_durations(vi, vi_text)]
    right = list(en)
    paired: list[tuple[Mention, Mention]] = []
    for exact in (True, False):
        for mention in list(left):
            for other in right:
                if _equal(mention, other, exact=exact):
                    left.remove(mention)
                    right.remove(other)
                    paired.append((mention, other))
                    break
    source = _Side(vi, vi_text, [one for one, _ in paired])
    target = _Side(en, en_text, [other for _, other in paired])
    altered = _other_units(left, right)
    missing = [m for m in left if not _covered(m, target) and not _soft(m, vi_text) and not _told(m, en_text)]
    missing += _said_less_often([m for m in left if m not in missing], paired, target, en_text)
    added = [m for m in right if not _covered(m, source) and not _soft_english(m)]
    for mention in list(missing):
        candidates = [other for other in added if _comparable(mention, other)]
        if candidates:
            best = min(candidates, key=lambda other: (_distance(mention, other), other.start))
            altered.append((mention, best))
            missing.remove(mention)
            added.remove(best)
    return FigureMatch(missing=tuple(missing), added=tuple(added), altered=tuple(altered))


def _said_less_often(
    left: Sequence[Mention], paired: Sequence[tuple[Mention, Mention]], target: _Side, en_text: str
) -> list[Mention]:
    """Return the figures of `left` that another mention of the same value covers, but not once more for them."""
    found = []
    for value in dict.fromkeys(m.value for m in left if m.value.isdigit() and re.search(r"\d", m.text)):
        open_here = [m for m in left if m.value == value and m.kind in _COUNTED]
        used = [other for mention, other in paired if mention.value == value]
        if not used or not open_here:
            continue
        tokens = re.findall(r"\d+", re.sub(r"(?<=\d)[.,](?=\d{3}(?!\d))", "", en_text)).count(value)
        told = max(tokens, sum(1 for other in target.mentions if value in _parts(other)))
        found += open_here[max(0, told - len(used)) :]
    return found


class _Side:
    """What one language says: its figures, the values that they cover, and the digits that no figure has used.

    Digits of figures that have found their partner cannot stand for another figure.
    """

    def __init__(self, mentions: Sequence[Mention], text: str, used: Sequence[Mention]) -> None:
        self.mentions = mentions
        self.stated = {end for mention in mentions for end in mention.value.split("/")}
        self.digits = _digit_runs(_without(text, used))
        self.letters = set(re.findall(r"[A-Z]+", fold(text).upper()))
        self.values: set[str] = set()
        for mention in mentions:
            parts = _parts(mention)
            matched = any(mention is other for other in used)
            # The day of a date that is told already is no other number.
            self.values |= (
                {part for part in parts if len(part) > 2} if matched and mention.kind == "date" else parts
            )


def _without(text: str, mentions: Sequence[Mention]) -> str:
    for mention in mentions:
        text = text[: mention.start] + " " * (mention.end - mention.start) + text[mention.end :]
    return text


@cache
def _small() -> re.Pattern[str]:
    table = units()
    return re.compile(
        rf"\b(?P<number>{either(table['digit'])}|mười)\s+(?P<unit>{either(table['duration'])})\b"
    )


def _small_durations(vi: Sequence[Mention], text: str) -> list[Mention]:
    """Return stretches of time in small number words ("hai tháng"): no figures, but their unit must not change."""
    found = []
    for match in _small().finditer(text.lower()):
        start, end = match.span("number")
        value = {**units()["digit"], "mười": 10}[match["number"]]
        if value > 1 and all(end <= item.start or start >= item.end for item in vi):
            unit = units()["duration"][match["unit"]]
            found.append(
                Mention(
                    kind="duration", start=start, end=end, text=text[start:end], value=str(value), unit=unit
                )
            )
    return found


def _other_units(left: list[Mention], right: list[Mention]) -> list[tuple[Mention, Mention]]:
    """Take out and return the pairs of equal amounts with unlike units: "3 năm" told as "3 months"."""
    altered = []
    for mention in list(left):
        for other in right:
            same_kind = {mention.kind, other.kind} <= _WITH_UNITS and mention.kind == other.kind
            if same_kind and mention.value == other.value and mention.unit != other.unit:
                altered.append((mention, other))
                left.remove(mention)
                right.remove(other)
                break
    return altered


# How many of the smaller unit make one of the greater: "40 năm" is "four decades".
_IN_SMALLER = {
    "century": (100, "year"), "decade": (10, "year"), "year": (12, "month"), "quarter": (3, "month"), "week": (7, "day"),  # noqa: E501 - one pattern
    "day": (24, "hour"), "hour": (60, "minute"), "minute": (60, "second"),
}  # fmt: skip


def _lengths(mention: Mention) -> set[tuple[Decimal, str]]:
    """Return a duration in its own unit and in every smaller one."""
    value, unit = Decimal(mention.value), mention.unit or ""
    found = {(value, unit)}
    while unit in _IN_SMALLER:
        factor, unit = _IN_SMALLER[unit]
        value *= factor
        found.add((value, unit))
    return found


def _told(mention: Mention, text: str) -> bool:
    """Return whether a stretch of time is told without its number: "a decade", "half a year"."""
    if mention.kind != "duration":
        return False
    ways = {
        ("10", "year"): "decade",
        ("100", "year"): "century",
        ("6", "month"): "half",
        ("12", "month"): "year",
        ("7", "day"): "week",
    }
    word = ways.get((mention.value, mention.unit or ""))
    return word is not None and re.search(rf"\b{word}", text, re.IGNORECASE) is not None


def _equal(vi: Mention, en: Mention, *, exact: bool) -> bool:
    if vi.value == en.value:
        return vi.unit == en.unit or (not exact and _units_agree(vi, en))
    if exact:
        return False
    if vi.kind == en.kind == "duration":
        return bool(_lengths(vi) & _lengths(en))
    if vi.kind == "number" and _UNCLEAR.fullmatch(vi.text):
        return en.value == canonical(Decimal(vi.text.replace(",", "."))) or en.value == vi.text.replace(
            ",", ""
        )
    if vi.kind == "date" and en.kind == "date":
        return _same_date(vi.value, en.value)
    return False


def _units_agree(vi: Mention, en: Mention) -> bool:
    if vi.kind in _UNITLESS or en.kind in _UNITLESS or vi.unit is None or en.unit is None:
        return True
    if "duration" in (vi.kind, en.kind):
        return vi.kind != en.kind and {vi.kind, en.kind} <= {"duration", "age", "time"}
    # Statistics give shares and points loosely in both languages.
    return {vi.unit, en.unit} == {"%", "pp"}


def _same_date(one: str, other: str) -> bool:
    """Return whether two dates agree where both say something; a year may be left out on one side."""
    for left, right in zip(one.split("/"), other.split("/"), strict=False):
        if left == right:
            continue
        if left.startswith("--") == right.startswith("--"):
            return False
        bare, dated = (left, right) if left.startswith("--") else (right, left)
        if dated[4:] != bare[1:]:
            return False
    return one.count("/") == other.count("/")


def _parts(mention: Mention) -> set[str]:
    """Return the values that a mention covers: a range covers its ends, a date its year, month and day."""
    values = {mention.value}
    if mention.kind == "date":
        for end in mention.value.split("/"):
            values.add(end)
            if match := re.fullmatch(r"(\d{4}|-)-(\d\d)(?:-(\d\d))?", end):
                year, month, day = match.groups()
                values |= {f"--{month}" + (f"-{day}" if day else ""), f"--{month}", f"month:{int(month)}"}
                if day:
                    values.add(str(int(day)))
                if year != "-":
                    values |= {year, f"{year}-{month}"}
            elif match := re.fullmatch(r"(\d{4}|-)-Q(\d)", end):
                values |= {f"--Q{match[2]}", match[2]} | ({match[1]} if match[1] != "-" else set())
    if mention.kind == "score" or mention.unit == "code":
        values.update(re.findall(r"\d+", mention.value))
    if mention.kind == "time":
        hour, minute = mention.value.split(":")
        values |= {f"{int(hour) % 12:02d}:{minute}", f"{int(hour) % 12 + 12:02d}:{minute}"}
        if minute == "00":
            values |= {str(int(hour)), str(int(hour) % 12)}
    return values


def _covered(mention: Mention, other: _Side) -> bool:
    """Return whether the other side says what `mention` says, in a form of its own."""
    if mention.kind == "date":
        ends = mention.value.split("/")
        return mention.value in other.values or all(_end_covered(end, other) for end in ends)
    if mention.kind == "time":
        return bool(_parts(mention) & other.values)
    numbers = re.findall(r"\d+", mention.value)
    if mention.unit == "code":
        # "Chandrayaan-1" is no "Chandraya-1": its digits alone do not tell which one it is.
        named = other.letters.issuperset(re.findall(r"[A-Z]{3,}", fold(mention.value)))
        return mention.value in other.values or (bool(numbers) and other.digits.issuperset(numbers) and named)
    if mention.kind == "score":
        return mention.value in other.values or other.digits.issuperset(numbers)
    if mention.kind == "number" and "/" in mention.value:
        return mention.value in other.values or (other.digits | other.values).issuperset(numbers)
    same = [item for item in other.mentions if item.value == mention.value and item.kind != "date"]
    if any(item.unit == mention.unit or _units_agree(mention, item) for item in same):
        return True
    if not mention.value.isdigit() or mention.kind not in {"number", "duration", "age", "ordinal"}:
        return False
    # "thập niên 60" is "the 1960s".
    decade = re.fullmatch(r"\d0", mention.value) is not None and f"19{mention.value}" in other.values
    dated = mention.kind in {"number", "ordinal"} and mention.value in other.values - {
        item.value for item in same
    }
    return mention.value in other.digits or decade or dated


def _end_covered(end: str, other: _Side) -> bool:
    """Return whether the other side tells the day, month, quarter or year `end`; its year may be left out there."""
    if end in other.stated:
        return True
    if match := re.fullmatch(r"(\d{4}|-)-(\d\d)(?:-(\d\d))?", end):
        year, month, day = match.groups()
        bare = f"--{month}-{day}" if day else f"--{month}"
        if year == "-" and bare in other.values:
            return True
        if year != "-" and bare in other.stated:
            return True
        loose = f"month:{int(month)}" in other.values and (day is None or str(int(day)) in other.digits)
        return loose and (year == "-" or year in other.values or year in other.digits)
    if match := re.fullmatch(r"(\d{4}|-)-Q(\d)", end):
        bare = f"--Q{match[2]}"
        return bare in other.stated or (match[1] == "-" and bare in other.values)
    return end in other.digits or end in other.values


def _digit_runs(text: str) -> set[str]:
    plain = re.sub(r"(?<=\d)[.,](?=\d{3}(?!\d))", "", text)
    return {str(int(run)) for run in re.findall(r"\d{1,18}", plain)}


def _soft(mention: Mention, text: str) -> bool:
    """Return whether a Vietnamese figure may rightly be told in other words."""
    if not re.search(r"\d", mention.text) and mention.kind in {"number", "ordinal", "duration"}:
        return mention.value.isdigit() and int(mention.value) <= _SMALL
    # "1 lá thư" is "a letter"; "Công thức 1" is Formula 1, "ấp 1 xã ..." Hamlet 1.
    counts = re.match(r"\s[^\W\d_]", text[mention.end :]) is not None
    counts = counts and not _numbered().search(text[: mention.start])
    return mention.value == "1" and mention.kind == "number" and counts


@cache
def _numbered() -> re.Pattern[str]:
    """Return what stands before the number of a place, a part or a rank."""
    return re.compile(rf"\b(?:{either(units()['numbered'])})\s+$", re.IGNORECASE)


def _soft_english(mention: Mention) -> bool:
    if mention.kind == "time":
        return False
    if not re.search(r"\d", mention.text):
        if mention.kind == "date":
            return mention.precision == "quarter"
        # Number words are style ("twenty-odd", "a hundred"); digits are claims.
        style = mention.text.lower().startswith("a ") or mention.kind == "ordinal"
        return style or "/" in mention.value or not mention.value.isdigit() or int(mention.value) <= _SMALL
    return False


def _comparable(vi: Mention, en: Mention) -> bool:
    if (vi.kind == "date") != (en.kind == "date"):
        return False
    if vi.unit == "code" or en.unit == "code":
        return vi.unit == en.unit
    return vi.unit == en.unit or _units_agree(vi, en)


def _distance(vi: Mention, en: Mention) -> int:
    """Prefer the pair that shares most digits: `3.500` became `350` rather than `12`."""
    from rapidfuzz.distance import Levenshtein

    return int(Levenshtein.distance(vi.value, en.value))
