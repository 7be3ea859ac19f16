"""Working text to lines with roles, and the metadata that press text carries in its body.

Recovered: a leading `date 2026-01-14` glued to the first words, header lines (`Nguồn: ...`), a first line that is
a headline, datelines such as `(VGP) -`, bylines, captions and credits also where they are glued to a
sentence. Subheads count as boilerplate: they state nothing.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jobs.records import Role

_DATA = Path(__file__).resolve().parent / "press.toml"
_UP = "A-ZĐÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ"
_SYLLABLE = re.compile(r"\w+")
_LEADING_DATE = re.compile(r"\s*date[:\s]\s*(\d{4}-\d{2}-\d{2})(?:T[\d:.+Z-]*)?\s*", re.IGNORECASE)
_HEADER = re.compile(
    r"(date|ngày đăng|ngày|nguồn|source|tác giả|author|url|link|title|tiêu đề)\s*:\s*(\S.{0,300})", re.IGNORECASE
)
_FINAL = re.compile(r"[.!?…][\"'”’»)\]]*$|\./\.$|:$")
_CLOCK = r"(?:\d{1,2}(?::|h|g)\d{0,2})"
_PUBLISHED = re.compile(
    rf"(?:(?:thứ\s+\w+|chủ nhật)[,\s]+)?(?:ngày\s+)?(?:{_CLOCK}[,|\s-]*)?(?:ngày\s+)?(\d{{1,2}})[/.-](\d{{1,2}})[/.-](\d{{4}})"
    rf"[,|\s-]*(?:{_CLOCK}(?::\d\d)?)?\s*(?:\(?GMT\s*\+?\d+\)?)?\s*(?:AM|PM)?",
    re.IGNORECASE,
)


@dataclass
class Line:
    """A stretch [start, end) of the working text with its role; role None: sentences are still to be told."""

    start: int
    end: int
    role: Role | None = None
    final: bool = True


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
def rules() -> dict[str, Any]:
    """Return the press rules as data."""
    return tomllib.loads(_DATA.read_text(encoding="utf-8"))


@cache
def _credit() -> re.Pattern[str]:
    words = "|".join(re.escape(word) for word in sorted(rules()["credit_words"], key=lambda w: (-len(w), w)))
    capitals = rf"[{_UP}][{_UP}\d.]+"
    return re.compile(
        rf"[\s(\[–—-]*(?:{words})\s*:\s*(?:{capitals}(?:[\s/-]+{capitals})*(?:/[^\n.,]{{2,30}})?|[^\n]{{1,60}}?)[)\]]*(?=\s*$|\s+[{_UP}][^{_UP}\s])"
    )


@cache
def _dateline() -> re.Pattern[str]:
    names = "|".join(re.escape(name) for name in sorted(rules()["agencies"], key=lambda n: (-len(n), n)))
    return re.compile(
        rf"(?:(?:[{_UP}][\w.]*\s?){{1,4}},?\s*(?:ngày\s*\d{{1,2}}[/-]\d{{1,2}}\s*)?)?\((?P<a>{names})\)\s*[-–—:]?\s*"
        rf"|(?P<b>{names})\s*[-–—]\s+",
    )


def syllables(text: str) -> int:
    """Return the number of syllables of `text`."""
    return len(_SYLLABLE.findall(text))


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
            lines += _credits(text, begin, end)
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


def _credits(text: str, start: int, end: int) -> list[Line]:
    """Split a line at glued credits; the sentence before a credit is its caption."""
    from jobs.ingest.segment import sentences

    lines: list[Line] = []
    at = start
    for match in _credit().finditer(text, start, end):
        stop = min(match.end(), end)
        before = [(at + a, at + b) for a, b in sentences(text[at : match.start()])]
        if before:
            # A finished sentence before the credit is text; the unfinished one is the caption.
            last = before[-1]
            glued = not _FINAL.search(text[last[0] : last[1]]) or len(before) == 1
            keep = before[:-1] if glued else before
            if keep:
                lines.append(Line(keep[0][0], keep[-1][1]))
            lines.append(Line(last[0] if glued else match.start(), stop, "caption"))
        else:
            lines.append(Line(match.start(), stop, "caption"))
        at = stop
    while at < end and text[at] == " ":
        at += 1
    if at < end:
        lines.append(Line(at, end))
    return lines


def _metadata(text: str, lines: list[Line], result: Structure) -> None:
    """Take header lines and publication lines out of the first and last lines."""
    for line in [*lines[:8], *lines[-3:]]:
        if line.role is not None:
            continue
        content = text[line.start : line.end].strip()
        if (match := _HEADER.fullmatch(content)) and syllables(content) <= 30:
            _header(match, result)
            line.role = "dateline"
        elif (match := _PUBLISHED.fullmatch(content)) is not None:
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
    if 3 <= syllables(content) <= 32 and not _FINAL.search(content) and longer > first.end - first.start:
        first.role = "title"
        result.title = content


def _datelines(text: str, lines: list[Line], result: Structure) -> None:
    for index, line in enumerate(lines):
        if line.role is not None:
            continue
        match = _dateline().match(text, line.start, line.end)
        if match and match.end() < line.end:
            name = match["a"] or match["b"]
            result.source = result.source or rules()["agencies"][name]
            lines[index : index + 1] = [Line(line.start, match.end(), "dateline"), Line(match.end(), line.end)]
        return


def _classify(text: str, lines: list[Line], result: Structure) -> None:
    table = rules()
    waiting = [line for line in lines if line.role is None]
    last = waiting[-3:]
    for line in waiting:
        content = text[line.start : line.end].strip()
        count = syllables(content)
        final = bool(_FINAL.search(content))
        line.final = final
        if count == 0:
            line.role = "boilerplate"
        elif content.startswith(tuple(table["boilerplate_starts"])) and count <= 40:
            line.role = "boilerplate"
        elif any(verb in content for verb in table["always_caption_verbs"]) and count <= 30:
            line.role = "caption"
        elif content.startswith(tuple(table["caption_starts"])) and count <= 30:
            line.role = "caption"
        elif line in last and _is_byline(content, count):
            line.role = "byline"
            if not content.startswith("Theo ") and result.author is None:
                result.author = content.strip("() ")
            elif result.source is None and content.startswith("Theo "):
                result.source = table["agencies"].get(content.removeprefix("Theo ").strip(" ."), None)
        elif not final and count <= 22:
            line.role = "caption" if _caption_like(content) and count > 8 else "boilerplate"
    body = [line for line in lines if line.role is None]
    for line in body[1:]:
        content = text[line.start : line.end].strip()
        if syllables(content) <= 40 and _caption_like(content) and _told_elsewhere(text, line, body):
            line.role = "caption"


def _is_byline(content: str, count: int) -> bool:
    if count > 9 or re.search(r"\d", content):
        return False
    if content.startswith(tuple(rules()["byline_starts"])):
        return True
    bare = content.strip("()[] .")
    if bare in rules()["agencies"]:
        return True
    words = re.findall(r"[^\s/,–—-]+", bare.split("(")[0])
    return 1 < len(words) <= 8 and all(re.match(rf"[{_UP}]", word) for word in words) and not content.endswith(".")


def _caption_like(content: str) -> bool:
    verbs = "|".join(re.escape(verb) for verb in rules()["caption_verbs"])
    if ";" in content or '"' in content or "“" in content or ":" in content or re.search(r"\d[\d.,]*\s*%", content):
        return False
    match = re.search(rf"\b(?:{verbs})\b", content)
    return bool(match and content[0].isupper() and syllables(content[: match.start()]) <= 14)


def _told_elsewhere(text: str, line: Line, body: list[Line]) -> bool:
    """Return whether one other sentence says nearly all of this one: what a caption under a photo does."""
    from jobs.ingest.segment import sentences

    def pairs(content: str) -> set[tuple[str, str]]:
        items = [item.lower() for item in _SYLLABLE.findall(content)]
        return set(zip(items, items[1:], strict=False))

    content = text[line.start : line.end]
    if len(sentences(content)) != 1:
        return False
    own = pairs(content)
    # 0.7 of the syllable pairs: captions of press photos repeat the lead's words, statements do not.
    return any(
        len(own & pairs(other_text[a:b])) >= 0.7 * len(own)
        for other in body
        if other is not line
        for other_text in [text[other.start : other.end]]
        for a, b in sentences(other_text)
    )
