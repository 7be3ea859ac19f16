"""Sentence segmentation of Vietnamese press text: text in, spans of sentences out.

A stop ends a sentence unless it belongs to an abbreviation, a number, an initial or a web address. Closing
quotes and brackets stay with their sentence; a stop before an opening quote is a boundary, a stop inside an
open quotation is one too when the next sentence begins with a capital.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

_DATA = Path(__file__).resolve().parent / "segment.toml"
_END = re.compile(r"(?:\./\.|\.{3,}|…+|[.!?]+)")
_CLOSERS = "\"'”’»)]}"
_OPENERS = "\"'“‘«([{-–—"
_QUOTES = '"“«'
_WORD = re.compile(r"\S+")
_SHORT_NUMBER = re.compile(r"(?<!\d)\d{1,3}$")
_FAR = 600  # characters; longer quotations are not looked back through
_THOUSANDS = re.compile(r"000(?!\d)")
_BEFORE = re.compile(r"([\w.&/-]+)$")


@cache
def _rules() -> tuple[frozenset[str], frozenset[str]]:
    data = tomllib.loads(_DATA.read_text(encoding="utf-8"))
    return frozenset(data["never_final"]), frozenset(data["rarely_final"])


def sentences(text: str) -> list[tuple[int, int]]:
    """Return (start, end) of each sentence of `text`; line breaks always separate."""
    spans: list[tuple[int, int]] = []
    for line in re.finditer(r"[^\n]+", text):
        _line(text, line.start(), line.end(), spans)
    return spans


def _line(text: str, begin: int, end: int, spans: list[tuple[int, int]]) -> None:
    start = begin
    position = begin
    while match := _END.search(text, position, end):
        position = match.end()
        after = position
        while after < end and text[after] in _CLOSERS and not _opens(text, start, after, end):
            after += 1
        if _is_boundary(text, start, match, after, end):
            _add(text, start, after, spans)
            start = position = after
    _add(text, start, end, spans)


def _opens(text: str, start: int, at: int, end: int) -> bool:
    """Return whether the straight quote at `at` opens: by the space before it, or because none is open yet."""
    if text[at] not in "\"'" or at == 0 or at + 1 >= end or text[at + 1].isspace():
        return False
    if text[at - 1].isspace():
        return True
    return text[at + 1].isalnum() and text.count(text[at], max(start, at - _FAR), at) % 2 == 0


def _add(text: str, start: int, end: int, spans: list[tuple[int, int]]) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        spans.append((start, end))


def _is_boundary(text: str, start: int, match: re.Match[str], after: int, end: int) -> bool:
    mark = match[0]
    rest = after
    while rest < end and text[rest].isspace():
        rest += 1
    if rest >= end:
        return True
    nxt = text[rest]
    spaced = rest > after
    if mark == "./.":
        return True
    first = rest
    while first < end and text[first] in _OPENERS + " ":
        first += 1
    starts_high = first < end and (text[first].isupper() or text[first].isdigit())
    # A quotation that opens after the mark begins a sentence, however its first letter is written.
    quoted = spaced and nxt in _QUOTES and rest + 1 < end and text[rest + 1].isalpha()
    if mark.startswith(("..", "…")):
        return spaced and (quoted or (starts_high and text[first].isupper()))
    if mark[0] in "!?":
        # "Vì sao?" ông hỏi. A question inside a quotation goes on with a small letter.
        return quoted or (starts_high and (spaced or after > match.end()))
    return _stop_ends(text, start, match.start(), nxt, first, end, spaced=spaced, starts_high=starts_high)


def _stop_ends(
    text: str, start: int, stop: int, nxt: str, first: int, end: int, *, spaced: bool, starts_high: bool
) -> bool:
    before = _BEFORE.search(text, max(start, stop - 40), stop)
    word = before[1] if before else ""
    previous = text[stop - 1] if stop > start else ""
    if not spaced:
        if nxt in '"“':
            return starts_high
        # A missing space after the stop: "lớn.Ông nói"; not "3.500", "TP.HCM", "VnExpress.net", "A.B".
        return (
            nxt.isupper()
            and len(word) > 1
            and word[-1:].islower()
            and word.lower() not in _rules()[0]
            and "." not in word
            and first + 1 < end
            and (text[first + 1].islower() or text[first + 1] == " ")
        )
    if not starts_high and nxt not in _QUOTES:
        return False
    if text[first].isdigit() and _broken_number(text, start, stop, first):
        return False
    never, rarely = _rules()
    lowered = word.lower()
    if lowered in never or lowered.rsplit(".", 1)[-1] in never:
        return False
    if lowered in rarely:
        beginning = _WORD.match(text, first, end)
        following = beginning[0].lower().rstrip(".,") if beginning else ""
        clear = len(following) > 3 or "." in lowered  # "v.v." ends a list; "Co." may stand before a name
        return text[first].isupper() and nxt not in _OPENERS and clear and following not in rarely
    # An initial: "J. Trump", "Nguyễn V. A. nói" goes on; "vitamin C. Theo" is rarer than initials.
    if len(word) == 1 and word.isupper() and previous.isupper():
        return False
    # A list marker at the head of the sentence: "1. Mục tiêu".
    return not (stop - start <= 3 and text[start:stop].strip().isdigit())


def _broken_number(text: str, start: int, stop: int, first: int) -> bool:
    """Return whether the stop is a number's: `70. 000`, `(84. 4)`; such spaces come from page layouts."""
    if not _SHORT_NUMBER.search(text, max(start, stop - 5), stop):
        return False
    opened = text.rfind("(", max(start, stop - 10), stop)
    return bool(_THOUSANDS.match(text, first)) or (opened >= 0 and text.find(")", stop, stop + 10) >= 0)
