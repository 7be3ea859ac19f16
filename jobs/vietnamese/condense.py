"""Statements that stand alone: a Vietnamese press sentence in, the statement that a brief can print out.

Openings that lean on the sentence before go, a subject that is only a pronoun or a bare title gets its name, and a
long sentence loses the clauses that merely add to it (purpose, consequence, comment). Nothing is cut inside
quotation marks, no clause that limits or turns the statement, and no word is put in but the subject's name.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jobs.vietnamese.names import UPPER, names
from jobs.vietnamese.spans import either

if TYPE_CHECKING:
    from collections.abc import Sequence

_DATA = Path(__file__).resolve().parent / "condense.toml"
_WORD = re.compile(r"\w+")
_GLOSS = re.compile(r"\s*\((?=[^()]*\w\s+[^()]*\w)[^()\d]*\)")
_ADVERBS = re.compile(r"(?:\s+(?:cũng|đã|còn|tiếp tục|đồng thời|nêu|vừa|luôn))*\s*$")
# A gloss in another language alone, which may hold a year: "(ASEAN Digital Masterplan 2030)".
_FOREIGN = re.compile(r"\s*\((?=[^()]*[A-Za-z]{2}\s+[^()]*[A-Za-z]{2})[A-Za-z0-9 '’&.,/-]+\)")
LONG = 30  # syllables; a sentence of press agencies has 25 to 30, and an English one of 20 to 25 words reads at once
_PIECE = 3  # syllables: less is a word set off within the speech, or a mark
_LEAST = 10  # syllables that a main clause has at least


@cache
def rules() -> dict[str, Any]:
    """Return the tables of condense.toml."""
    return tomllib.loads(_DATA.read_text(encoding="utf-8"))


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    table = rules()
    return {
        "opener": re.compile(rf"(?:{either(table['openers'])})(?:\s+(?:này|trên))?\s*,\s*", re.IGNORECASE),
        "adding": re.compile(
            rf"[,;]\s+(?=(?:{either(table['adding'])})\b)|;\s+|,?\s+(?=(?:{either(table['attendance'])})\b)"
        ),
        "scene": re.compile(rf"(?:{either(table['scenes'])})\s[^,;:\"“”]+,\s+"),
        "turning": re.compile(rf"\b(?:{either(table['turning'])})\b", re.IGNORECASE),
        "subordinate": re.compile(rf"(?:{either(table['subordinate'])})\b"),
        "pronoun": re.compile(rf"(?:Ông|Bà)(?=\s+[^\W\d_{UPPER}])"),
        "leaning": re.compile(
            rf"(?:{either(table['leaning'])}|Những (?:\w+ ){{1,3}}này|(?:Ông|Bà|Anh|Chị)(?=\s+[^\W\d_{UPPER}]))(?!\w)"
        ),
        "states": re.compile(rf"\b(?:{either(table['states'])})\b"),
    }


def condense(text: str, *, subject: str | None = None, verb: str | None = None, longest: int = LONG) -> str:
    """Return the statement of `text`, of at most `longest` syllables where clauses can be cut.

    `subject` is the name of who speaks or acts, `verb` the verb of saying before which it belongs.
    """
    text = _opened(text)
    if subject:
        text = _named(text, subject, verb)
        # `also` joins the statement to one that may not be printed before it.
        text = re.sub(rf"({re.escape(subject)}) cũng (?!như\b)", r"\1 ", text)
    text = " ".join(_FOREIGN.sub("", _GLOSS.sub("", text)).split())
    text = re.sub(r"\s+([,.;:])", r"\1", text)
    return _cut(_framed(text, longest), longest)


def leans(text: str) -> bool:
    """Return whether `text` opens by pointing back: at a sentence, or at somebody whom it does not name."""
    return bool(_patterns()["leaning"].match(text))


def spoken(text: str, verb: str) -> str | None:
    """Return what is said in a sentence of reported speech, without its attribution; None where it cannot be parted."""
    if match := re.match(r"(?:Theo|Cũng theo)\s+[^,]{3,90},\s+", text):
        return capital(text[match.end() :])
    marked = re.search(rf"\b{re.escape(verb)}\b\s*(?:rằng\b,?|[,:])\s+", text)
    if marked is None and verb in rules()["states"]:
        marked = re.search(rf"\b{re.escape(verb)}\b\s+(?=\w)", text)
    if marked is None or _inside_quotes(text, marked.start()):
        return None
    rest = text[marked.end() :]
    return capital(rest) if len(_WORD.findall(rest)) >= 6 else None


def quoted(texts: Sequence[str]) -> tuple[str, ...]:
    """Return the words in quotation marks of the sentences `texts` of one quotation, a piece a sentence; () if torn."""
    pieces, inside = [], False
    for text in texts:
        parts = re.split(r"[\"“”«»]", text)
        mine = [part.strip() for index, part in enumerate(parts) if (index % 2 == 1) != inside]
        inside = inside != (len(parts) % 2 == 0)
        piece = " ".join(part for part in mine if len(_WORD.findall(part)) >= _PIECE)
        if piece:
            pieces.append(capital(piece.rstrip(" ,;")))
    return () if inside else tuple(pieces)


def _opened(text: str) -> str:
    for _ in range(2):
        match = _patterns()["opener"].match(text)
        if match is None:
            break
        text = capital(text[match.end() :])
    return text


def capital(text: str) -> str:
    """Return `text`, of either language, with its first letter in upper case."""
    return text[:1].upper() + text[1:]


def _named(text: str, subject: str, verb: str | None) -> str:
    """Put the name behind a pronoun or a bare title that is the subject of `text`."""
    if match := re.match(r"(?:Theo|Cũng theo) (?:ông|bà)(?=,)", text):
        return f"{text[: match.end()]} {subject}{text[match.end() :]}"
    if match := _patterns()["pronoun"].match(text):
        return f"{text[: match.end()]} {subject}{text[match.end() :]}"
    if verb is None:
        return text
    found = re.search(rf"\b{re.escape(verb)}\b", text)
    if found is None or _inside_quotes(text, found.start()):
        return text
    before = text[: found.start()]
    if names(before) or "," in before or len(_WORD.findall(before)) > 9:
        return text
    adverbs = _ADVERBS.search(before)
    place = adverbs.start() if adverbs else len(before.rstrip())
    return f"{before[:place]} {subject}{before[place:].rstrip()} {text[found.start() :]}"


def _framed(text: str, longest: int) -> str:
    """Return a long statement without the frame that it opens with."""
    scene = _patterns()["scene"].match(text)
    if scene is None or len(_WORD.findall(text)) <= longest:
        return text
    rest = text[scene.end() :]
    return text if len(_WORD.findall(rest)) < _LEAST or leans(capital(rest)) else capital(rest)


def _cut(text: str, longest: int) -> str:
    if len(_WORD.findall(text)) <= longest:
        return text
    late = 0
    if _patterns()["subordinate"].match(text):
        comma = re.search(r",\s+", text)
        if comma is None:
            return text
        late = comma.end()
    best: str | None = None
    attendance = tuple(rules()["attendance"])
    for match in _patterns()["adding"].finditer(text):
        kept, gone = text[: match.start()], text[match.end() :]
        if len(_WORD.findall(kept[late:])) < _LEAST or _inside_quotes(text, match.start()):
            continue
        if kept.count("(") != kept.count(")") or _turns(gone):
            continue
        if gone.startswith(attendance) and names(gone):
            continue  # who is named may be the news
        if best is not None and len(_WORD.findall(kept)) > longest:
            break
        best = kept
    return text if best is None else best.rstrip(" ,;:") + "."


def _turns(clause: str) -> bool:
    """Return whether `clause` limits, turns or denies something: then the rest is not the statement."""
    from jobs.translate.negation import negations

    return bool(_patterns()["turning"].search(clause)) or negations(clause) > 0


def _inside_quotes(text: str, place: int) -> bool:
    before = text[:place]
    return before.count('"') % 2 == 1 or before.count("“") > before.count("”")
