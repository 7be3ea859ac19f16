"""Captions and credits in running text: lines in, lines with the role `caption` out.

Extraction leaves a photo's caption as a line of its own, often like a sentence, and glues its credit to whatever
stood before: `...lần thứ 6Ảnh: NAME`.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from functools import cache

from jobs.ingest.lines import FINAL, UPPER, Line, pairs, rules, syllables
from jobs.ingest.segment import sentences

_BEFORE_CREDIT = " ([–—-"
_CAPITALS = re.compile(
    rf"[{UPPER}][{UPPER}\d.]+(?:[ /-]+[{UPPER}][{UPPER}\d.]+)*(?:/[{UPPER}]\w*(?: [{UPPER}]\w*)?)?"
)
_NAMES = re.compile(rf"[{UPPER}]\w*(?:[ -][{UPPER}]\w*)*")
_LONGEST_CAPTION = 45  # syllables; press captions have 8 to 40
_LONGEST_PICTURED = 26
_MANY_LINES = 500  # articles have under 150 paragraphs; beyond, nobody wrote captions


@cache
def _credit() -> re.Pattern[str]:
    words = "|".join(re.escape(word) for word in sorted(rules()["credit_words"], key=lambda w: (-len(w), w)))
    return re.compile(rf"(?:{words}) ?: ?")


@cache
def _agency() -> re.Pattern[str]:
    names = "|".join(re.escape(name) for name in sorted(rules()["agencies"], key=lambda n: (-len(n), n)))
    return re.compile(rf"(?:{names})(?!\w)")


def credit_lines(text: str, start: int, end: int) -> list[Line]:
    """Split a line at glued credits; the sentence before a credit is its caption."""
    lines: list[Line] = []
    at = start
    while match := _credit().search(text, at, end):
        stop = _credit_end(text, match.end(), end, alone=match.start() == at)
        if stop is None:
            break
        begin = match.start()
        while begin > at and text[begin - 1] in _BEFORE_CREDIT:
            begin -= 1
        before = [(at + a, at + b) for a, b in sentences(text[at:begin])]
        if not before:
            lines.append(Line(at, stop, "caption"))
        else:
            # A finished sentence before the credit is text; the unfinished one is the caption, and so is a short
            # line of its own.
            last = before[-1]
            own = at == start and stop == end and syllables(text[at:begin]) <= _LONGEST_CAPTION
            glued = not FINAL.search(text[last[0] : last[1]]) or len(before) == 1
            keep = [] if own else before[:-1] if glued else before
            if keep:
                lines.append(Line(keep[0][0], keep[-1][1]))
            lines.append(Line(at if own else last[0] if glued else begin, stop, "caption"))
        at = stop
    while at < end and text[at] == " ":
        at += 1
    if at < end:
        lines.append(Line(at, end))
    return lines


def _credit_end(text: str, at: int, end: int, *, alone: bool) -> int | None:
    """Return where the name after `Ảnh:` ends, or None when what follows is no name."""
    rest = text[at : min(end, at + 300)]  # a name is found in its beginning, however long the line
    if syllables(rest[:80]) <= 9 and len(rest) <= 80 and not re.search(r"[.!?] \S", rest):
        return end
    match = _agency().match(rest) or _CAPITALS.match(rest)
    if match is None and (names := _NAMES.match(rest)):
        words = names[0].split(" ")
        # The capital before a small letter begins the next sentence: `Ảnh: Hoàng Thịnh | Phát biểu tại`.
        count = len(words) - 1 if 2 <= len(words) <= 5 else 2
        return at + len(" ".join(words[:count]))
    if match is not None:
        stop = at + match.end()
        while stop < end and text[stop] in ")].":
            stop += 1
        return stop
    if alone:
        return at + sentences(rest)[0][1] if rest.strip() else end
    return None


def mark_pictures(text: str, body: list[Line]) -> None:
    """Give the role to captions that read like sentences: single, short, on a line of their own."""
    if len(body) > _MANY_LINES:
        return
    told: list[tuple[int, set[tuple[str, str]]]] = []
    where: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    single: list[int] = []
    for number, line in enumerate(body):
        content = text[line.start : line.end]
        spans = sentences(content)
        if len(spans) == 1:
            single.append(number)
        for a, b in spans:
            own = pairs(content[a:b])
            for pair in own:
                where[pair].append(len(told))
            told.append((number, own))
    for number in single:
        line = body[number]
        content = text[line.start : line.end].strip()
        if number == 0 or syllables(content) > 40 or not caption_like(content):
            continue
        if _pictured(content) or _told_elsewhere(number, pairs(content), told, where):
            line.role = "caption"


def _told_elsewhere(
    number: int,
    own: set[tuple[str, str]],
    told: list[tuple[int, set[tuple[str, str]]]],
    where: dict[tuple[str, str], list[int]],
) -> bool:
    """Return whether a sentence of another line says nearly all of this one: what a caption under a photo does."""
    counts = Counter(place for pair in own for place in where[pair] if told[place][0] != number)
    # 0.7 of the syllable pairs: captions of press photos repeat the lead's words, statements do not.
    return bool(counts) and max(counts.values()) >= 0.7 * len(own)


def caption_like(content: str) -> bool:
    """Return whether a line has the subject and the verb of a caption, and nothing that captions lack."""
    verbs = "|".join(re.escape(verb) for verb in rules()["caption_verbs"])
    if (
        ";" in content
        or '"' in content
        or "“" in content
        or ":" in content
        or re.search(r"\d[\d.,]*\s*%", content)
    ):
        return False
    match = re.search(rf"\b(?:{verbs})\b", content)
    return bool(match and content[0].isupper() and syllables(content[: match.start()]) <= 14)


def _pictured(content: str) -> bool:
    """Return whether a group does something before a camera, as in `Các trưởng đoàn tham dự phiên bế mạc`.

    Statements say more: a time past or to come, someone's words, a figure, a clause after a comma.
    """
    table = rules()
    return (
        content.startswith(tuple(table["caption_groups"]))
        and syllables(content) <= _LONGEST_PICTURED
        and not re.search(rf"\b(?:{'|'.join(table['statement_words'])})\b", content)
        and not re.search(r",|(?<![/\d-])(?<!thứ )\d+(?![/\d-])", content)
    )
