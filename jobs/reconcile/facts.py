"""Facts of a sentence as a row of tokens: words, and mentions with normalised values that can be compared.

`15/1` and `15 tháng 1` become the same token, `Thủ tướng Phạm Minh Chính` a title and a person. Comparing the tokens
of two sentences then tells which slots agree and which do not.
"""

from __future__ import annotations

import itertools
import re
from functools import cache
from typing import TYPE_CHECKING, Literal

from jobs.reconcile.background import weight
from jobs.reconcile.places import place_key, places, term_base
from jobs.records import Article, Mention, Record, Sentence
from jobs.vietnamese.names import UPPER

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

Slot = Literal["word", "figure", "date", "person", "title", "place", "name", "negation"]
_WORD = re.compile(r"\w+")
_NEGATIONS = frozenset({"không", "chưa", "chẳng", "đừng"})


class Token(Record):
    """One slot: `key` is compared, `text` is shown; figures carry their mention."""

    slot: Slot
    key: str
    text: str
    start: int
    end: int
    mention: Mention | None = None


class Statement(Record):
    """A sentence of an article with its facts."""

    article: str
    n: int
    text: str
    role: str
    tokens: tuple[Token, ...]

    @property
    def place(self) -> tuple[str, int]:
        """Return (article id, sentence number)."""
        return self.article, self.n

    def keys(self) -> list[str]:
        """Return the comparison keys in order."""
        return [token.key for token in self.tokens]


def statement(article: Article, sentence: Sentence) -> Statement:
    """Return `sentence` with its facts; dates are anchored to the article's date."""
    return Statement(
        article=article.id,
        n=sentence.n,
        text=sentence.text,
        role=sentence.role,
        tokens=tokens(sentence.text, article.date),
    )


def tokens(text: str, anchor: dt.date | None = None) -> tuple[Token, ...]:
    """Return the slots of `text` in order; every word belongs to exactly one."""
    from jobs.vietnamese import figures
    from jobs.vietnamese.names import names

    found: list[Token] = []
    for mention in _explicit(text, figures(text, anchor)):
        slot: Slot = "date" if mention.kind == "date" else "figure"
        key = mention.value if slot == "date" else f"{mention.value}|{mention.unit or ''}"
        found.append(_token(slot, f"{slot}:{key}", mention))
    found += [_token("person", f"person:{mention.value}", mention) for mention in names(text)]
    found += _titles(text)
    found += [_token("place", f"place:{place_key(mention.value)}", mention) for mention in places(text)]
    for mention in term_base().find(text):
        if mention.kind == "body":
            found.append(_token("name", f"name:{mention.value}", mention))
    found += _capitals(text)
    kept: list[Token] = []
    for token in found:
        if all(token.end <= other.start or token.start >= other.end for other in kept):
            kept.append(token)
    covered = [(token.start, token.end) for token in kept]
    negation = _without_compounds(text)
    for match in _WORD.finditer(text):
        if any(start < match.end() and match.start() < end for start, end in covered):
            continue
        word = match[0].lower()
        negates = word in _NEGATIONS and negation[match.start() : match.end()].lower() == word
        kept.append(
            Token(
                slot="negation" if negates else "word",
                key="negation" if negates else word,
                text=match[0],
                start=match.start(),
                end=match.end(),
            )
        )
    return tuple(sorted(kept, key=lambda token: token.start))


_APPOSED = re.compile(r"[\s,(]*(?:ngày|tức|tức là)?[\s(]*")


def _explicit(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """Leave out `hôm nay` before `(15/1)`: the day that is spelled out is what the sentence says."""
    return [
        item
        for item, following in itertools.zip_longest(mentions, mentions[1:])
        if not (
            item.kind == "date"
            and following is not None
            and following.kind == "date"
            and not any(char.isdigit() for char in item.text)
            and any(char.isdigit() for char in following.text)
            and _APPOSED.fullmatch(text, item.end, following.start)
        )
    ]


@cache
def _title_pattern() -> re.Pattern[str]:
    from jobs.vietnamese.names import rules
    from jobs.vietnamese.spans import either

    heads = {title for title in rules()["titles"] if len(title) > 3}
    heads |= {entry.vi for entry in term_base().entries.values() if entry.kind == "title"}
    before = r"(?P<former>(?:[Nn]guyên|[Cc]ựu|[Qq]uyền)\s+)?"
    return re.compile(rf"(?<!\w){before}(?i:{either(heads)})(?!\w)")


def _titles(text: str) -> list[Token]:
    found = []
    for match in _title_pattern().finditer(text):
        key = "title:" + " ".join(match[0].lower().split())
        found.append(Token(slot="title", key=key, text=match[0], start=match.start(), end=match.end()))
    return found


_CAPITALS = re.compile(rf"[{UPPER}][\w’'-]*(?:\s+[{UPPER}][\w’'-]*)*")
_OPENING = re.compile(r"(?:^|[.!?:…]\s+|[\"“(])\s*$")
# A word that press text uses this often in lower case is no name just because it opens a sentence.
_COMMON = 7.0
_LONGEST_ACRONYM = 4  # "HLV Mourinho", "TP Huế": the acronym is no part of the name


def _capitals(text: str) -> list[Token]:
    """Return runs of capitalised words as names; an everyday word that opens a sentence is left out of its run."""
    found = []
    for match in _CAPITALS.finditer(text):
        start, run = match.start(), match[0]
        first, _, rest = run.partition(" ")
        if _OPENING.search(text[:start]) and weight(first.lower()) < _COMMON:
            if not rest.strip():
                continue
            start = match.end() - len(rest.lstrip())
            run = rest.lstrip()
        if " " not in run and not run.isupper() and weight(run.lower()) < _COMMON:
            continue
        first, _, rest = run.partition(" ")
        if first.isupper() and rest and len(first) <= _LONGEST_ACRONYM:
            start += len(run) - len(rest.lstrip())
            run = rest.lstrip()
        key = "name:" + " ".join(run.lower().split())
        found.append(Token(slot="name", key=key, text=run, start=start, end=match.end()))
    return found


def _token(slot: Slot, key: str, mention: Mention) -> Token:
    return Token(slot=slot, key=key, text=mention.text, start=mention.start, end=mention.end, mention=mention)


@cache
def _compounds() -> re.Pattern[str]:
    from jobs.translate.checkrules import rules
    from jobs.vietnamese.spans import either

    return re.compile(rf"\b(?:{either(rules()['negation']['not_negation'])})\b", re.IGNORECASE)


def _without_compounds(text: str) -> str:
    return _compounds().sub(lambda match: " " * len(match[0]), text)
