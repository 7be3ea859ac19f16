"""Working text to lines with roles, and the metadata that press text carries in its body.

Recovered: a leading `date 2026-01-14` glued to the first words, header lines (`Nguồn: ...`), a first line that is
a headline, datelines such as `(VGP) -`, bylines, captions and credits also where they are glued to a
sentence. Subheads count as boilerplate: they state nothing.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from jobs.ingest.lines import FINAL, UPPER, Line, rules, syllables
from jobs.ingest.pictures import caption_like, credit_lines, mark_pictures

if TYPE_CHECKING:
    from jobs.records import Role

_LEADING_DATE = re.compile(r"\s*date[:\s]\s*(\d{4}-\d{2}-\d{2})(?:T[\d:.+Z-]*)?\s*", re.IGNORECASE)
_HEADER = re.compile(
    r"(date|ngày đăng|ngày|nguồn|source|tác giả|author|url|link|title|tiêu đề)\s*:\s*(\S.{0,300})",
    re.IGNORECASE,
)
_ITEM = re.compile(r"(?:[-–+•*]|\d{1,2}[.)]|[a-zđ]\)) ?\S")
_CLOCK = r"(?:\d{1,2}(?::|h|g)\d{0,2})"
_PUBLISHED = re.compile(
    r"(?:(?:cập nhật|đăng|xuất bản)(?:\s+lúc)?:?\s+)?(?:(?:thứ\s+\w+|chủ nhật)[,\s]+)?(?:ngày\s+)?"
    rf"(?:{_CLOCK}[,|\s-]*)?(?:ngày\s+)?(\d{{1,2}})[/.-](\d{{1,2}})[/.-](\d{{4}})"
    rf"[,|\s-]*(?:{_CLOCK}(?::\d\d)?)?\s*(?:\(?GMT\s*\+?\d+\)?)?\s*(?:AM|PM)?",
    re.IGNORECASE,
)


@dataclass
class Structure:
    """Lines in order and the metadata found among them."""

    lines: list[Line] = field(default_factory=list)
    title: str | None = None
    date: dt.date | None = None
    source: str | None = None
    author: str | None = None
    url: str | None = None


@cache
def _dateline() -> re.Pattern[str]:
    names = "|".join(re.escape(name) for name in sorted(rules()["agencies"], key=lambda n: (-len(n), n)))
    return re.compile(
        rf"(?:(?:[{UPPER}][\w.]*(?:,? |(?=\())){{1,4}}(?:(?:ngày )?\d{{1,2}}[/-]\d{{1,2}} )?)?"
        rf"\((?P<a>{names})\) ?[-–—:]? ?"
        rf"|(?P<b>{names}) ?[-–—] "
        # Any short name in brackets before a dash: `(TNNN) - `.
        rf"|\((?P<c>[{UPPER}][^()\n]{{1,29}})\) ?[-–—] ",
    )


def structure(text: str, *, titled: bool = False) -> Structure:
    """Return the lines of `text` with their roles; `titled` says that the title is known already."""
    result = Structure()
    offset = 0
    if match := _LEADING_DATE.match(text):
        result.date = _day(match[1])
        offset = match.end()
    spans = [
        (match.start(), match.end()) for match in re.finditer(r"[^\n]+", text[:]) if match.end() > offset
    ]
    lines: list[Line] = []
    if offset:
        lines.append(Line(0, offset, "dateline"))
    for start, end in spans:
        begin = max(start, offset)
        while begin < end and text[begin] == " ":
            begin += 1
        if begin < end and text[begin:end].strip():
            lines += credit_lines(text, begin, end)
    _metadata(text, lines, result)
    _title(text, lines, result, titled=titled)
    _datelines(text, lines, result)
    _classify(text, lines, result)
    result.lines = lines
    return result


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _metadata(text: str, lines: list[Line], result: Structure) -> None:
    """Take header lines and publication lines out of the first and last lines."""
    for line in [*lines[:8], *lines[-3:]]:
        if line.role is not None:
            continue
        content = text[line.start : line.end].strip()
        if (match := _HEADER.fullmatch(content)) and syllables(content) <= 30:
            _header(match, result)
            line.role = "dateline"
        elif len(content) <= 100 and (match := _PUBLISHED.fullmatch(content)) is not None:
            try:
                found = dt.date(int(match[3]), int(match[2]), int(match[1]))
            except ValueError:
                continue
            result.date = result.date or found
            line.role = "dateline"


def _header(match: re.Match[str], result: Structure) -> None:
    key, value = match[1].lower(), match[2].strip()
    if key in {"date", "ngày đăng", "ngày"}:
        day = _day(value[:10])
        if day is None and (found := re.match(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", value)):
            try:
                day = dt.date(int(found[3]), int(found[2]), int(found[1]))
            except ValueError:
                day = None
        result.date = result.date or day
    elif key in {"nguồn", "source"}:
        result.source = result.source or value
    elif key in {"tác giả", "author"}:
        result.author = result.author or value
    elif key in {"url", "link"}:
        result.url = result.url or value
    else:
        result.title = result.title or value


def _title(text: str, lines: list[Line], result: Structure, *, titled: bool) -> None:
    open_lines = [line for line in lines if line.role is None]
    if titled or result.title or len(open_lines) < 2:
        return
    first, second = open_lines[0], open_lines[1]
    content = text[first.start : first.end].strip()
    longer = max(second.end - second.start, *(line.end - line.start for line in open_lines[1:]))
    if 3 <= syllables(content) <= 32 and not FINAL.search(content) and longer > first.end - first.start:
        first.role = "title"
        result.title = content


def _datelines(text: str, lines: list[Line], result: Structure) -> None:
    for index, line in enumerate(lines):
        if line.role is not None:
            continue
        match = _dateline().match(text, line.start, line.end)
        if match and match.end() < line.end:
            name = match["a"] or match["b"] or match["c"]
            result.source = result.source or rules()["agencies"].get(name)
            lines[index : index + 1] = [
                Line(line.start, match.end(), "dateline"),
                Line(match.end(), line.end),
            ]
        return


def _classify(text: str, lines: list[Line], result: Structure) -> None:
    waiting = [line for line in lines if line.role is None]
    last = {id(line) for line in waiting[-3:]}
    listing = False
    for number, line in enumerate(waiting):
        content = text[line.start : line.end].strip()
        line.final = bool(FINAL.search(content))
        count = syllables(content)
        # Items of a list that a sentence announces are text, though they end without a stop.
        item = listing and count >= 4 and _ITEM.match(content)
        line.role = None if item else _furniture(content, count, final=line.final)
        if (
            line.role in (None, "boilerplate")
            and (id(line) in last or number < 2)
            and _is_byline(content, count)
        ):
            line.role = "byline"
            _signed(content, result)
        listing = bool(item) or (line.role is None and content.endswith(":"))
    mark_pictures(text, [line for line in lines if line.role is None])


def _furniture(content: str, count: int, *, final: bool) -> Role | None:
    """Return the role of a line that its own words give away, or None for text."""
    table = rules()
    if count == 0 or (content.startswith(tuple(table["boilerplate_starts"])) and count <= 40):
        return "boilerplate"
    if count <= 30 and (
        content.startswith(tuple(table["caption_starts"]))
        or any(verb in content for verb in table["always_caption_verbs"])
    ):
        return "caption"
    if not final and count <= 22:
        return "caption" if caption_like(content) and count > 8 else "boilerplate"
    if content.endswith("?") and count <= 16:
        return "boilerplate"  # a subhead or an interviewer's question: it states nothing
    return None


def _signed(content: str, result: Structure) -> None:
    table = rules()["agencies"]
    bare = content.strip("()[] .")
    if bare in rules()["nobody"]:
        return
    if not bare.startswith("Theo "):
        result.author = result.author or bare
    elif result.source is None:
        result.source = table.get(bare.removeprefix("Theo ").strip(" ."))


def _is_byline(content: str, count: int) -> bool:
    if count > 9 or re.search(r"\d", content):
        return False
    if content.startswith(tuple(rules()["byline_starts"])):
        return True
    bare = content.strip("()[] .")
    if bare in rules()["agencies"]:
        return True
    words = re.findall(r"[^\s/,–—-]+", bare.split("(")[0])
    return (
        1 < len(words) <= 8
        and all(re.match(rf"[{UPPER}]", word) for word in words)
        and not content.endswith(".")
    )
