"""Numbers of Vietnamese press text: cardinals, decimals, money, percentages, measures, ordinals, times, codes.

Digits in the Vietnamese convention (`3.500`, `91,2`), scale words (`36 tỷ`), number words from ten up. A bare
small number word is no figure: `một` is mostly an article and `năm` mostly a year.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from jobs.records import Mention
from jobs.vietnamese.spans import canonical, either, grouped, roman
from jobs.vietnamese.wordnumbers import parse_words, run, units, years_split_off

if TYPE_CHECKING:
    from collections.abc import Iterator

_DIGITS = r"(?:\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d{1,3}(?:,\d{3}){2,}|\d+,\d+|\d+(?:\.\d{1,2}(?!\d))?)"
_MAX_DIGITS = 30  # longer runs are no figures of an article
_SIGNS = {"$": "USD", "US$": "USD", "VN$": "VND", "€": "EUR", "£": "GBP", "¥": "JPY", "₫": "VND"}
_CODES_BEFORE = ("USD", "VND", "EUR", "GBP", "JPY")
# `2,500 người` may be 2,500 as in English or two and a half: left as it stands.
_UNCLEAR = re.compile(r"[1-9]\d{0,2},\d{3}")
_RANGE = re.compile(r"\s*(?:-|–|—)\s*|\s+(?:đến|tới)\s+")

_LASTING = re.compile(
    r"\b(?:kéo dài|dài|trong|sau|mất|hết|suốt|gần|hơn|khoảng|chỉ|đạt|thời gian)\s+$", re.IGNORECASE
)


def parse_digits(text: str) -> Decimal:
    """Return the value of digits in the Vietnamese convention; several comma groups, or one of 000, are English."""
    if re.fullmatch(r"\d{1,3}(?:,\d{3}){2,}|\d{1,3},000", text):
        return Decimal(text.replace(",", ""))
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", text):
        return Decimal(text.replace(".", "").replace(",", "."))
    return Decimal(text.replace(",", "."))


def _closing() -> str:
    """Return what may close a number: its unit. Shared by digits and words."""
    table = units()
    return (
        r"(?:\s*(?P<percent>%|phần trăm\b|điểm phần trăm\b|điểm %)"
        rf"|\s*(?P<currency>{either(table['currency'])})(?!\w)"
        rf"|\s*(?P<measure>{either(table['measure'])})(?![\w/])"
        rf"|\s*(?P<age>tuổi)\b|\s+(?P<duration>{either(table['duration'])})\b(?! (?:vàng|chót|qua đời)))?"
    )


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    table = units()
    # "800 triệu phú" are millionaires; "3 tỷ lệ", "vạn vật" no scales either.
    scale = rf"(?:{either(table['scale'])})\b(?!\s+(?:phú|lệ|số|trọng|vật|giá)\b)"
    sign = rf"(?P<sign>(?:{either([*_SIGNS, *_CODES_BEFORE])})\s?)?"
    tail = rf"(?:\s*(?P<scale>{scale})(?:\s+(?P<minor>{_DIGITS})\s*(?P<minor_scale>nghìn|ngàn|triệu|tỷ|tỉ)\b)?(?P<half>\s+rưỡi)?)?"  # noqa: E501 - one pattern
    digit = either(table["digit"])
    return {
        "code": re.compile(
            r"(?<![\w/.-])(?:\d+(?:/\d{4})?[/-][A-ZĐƯ][A-ZĐƯ\d]*(?:[-/&][A-ZĐƯa-z\d]+)*"
            rf"|(?!(?:{either(_CODES_BEFORE)})\d)[A-ZĐ][A-Za-zĐđ]*(?:-[A-Z][A-Za-z]*)*-?\d+(?:[.,-]\d+)*[A-Za-z]?"
            r"|0\d{1,3}[.\s]\d{3,4}[.\s]?\d{3,4}|0\d{2,4}\.\d{5,8}|\d+[A-Z]{1,3}|\d{1,2}\.0|0\d{2,}(?![.,/:-]\d)|\d{1,2}:\d\d:\d\d)(?![\w])"
        ),
        "number": re.compile(rf"(?<![\w.,/]){sign}(?P<digits>{_DIGITS}){tail}{_closing()}(?![\d])"),
        "ordinal": re.compile(
            r"\bthứ\s+(?P<value>\d{1,4}(?:\.\d{3})*)\b(?![/-]\d)"
            r"|\b(?:[Ll]ần|kỳ họp|khóa|khoá|phiên họp|hạng|vị trí|đứng|xếp|kỷ niệm) thứ\s+"
            r"(?P<word>nhất|nhì|hai|ba|tư|bốn|năm|sáu|bảy|tám|chín|mười)\b(?!\s+(?:mươi|trăm|một|hai|ba|bốn|năm|lăm|sáu|bảy|tám|chín))"
        ),
        "roman": re.compile(
            r"\b(?:Đại hội(?: Đảng)?(?: toàn quốc)?(?: lần thứ)?|[Ll]ần thứ|[Kk]h[óo][áa]?|[Tt]hế k[ỷỉ]|[Nn]hiệm kỳ|[Đđ]ợt|[Gg]iai đoạn|[Kk]ỳ họp thứ|[Ll]oại|[Hh]ạng|[Cc]ấp|[Vv]ùng|[Tt]hứ)"  # noqa: E501 - one pattern
            r"\s+(?P<roman>[IVXLC]{1,8})\b"
        ),
        "clock": re.compile(
            r"(?<![\w.,/:])(?P<hour>[01]?\d|2[0-4])(?:(?P<mark>h|g|:|giờ|\sgiờ\s)\s?(?P<minute>[0-5]\d|\d(?=\sphút))(?:\s?phút|'|p)?(?![\d%:]|[.,]\d|\s*(?:điểm|tỷ|người))"
            r"|(?P<bare>h)(?![\w/])|(?P<half> giờ rưỡi)\b|(?P<word> ?(?:giờ|g)(?=\s+(?:sáng|trưa|chiều|tối|đêm|ngày\s+\d|cùng ngày|kém|đúng)))"  # noqa: E501 - one pattern
            r"|(?P<at>(?<=lúc .)(?<=lúc \d)\sgiờ\b|(?<=lúc \d\d)\sgiờ\b))"
            r"(?:\s+(?P<part>sáng|trưa|chiều|tối|đêm|khuya)\b)?"
        ),
        "score": re.compile(
            r"(?P<lead>\b(?:[Tt]ỷ số|[Tt]ỉ số|[Tt]hắng|thua|hòa|hoà|dẫn|san bằng|gỡ hòa|gỡ hoà|đánh bại|vượt qua)(?:\s+[\w.-]+){0,5}?\s+)(?P<home>\d{1,2})\s?[-–]\s?(?P<away>\d{1,2})\b(?![/-]\d|\s*(?:%|tuổi|ngày|phút|km|triệu|tỷ))"  # noqa: E501 - one pattern
        ),
        "fraction": re.compile(r"(?<![\w./-])(?P<top>\d{1,3})/(?P<bottom>\d{1,3})(?![\w/.-]|\s*/)"),
        "word_fraction": re.compile(rf"\b(?P<top>{digit}) phần (?P<bottom>{digit}|mười)\b", re.IGNORECASE),
        "words": re.compile(rf"(?P<words>{run().pattern})(?P<half>\s+rưỡi)?{_closing()}", re.IGNORECASE),
    }


def find_numbers(text: str) -> Iterator[Mention]:
    """Yield every reading of a number in `text`; readings may overlap, longer ones are better."""
    if not re.search(r"\d|[Mm]ười|mươi|trăm|chục|triệu|tỷ|tỉ|nghìn|ngàn|thứ|phần|[IVXLC]", text):
        return
    patterns = _patterns()
    for match in patterns["code"].finditer(text):
        yield _mention(
            "number",
            text,
            match.start(),
            match.end(),
            _code(match[0]).upper(),
            unit="code",
            english=_code(match[0]),
        )
    for match in patterns["ordinal"].finditer(text):
        place = "value" if match["value"] else "word"
        value = match["value"] or str(units()["ordinal"][match["word"]])
        value = str(int(value.replace(".", "")))
        yield _mention("ordinal", text, match.start(place), match.end(place), value)
    yield from _digits(text, patterns["number"])
    for match in patterns["roman"].finditer(text):
        number = roman(match["roman"])
        if number:
            yield _mention("ordinal", text, match.start("roman"), match.end("roman"), str(number))
    for match in patterns["clock"].finditer(text):
        yield from _clock(text, match)
    for match in patterns["score"].finditer(text):
        value = f"{int(match['home'])}-{int(match['away'])}"
        yield _mention("score", text, match.start("home"), match.end(), value, english=value)
    for match in patterns["fraction"].finditer(text):
        if 0 < int(match["top"]) < int(match["bottom"]):
            value = f"{int(match['top'])}/{int(match['bottom'])}"
            yield _mention("number", text, match.start(), match.end(), value, english=value)
    for match in patterns["word_fraction"].finditer(text):
        yield from _word_fraction(text, match)
    for match in patterns["words"].finditer(text):
        yield from _words(text, match)


def _mention(kind: str, text: str, start: int, end: int, value: str, **more: Any) -> Mention:
    return Mention(kind=kind, start=start, end=end, text=text[start:end], value=value, **more)  # type: ignore[arg-type]


def _code(text: str) -> str:
    return re.sub(r"(?<=\d),(?=\d)", ".", text)  # "PM2,5"


def approximation(text: str, start: int) -> str | None:
    """Return the Vietnamese words just before `start` that make a figure there approximate ("hơn", "khoảng")."""
    before = text[max(0, start - 14) : start].rstrip().lower()
    for words in sorted(units()["approx"], key=lambda item: (-len(item), item)):
        if before.endswith(words) and not before[: -len(words)][-1:].isalpha():
            return str(words)
    return None


def _approx(text: str, start: int) -> Any:
    words = approximation(text, start)
    return units()["approx"][words] if words else None


def _clock(text: str, match: re.Match[str]) -> Iterator[Mention]:
    hour, minute = int(match["hour"]), (match["minute"] or ("30" if match["half"] else "00")).zfill(2)
    part = match["part"]
    if "giờ" in (match["mark"] or "") and "phút" in match[0] and _LASTING.search(text[: match.start()]):
        return  # "kéo dài 2 giờ 15 phút" is a stretch of time
    if hour == 24 and minute != "00":
        return
    afternoon = part in {"chiều", "tối"} or (part == "trưa" and hour < 6) or (part == "đêm" and 6 < hour < 12)
    value = hour + 12 if afternoon and hour < 12 else 0 if part in {"đêm", "khuya"} and hour == 12 else hour
    if part or hour > 12:
        shown = f"{value % 12 or 12}:{minute} {'p.m.' if 12 <= value < 24 else 'a.m.'}"
    else:
        shown = f"{hour}:{minute}"  # both halves of the day are possible
    stop = match.end() if not part else match.end("part")
    yield _mention(
        "time", text, match.start(), stop, f"{value % 24:02d}:{minute}", english=shown, precision="minute"
    )


def _word_fraction(text: str, match: re.Match[str]) -> Iterator[Mention]:
    digits = {**units()["digit"], "mười": 10}
    top, bottom = digits[match["top"].lower()], digits[match["bottom"].lower()]
    name = {2: "half", 3: "third", 4: "quarter", 5: "fifth", 6: "sixth", 8: "eighth", 10: "tenth"}.get(bottom)
    if 0 < top < bottom:
        number = ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")[top]
        shown = f"{number}-{name}{'s' if top > 1 else ''}" if name else None
        yield _mention("number", text, match.start(), match.end(), f"{top}/{bottom}", english=shown)


def _digits(text: str, pattern: re.Pattern[str]) -> Iterator[Mention]:
    """Yield the numbers in digits; the first of `50-55%` or `5 đến 9 triệu đồng` takes scale and unit of the second."""
    matches = [match for match in pattern.finditer(text) if len(match["digits"]) <= _MAX_DIGITS]
    for place, match in enumerate(matches):
        after = matches[place + 1] if place + 1 < len(matches) else None
        before = matches[place - 1] if place else None
        if after is not None and _ranges(text, match, after):
            yield _number(text, match, after=after)
        else:
            opened = before is not None and _ranges(text, before, match)
            yield _number(text, match, opened=opened)


def _ranges(text: str, first: re.Match[str], second: re.Match[str]) -> bool:
    """Return whether two numbers are the ends of a range whose unit stands after the second only."""
    joined = _RANGE.fullmatch(text, first.end(), second.start())
    if not joined and text[first.end() : second.start()].strip() == "và":
        joined = re.search(r"\b[Gg]iữa\s+$", text[: first.start()])
    bare = not _unit_of(first) and not (first["scale"] and not _unit_of(second))
    if not joined or not bare or not (_unit_of(second) or second["scale"]):
        return False
    low = parse_digits(first["digits"]) * _scale_of(first["scale"] or second["scale"])
    return low < parse_digits(second["digits"]) * _scale_of(second["scale"])


def _unit_of(match: re.Match[str]) -> str | None:
    for name in ("percent", "currency", "measure", "age", "duration", "sign"):
        if match[name]:
            return str(match[name])
    return None


def _scale_of(word: str | None) -> Decimal:
    return Decimal(units()["scale"][word.lower()]) if word else Decimal(1)


def _number(
    text: str, match: re.Match[str], *, after: re.Match[str] | None = None, opened: bool = False
) -> Mention:
    """Return the number of `match`; `after` is the second end of its range, `opened` says that it is one itself."""
    value = parse_digits(match["digits"])
    unclear = bool(_UNCLEAR.fullmatch(match["digits"])) and not (match["scale"] or _unit_of(match))
    # "-052 C" names a type: its digits stay as they are.
    named = re.fullmatch(r"0\d{2,}", match["digits"]) is not None
    if unclear and re.match(r"\s+(?!điểm\b)[^\W\d_]", text[match.end() :]):
        value = Decimal(match["digits"].replace(",", ""))  # things are counted in whole numbers
    shown = grouped(value)
    if re.fullmatch(r"[1-9]\d{3}", match["digits"]) and not _unit_of(match):
        shown = match["digits"]  # a year, "ISO 9001"
    scale = _scale_of(match["scale"])
    if match["minor"]:
        value = value * scale + parse_digits(match["minor"]) * _scale_of(match["minor_scale"])
        shown = scaled(value)
    elif match["half"]:
        value = value * scale + scale / 2
        shown = scaled(value)
    elif match["scale"]:
        # The figure stays as the source gives it: "34.732 tỷ" is "34,732 billion", not "34.732 trillion".
        shown = _with_scale(value, scale)
        value *= scale
    elif after is not None:
        value *= _scale_of(after["scale"])
    source = after or match
    mention = _with_unit(
        text, match.start(), match, source, value, shown, half=after is not None, opened=opened
    )
    return mention.model_copy(update={"english": None}) if unclear or named else mention


def _with_unit(
    text: str,
    start: int,
    match: re.Match[str],
    source: re.Match[str],
    value: Decimal,
    shown: str,
    *,
    half: bool = False,
    opened: bool = False,
) -> Mention:
    """Return the mention of a number whose unit stands in `source`; `half` is the first end of a range."""
    table = units()
    groups = match.groupdict()
    begin = match.start("digits") if "digits" in groups else match.start("words")
    bare_end = match.end()
    common = {"approx": _approx(text, start)}
    amount = canonical(value)
    if source["percent"]:
        points = source["percent"].startswith("điểm")
        written = shown if half else f"{shown} percentage points" if points else f"{shown}%"
        return _mention(
            "percent", text, begin, bare_end, amount, unit="pp" if points else "%", english=written, **common
        )
    sign = (groups.get("sign") or "").strip()
    if source["currency"] or sign:
        unit = (
            _SIGNS.get(sign, sign) if sign else table["currency"][_key(source["currency"], table["currency"])]
        )
        begin = match.start() if sign else begin
        stop = match.end("currency") if match["currency"] else bare_end
        written = shown if opened else f"{unit}{shown}"
        return _mention("money", text, begin, stop, amount, unit=unit, english=written, **common)
    if source["measure"]:
        unit = table["measure"][_key(source["measure"], table["measure"])]
        written = shown if half else f"{shown} {table['written'].get(unit, unit)}"
        return _mention("measure", text, begin, bare_end, amount, unit=unit, english=written, **common)
    if source["age"]:
        stop = bare_end if half else match.start("age")
        return _mention("age", text, begin, _rstrip(text, begin, stop), amount, english=shown, **common)
    if source["duration"]:
        # The unit stays with the model: "3 năm" is "3 years", "three-year" or "the third year".
        unit = table["duration"][source["duration"].lower()]
        stop = bare_end if half else match.start("duration")
        return _mention(
            "duration", text, begin, _rstrip(text, begin, stop), amount, unit=unit, english=shown, **common
        )
    return _mention("number", text, begin, bare_end, amount, english=shown, **common)


def _key(found: str, table: dict[str, Any]) -> str:
    return found if found in table else next(name for name in table if name.lower() == found.lower())


def _rstrip(text: str, start: int, stop: int) -> int:
    return start + len(text[start:stop].rstrip())


def _with_scale(value: Decimal, scale: Decimal) -> str:
    names = {10**15: "quadrillion", 10**12: "trillion", 10**9: "billion", 10**6: "million"}
    name = names.get(int(scale))
    return f"{grouped(value)} {name}" if name else grouped(value * scale)


def scaled(value: Decimal) -> str:
    """Return `value` as English press writes round amounts: "1.5 billion", "250,000"."""
    for size, name in (
        (Decimal(10**12), "trillion"),
        (Decimal(10**9), "billion"),
        (Decimal(10**6), "million"),
    ):
        if value >= size:
            return f"{grouped(value / size)} {name}"
    return grouped(value)


def _words(text: str, match: re.Match[str]) -> Iterator[Mention]:
    words = match["words"].split()
    kept = years_split_off([word.lower() for word in words])
    value = parse_words(kept)
    if value is None or value < 10:
        return
    if len(kept) < len(words):
        # The year word belongs to no unit that follows it.
        end = match.start("words") + len(match["words"]) - len(words[-1])
        end = _rstrip(text, match.start(), end)
        yield _mention(
            "duration", text, match.start(), end, str(value), unit="year", english=scaled(Decimal(value))
        )
        return
    if match["half"]:
        value += int(units()["scale"].get(kept[-1], 0)) // 2
    yield _with_unit(text, match.start(), match, match, Decimal(value), scaled(Decimal(value)))
