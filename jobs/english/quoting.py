"""Quotation marks of one English sentence: straight, in pairs, close to what they quote.

Text and its Vietnamese source in, text out. A mark is dropped where the source quotes nothing, and closed at the end
where the source closes it there; a quotation that runs on into the next sentence is left open. Never fails.
"""

from __future__ import annotations

import re

_DOUBLE = "“”„‟«»″〝〞＂"
_SINGLE = "‘’‚‛′‹›"
_STRAIGHT = str.maketrans({**dict.fromkeys(_DOUBLE, '"'), **dict.fromkeys(_SINGLE, "'")})
_TYPED = re.compile(r"``|(?<!\w)''|''(?!\w)")
_REPEATED = re.compile(r'"(?:\s*")+')
_IN_MARKS = re.compile(r"[\"“«]([^\"“”«»]*)[\"”»]")
_END = re.compile(r"""^(.*?)([.!?…]*)$""", re.DOTALL)


def straighten(text: str) -> str:
    """Return `text` with straight quotation marks and apostrophes only."""
    return _TYPED.sub('"', text.translate(_STRAIGHT))


def in_both(vi: str, en: str) -> list[tuple[re.Match[str], re.Match[str]]]:
    """Return what stands in quotation marks (group 1) on both sides, in turn; nothing where one side quotes more."""
    left, right = list(_IN_MARKS.finditer(vi)), list(_IN_MARKS.finditer(en))
    return list(zip(left, right, strict=True)) if len(left) == len(right) else []


def mend_quotes(text: str, source: str) -> str:
    """Return `text`, whose quotes are straight, with its double quotes in pairs where that is certain."""
    if '"' not in text:
        return text
    text = _once(text)
    told = straighten(source)
    if text.count('"') % 2 and told.count('"') % 2 == 0:
        if '"' not in told and text.count('"') == 1 and not re.search(r'\d"', text):
            text = " ".join(text.replace('"', " ").split())
            return re.sub(r"\s+([,.;:!?)])", r"\1", text)
        if _opens(text) and re.search(r'"[.!?…\s]*$', told):
            body, marks = _END.fullmatch(text.rstrip()).groups()  # type: ignore[union-attr]
            text = f'{body}"{marks}'
    return _close_up(text) if text.count('"') % 2 == 0 else text


def _once(text: str) -> str:
    """Return `text` with doubled marks said once, at either end of what they quote."""
    return _REPEATED.sub(lambda match: '"' if " " not in match[0] else match[0], text)


def _opens(text: str) -> bool:
    """Return whether the last mark opens: it stands at the start or after a space and before a word."""
    at = text.rindex('"')
    return (at == 0 or text[at - 1] in " (:") and text[at + 1 : at + 2].strip() != ""


def _side(text: str, at: int) -> str | None:
    """Return whether the mark at `at` opens or closes by what stands beside it, or None where that does not tell."""
    before, after = text[at - 1 : at] if at else " ", text[at + 1 : at + 2] or " "
    left, right = before in " ([", after in " .,;:!?)]"
    if left == right:
        return None
    return "opens" if left else "closes"


def _close_up(text: str) -> str:
    """Return `text` with no space inside a pair of marks and one outside, next to words.

    Where the marks do not open and close in turn (a quotation within one, 21" as a size) they are not moved.
    """
    marks = [match.start() for match in re.finditer('"', text)]
    turns = ("opens", "closes")
    sides = [_side(text, at) for at in marks]
    if any(side not in (None, turns[place % 2]) for place, side in enumerate(sides)):
        return text
    if None not in sides:
        return text
    pieces = text.split('"')
    out = pieces[0]
    for place, piece in enumerate(pieces[1:], 1):
        if place % 2:
            gap = " " if re.search(r"[\w,;:.!?)]$", out) else ""
            out += f'{gap}"{piece.strip()}"'
        else:
            out += (" " if re.match(r"[\w(]", piece) else "") + piece
    return out
