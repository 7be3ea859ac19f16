"""Decoded input to working text: markup out, entities resolved, NFC, invisible characters removed and reported.

Every character of the working text knows where it stood in the input, so that a sentence can be traced to
the file it came from.
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass

# Zero-width, bidi controls, soft hyphen, variation selectors, tag characters, BOM inside text.
_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f"
    "\ufeff\U000e0000-\U000e0fff\ud800-\udfff"  # and half characters, which no file can hold
)
INVISIBLE = re.compile(rf"[{_INVISIBLE}]")
_TOKEN = re.compile(
    r"(?P<hidden><!--|<(?P<raw>script|style|noscript|template)\b)"
    r"|(?P<block></?(?:p|div|br|li|ul|ol|h[1-6]|tr|table|section|article|figure|figcaption|blockquote)\b[^<>]{0,2000}>)"
    r"|(?P<tag></?[a-zA-Z][a-zA-Z0-9]{0,12}(?:\s[^<>]{0,2000})?/?>)"
    r"|(?P<entity>&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});)"
    rf"|(?P<invisible>[{_INVISIBLE}])"
    r"|(?P<control>[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u0080-\u009f])"
    r"|(?P<newline>\r\n?|\n|\u2028|\u2029)"
    r"|(?P<space>[^\S\r\n\u2028\u2029]+)",
    re.DOTALL | re.IGNORECASE,
)
# A letter carries at most two marks in Vietnamese; normalising a long run of marks takes quadratic time, so runs
# are cut as in the Stream-Safe Text Format (UAX 15).
_LONGEST_CLUSTER = 31
# Letters that look like Vietnamese ones and are not: Icelandic eth for D with stroke.
_LOOKALIKES = {"\u00d0": "Đ", "\u0189": "Đ", "\u00f0": "đ"}


@dataclass(frozen=True)
class Working:
    """Cleaned text; `starts[i]` and `ends[i]` give the input span of character i; what was invisible, where."""

    text: str
    starts: list[int]
    ends: list[int]
    invisible: tuple[tuple[int, str], ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the input offsets of the working span [start, end)."""
        return self.starts[start], self.ends[end - 1]


def make_working(decoded: str) -> Working:
    """Return the working text of `decoded`; lines are kept, spaces within a line are single."""
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    invisible: list[tuple[int, str]] = []

    def put(text: str, begin: int, stop: int) -> None:
        for char in text:
            if char == " " and (not out or out[-1] in " \n"):
                continue
            if char == "\n":
                while out and out[-1] == " ":
                    out.pop(), starts.pop(), ends.pop()
            out.append(char)
            starts.append(begin)
            ends.append(stop)

    def put_plain(begin: int, stop: int) -> None:
        index = begin
        while index < stop:
            after = index + 1
            limit = min(stop, index + _LONGEST_CLUSTER)
            while after < limit and unicodedata.combining(decoded[after]):
                after += 1
            cluster = decoded[index:after]
            if cluster in _LOOKALIKES:
                cluster = _LOOKALIKES[cluster]
            elif not cluster.isascii():
                cluster = unicodedata.normalize("NFC", cluster)
            put(cluster, index, after)
            index = after

    at = 0
    unclosed: set[str] = set()
    while match := _TOKEN.search(decoded, at):
        put_plain(at, match.start())
        begin, at = match.span()
        if match["hidden"]:
            at = _hidden_end(decoded, match, unclosed)
        elif match["block"] or match["newline"]:
            put("\n", begin, at)
        elif match["entity"]:
            char = html.unescape(match[0])
            if INVISIBLE.fullmatch(char):
                invisible.append((len(out), char))
            elif char != match[0]:
                put(" " if char.isspace() else char, begin, at)
            else:
                put_plain(begin, at)
        elif match["invisible"]:
            invisible.append((len(out), match[0]))
        elif match["space"] or match["control"]:
            put(" ", begin, at)
    put_plain(at, len(decoded))
    return Working("".join(out), starts, ends, tuple(invisible))


def _hidden_end(decoded: str, match: re.Match[str], unclosed: set[str]) -> int:
    """Return where the comment or script that begins at `match` ends; `unclosed` remembers vain searches."""
    closer = "-->" if match["raw"] is None else f"</{match['raw'].lower()}"
    if closer not in unclosed:
        rest = r"[^<>]{0,20}>?" if match["raw"] else ""
        close = re.compile(re.escape(closer) + rest, re.IGNORECASE).search(decoded, match.end())
        if close:
            return close.end()
        unclosed.add(closer)
    # Never closed: only the mark itself is dropped, the text after it stays.
    tag = re.compile(r"[^<>]{0,2000}>").match(decoded, match.end()) if match["raw"] else None
    return tag.end() if tag else match.end()


def name_characters(characters: list[str]) -> str:
    """Return the code points of `characters`, each once, as `U+200B ZERO WIDTH SPACE`; at most twelve."""
    each = list(dict.fromkeys(characters))
    names = [f"U+{ord(char):04X} {unicodedata.name(char, 'CONTROL')}" for char in each[:12]]
    return ", ".join(names) + (f" and {len(each) - 12} more kinds" if len(each) > 12 else "")
