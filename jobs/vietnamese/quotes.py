"""Who said what: the sentences of one article in, direct and reported speech with speaker and role out."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from jobs.records import Record
from jobs.vietnamese.names import names
from jobs.vietnamese.roster import Roster
from jobs.vietnamese.spans import either

if TYPE_CHECKING:
    from collections.abc import Sequence

_DATA = Path(__file__).resolve().parent / "quotes.toml"
_QUOTED = re.compile(r"[\"“”«]([^\"“”«»]{25,})(?:[\"”»]|$)")
# Quotation marks also set off titles and slogans; a clause of speech has at least this many syllables.
_MIN_DIRECT = 8


class Speech(Record):
    """One stretch of speech: sentence indexes from 0, its speaker (folded key and English name) and role."""

    sentences: tuple[int, ...]
    speaker: str
    speaker_en: str
    role_vi: str | None
    verb_vi: str
    verb_en: str
    direct: bool
    content: str


@cache
def verbs() -> dict[str, str]:
    """Return the verbs of saying with their English."""
    table: dict[str, str] = tomllib.loads(_DATA.read_text(encoding="utf-8"))["verbs"]
    return table


@cache
def saying_verbs() -> str:
    """Return an alternation of the verbs of saying, longest first."""
    return either(verbs())


@cache
def _verb() -> re.Pattern[str]:
    return re.compile(rf"\b(?P<verb>{saying_verbs()})\b(?:\s+thêm\b)?(?P<mark>\s*(?:rằng\b|:|,)?)")


@cache
def _according() -> re.Pattern[str]:
    return re.compile(r"^(?:Theo|Cũng theo)\s+(?P<who>[^,]{3,90}),\s*")


def speeches(texts: Sequence[str]) -> tuple[Speech, ...]:
    """Return the speech of one article; `texts` are its sentences in order."""
    roster = Roster(texts)
    result: list[Speech] = []
    open_quote: tuple[int, str] | None = None  # index and text of a quotation that is still open
    for index, text in enumerate(texts):
        # Who spoke in the sentence before is whom a pronoun means.
        before_key = result[-1].speaker if result and result[-1].sentences[-1] == index - 1 else None
        speaker = _speaker(text, roster, before_key)
        if open_quote is not None:
            begin, before = open_quote
            closes = re.search(r"[\"”»]", text)
            if closes:
                open_quote = None
                if speaker is None or '"' in text[: closes.end()]:
                    tail = text[closes.end() :]
                    speaker = _speaker(tail, roster) or speaker or _speaker(before, roster)
                if speaker:
                    content = f"{before} {text}"
                    result.append(
                        _speech(tuple(range(begin, index + 1)), speaker, content, roster, direct=True)
                    )
                continue
            continue
        quoted = _QUOTED.search(text)
        marks = len(re.findall(r"[\"“”«»]", text))
        if quoted and marks % 2 and text.rstrip()[-1] not in '"”»':
            open_quote = (index, text)
            continue
        if quoted and len(quoted[1].split()) >= _MIN_DIRECT:
            speaker = speaker or _neighbour(texts, index, roster)
            if speaker is not None:
                direct = _speech_like(text, quoted)
                result.append(
                    _speech((index,), speaker, quoted[1] if direct else text, roster, direct=direct)
                )
            continue
        if speaker is not None:
            result.append(_speech((index,), speaker, text, roster, direct=False))
    return tuple(result)


def _speech_like(text: str, quoted: re.Match[str]) -> bool:
    """Return whether the quoted words are speech: after a colon, or at the head of the sentence, or most of it."""
    before = text[: quoted.start()].rstrip()
    return before.endswith(":") or not before or len(quoted[1]) > 0.6 * len(text)


Said = tuple[str, str]  # key of the speaker, verb


_PRONOUN = re.compile(r"(?:^|,\s*)(?:[Ôô]ng|[Bb]à)(?:\s+(?:cũng|đã|còn|tiếp tục|sau đó))*\s*$")
_BY_PRONOUN = re.compile(r"(?:Theo|Cũng theo) (?:ông|bà),")


def _speaker(text: str, roster: Roster, before: str | None = None) -> Said | None:
    """Return who says something in `text`, outside quotation marks, and with which verb; a pronoun means `before`."""
    bare = re.sub(r"[\"“«][^\"“”«»]*[\"”»]?", lambda match: " " * len(match[0]), text)
    if match := _according().match(bare):
        key = _person(match["who"], roster)
        if key:
            return key, "cho biết"
    if before and _BY_PRONOUN.match(bare):
        return before, "cho biết"
    for match in _verb().finditer(bare):
        if re.search(
            r"\b(?:và|các|những|sự|lời|với|của|một|có|về|theo)\s+$", bare[: match.start()], re.IGNORECASE
        ):
            continue
        if match["verb"] in _WEAK and not match["mark"].strip().startswith(("rằng", ":")):
            closes = match.end() >= len(bare.rstrip(" ."))
            if not closes:
                continue
        key = _person(bare[: match.start()], roster)
        if key is None and before and _PRONOUN.search(bare[: match.start()]):
            key = before
        if key:
            return key, match["verb"]
    return None


# These are as often acts or nouns: speech only before "rằng" or a colon, or at the sentence's end.
_WEAK = frozenset(
    {"phát biểu", "chỉ đạo", "thông tin", "báo cáo", "trả lời", "viết", "bổ sung", "nói", "chia sẻ", "kể"}
)
# Between the speaker and the verb: an apposition ("- Phó Tổng Thư ký, ...,"), and a few words ("cũng", "đã").
_GAP = re.compile(r"\s*(?:[-–,(][^\"“”]{0,170}?(?:[,)]\s*|$))?(?:\w+\s*){0,4}")


def _person(text: str, roster: Roster) -> str | None:
    """Return the person just before a verb: a name, a pronoun with a name, or a title that is unique here."""
    begin = max((match.end() for match in re.finditer(r"[;.]\s", text)), default=0)
    clause = text[begin:]
    for mention in reversed(names(clause)):
        key = roster.resolve(mention.value)
        if key:
            return key if _GAP.fullmatch(clause[mention.end :]) else _titled(clause[mention.end :], roster)
    return _titled(clause, roster)


def _titled(clause: str, roster: Roster) -> str | None:
    """Return the person meant by a bare title at the end of `clause` ("Thủ tướng", "Tổng Thư ký ASEAN")."""
    tail = " ".join(clause.split()[-9:])
    return roster.by_role(tail) if tail else None


def _neighbour(texts: Sequence[str], index: int, roster: Roster) -> Said | None:
    """A quotation without a speaker belongs to the one named just before it with a colon, or just after it."""
    if index and re.search(r":\s*$", texts[index - 1]):
        return _speaker(texts[index - 1], roster)
    if index + 1 < len(texts) and not _QUOTED.search(texts[index + 1]):
        following = texts[index + 1]
        if len(following.split()) <= 14:
            return _speaker(following, roster)
    return None


def _speech(sentences: tuple[int, ...], said: Said, content: str, roster: Roster, *, direct: bool) -> Speech:
    key, verb = said
    roles = roster.roles(key)
    return Speech(
        sentences=sentences,
        speaker=key,
        speaker_en=roster.name(key),
        role_vi=roles[0] if roles else None,
        verb_vi=verb,
        verb_en=verbs()[verb],
        direct=direct,
        content=content.strip(),
    )
