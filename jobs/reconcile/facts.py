"""Facts of a sentence as a row of tokens: words, and mentions with normalised values that can be compared.

`15/1` and `15 tháng 1` become the same token, `Thủ tướng Phạm Minh Chính` a title and a person. Alignment of two
rows then tells which slots agree and which do not.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Literal

from jobs.records import Article, Mention, Record, Sentence

if TYPE_CHECKING:
    import datetime as dt

Slot = Literal["word", "figure", "date", "person", "title", "place", "negation"]
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


@cache
def _terms() -> object:
    from jobs.translate.glossary import load_glossary

    return load_glossary()


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
    from jobs.translate.glossary import TermBase
    from jobs.vietnamese import figures
    from jobs.vietnamese.names import names

    terms = _terms()
    assert isinstance(terms, TermBase)
    found: list[Token] = []
    for mention in figures(text, anchor):
        slot: Slot = "date" if mention.kind == "date" else "figure"
        key = mention.value if slot == "date" else f"{mention.value}|{mention.unit or ''}"
        found.append(_token(slot, f"{slot}:{key}", mention))
    for mention in names(text):
        found.append(_token("person", f"person:{mention.value}", mention))
    for mention in terms.find(text):
        if mention.role == "title":
            found.append(_token("title", f"title:{mention.value}", mention))
        elif mention.kind == "place":
            found.append(_token("place", f"place:{mention.value}", mention))
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


def _token(slot: Slot, key: str, mention: Mention) -> Token:
    return Token(slot=slot, key=key, text=mention.text, start=mention.start, end=mention.end, mention=mention)


@cache
def _compounds() -> re.Pattern[str]:
    from jobs.translate.checks import rules
    from jobs.vietnamese.spans import either

    return re.compile(rf"\b(?:{either(rules()['negation']['not_negation'])})\b", re.IGNORECASE)


def _without_compounds(text: str) -> str:
    return _compounds().sub(lambda match: " " * len(match[0]), text)
