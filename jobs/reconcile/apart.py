"""Two values of one kind in, whether something beside them says that they answer two questions out. Pure.

How alike the sentences are is weighed elsewhere (`evidence`); here stand the marks that settle the matter: another
period, another thing counted, a place within the other one, a by-line.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from jobs.reconcile.around import Around
from jobs.reconcile.features import one_bearer
from jobs.reconcile.kinds import SAME_SENTENCE, same_title
from jobs.reconcile.places import head_before, is_region, within
from jobs.reconcile.profiles import NAMES, kind_of

if TYPE_CHECKING:
    from jobs.reconcile.facts import Statement, Token

# What is named after the city that it serves, or by a name of its own.
_FACILITIES = frozenset({"sân bay", "ga", "cảng", "sân vận động", "sân", "cửa khẩu"})
_LOOSE = 0.45  # likeness of sentences below which they may tell of two places, one within the other
_NUMERALS = {
    "1": "một", "2": "hai", "3": "ba", "4": "bốn", "5": "năm", "6": "sáu", "7": "bảy", "8": "tám", "9": "chín",
    "10": "mười",
}  # fmt: skip
_BACK = frozenset({"trên", "này", "đó", "ấy"})  # "2 vụ tấn công trên": those told of before
_EACH = frozenset({"mỗi", "từng"})
_NEAR = 4  # tokens
_ROW, _SAME_WORDS = 2, 2  # figures of one kind more than in the other sentence; tokens in a row
_STRETCHES = frozenset({"day", "week", "month", "year"})
_UNFINISHED = re.compile(r"[\s\d|]*")
_LINKS = frozenset({
    "của", "do", "và", "với", "là", "ông", "bà", "anh", "chị", "em", "cho", "từ", "theo", "ở", "cùng",
    "bởi", "cô", "gặp", "tiếp", "thăm", "về", "tại", "vì", "gọi", "tên", "thắng", "thua",
})  # fmt: skip


def apart(one: Statement, i: int, other: Statement, j: int, alike: float) -> bool:
    """Return whether token `i` of `one` and token `j` of `other` cannot stand for one slot."""
    mine, theirs = one.tokens[i], other.tokens[j]
    if mine.slot == "title":
        return _borne_too(one, i, other) or _borne_too(other, j, one)
    if mine.slot in NAMES:
        return _signed(one, i) or _signed(other, j) or _of_two_kinds(one, i, other, j, alike)
    if mine.slot != "figure":
        return False
    if _torn(one, mine, theirs) or _torn(other, theirs, mine):
        return True
    if _without_unit(mine, other) or _without_unit(theirs, one) or _other_count(one, i, other, j):
        return True
    if _in_words(one, i, other) or _in_words(other, j, one):
        return True
    return alike < SAME_SENTENCE and (
        _each(one, i, other)
        or _each(other, j, one)
        or _points_back(one, i) != _points_back(other, j)
        or (_unit(mine) not in _STRETCHES and _other_period(one, other))
        or _one_of_a_row(one, i, other, j)
        or _other_things(one, i, other, j)
    )


def _borne_too(one: Statement, i: int, other: Statement) -> bool:
    """Return whether the other sentence gives its bearer the title as well, in a longer or a shorter form."""
    for at, token in enumerate(other.tokens):
        if token.slot != "title" or not same_title(one.tokens[i], token):
            continue
        if at and other.tokens[at - 1].key == "phủ":
            continue  # "tại Phủ Chủ tịch"
        bearer = one_bearer(one, i, other, at)
        if bearer or (bearer is None and _share_a_person(one, other)):
            return True
    return False


def _share_a_person(one: Statement, other: Statement) -> bool:
    persons = [{token.key for token in item.tokens if token.slot == "person"} for item in (one, other)]
    return bool(persons[0] & persons[1])


def _signed(item: Statement, at: int) -> bool:
    """Return whether a name is that of the writer, glued to the end of a headline: nothing ties it to the sentence."""
    token = item.tokens[at]
    if token.slot == "place" or not at or not _UNFINISHED.fullmatch(item.text, token.end):
        return False
    before = item.tokens[at - 1]
    return (
        before.slot == "word" and before.key not in _LINKS and item.text[before.end : token.start].isspace()
    )


def _of_two_kinds(one: Statement, i: int, other: Statement, j: int, alike: float) -> bool:
    """Return whether one of two places may lie in the other: a country in its region, an airport in its city."""
    mine, theirs = one.tokens[i], other.tokens[j]
    if "place" not in (mine.slot, theirs.slot):
        return False
    for here, there in ((mine, theirs), (theirs, mine)):
        if is_region(here.text) and not is_region(there.text):
            return True
        if within(here.text, there.text) and (alike < _LOOSE or not _framed(one, i, other, j)):
            return True
    if _people(one, mine) != _people(other, theirs):
        return True
    heads = head_before(one.text, mine.start), head_before(other.text, theirs.start)
    return (heads[0] in _FACILITIES) != (heads[1] in _FACILITIES)


def _framed(one: Statement, i: int, other: Statement, j: int) -> bool:
    """Return whether the same word stands before or after both."""
    return any(
        0 <= i + step < len(one.tokens)
        and 0 <= j + step < len(other.tokens)
        and one.tokens[i + step].key == other.tokens[j + step].key
        for step in (-1, 1)
    )


def _people(item: Statement, token: Token) -> bool:
    """Return whether `người` before a country makes it a nationality."""
    return item.text[: token.start].rstrip().lower().endswith("người")


def _torn(item: Statement, token: Token, theirs: Token) -> bool:
    """Return whether a space tore the figure: "201 2" is what the other sentence gives as 2012."""
    left = re.search(r"(\d+)\s$", item.text[: token.start])
    right = re.match(r"\s(\d+)(?!\w)", item.text[token.end :])
    digits = re.sub(r"\D", "", theirs.text)
    whole = [(left[1] if left else "") + token.text, token.text + (right[1] if right else "")]
    return (left is not None and whole[0] == digits) or (right is not None and whole[1] == digits)


def _without_unit(token: Token, other: Statement) -> bool:
    """Return whether the other sentence gives the same digits and leaves the unit to its words before."""
    unit = token.mention.unit if token.mention else None
    found = re.search(r"\d[\d.,]*\d", token.text)
    if not unit or unit == "code" or found is None:
        return False
    return any(
        item.text == found[0]
        and item.slot == "figure"
        and re.match(r"\s*(?:[,;.)]|và\b|$)", other.text[item.end :])
        for item in other.tokens
    )


def _in_words(item: Statement, at: int, other: Statement) -> bool:
    """Return whether the other sentence counts the same thing by a word: `2 hãng tin` and `hai hãng tin`."""
    token, after = item.tokens[at], item.tokens[at + 1 : at + 2]
    word = _NUMERALS.get(token.text)
    return word is not None and any(
        before.key == word and following.key == after[0].key
        for before, following in itertools.pairwise(other.tokens)
        if after and after[0].slot == "word"
    )


def _other_things(one: Statement, i: int, other: Statement, j: int) -> bool:
    """Return whether two bare numbers count different things and follow different words."""
    if kind_of(one.tokens[i]) != "figure:number" or _framed(one, i, other, j):
        return False
    after = [
        item.tokens[at + 1].slot if at + 1 < len(item.tokens) else None for item, at in ((one, i), (other, j))
    ]
    return after == ["word", "word"]


def _other_count(one: Statement, i: int, other: Statement, j: int) -> bool:
    """Return whether two ordinals number different things: `lần thứ hai` and `giải thứ 3`."""
    ranks = [_ranked(one, i), _ranked(other, j)]
    return None not in ranks and ranks[0] != ranks[1]


def _ranked(item: Statement, at: int) -> str | None:
    """Return the word that an ordinal numbers, or None where the token is no ordinal."""
    token = item.tokens[at]
    before = item.text[: token.start].rstrip().lower().endswith("thứ")
    if not before and not token.text.lower().startswith("thứ "):
        return None
    index = at - 2 if before else at - 1
    return item.tokens[index].key if index >= 0 else None


def _each(item: Statement, at: int, other: Statement) -> bool:
    """Return whether only this figure is that of each: `mỗi đội gồm 3 học sinh`."""
    return any(token.key in _EACH for token in item.tokens[max(0, at - _NEAR) : at]) and not any(
        token.key in _EACH for token in other.tokens
    )


def _points_back(item: Statement, at: int) -> bool:
    """Return whether the words after a figure close with one that points back: `2 vụ trên` at its end."""
    return any(
        token.key in _BACK and re.match(r"\s*(?:[,.;:!?)]|$)", item.text[token.end :])
        for token in item.tokens[at + 1 : at + 1 + _NEAR]
    )


def _other_period(one: Statement, other: Statement) -> bool:
    """Return whether the sentences are of periods of two kinds: a week and a year, a quarter and nine months."""
    mine, theirs = _periods(one), _periods(other)
    return bool(mine) and bool(theirs) and not mine & theirs


def _unit(token: Token) -> str | None:
    return token.mention.unit if token.mention else None


def _periods(item: Statement) -> set[str]:
    """Return the kinds of the periods that a sentence names."""
    found = set()
    for token in item.tokens:
        mention = token.mention
        if mention is not None and token.slot == "date":
            days = mention.precision == "day"
            if not days or "/" in mention.value:
                found.add("days" if days else str(mention.precision))
        elif mention is not None and token.slot == "figure" and mention.unit in _STRETCHES:
            found.add(f"{mention.value} {mention.unit}")
    return found


def _one_of_a_row(one: Statement, i: int, other: Statement, j: int) -> bool:
    """Return whether one figure stands in a row of them and nothing says that it is the one of the other sentence."""
    kind = kind_of(one.tokens[i])
    counts = [
        len({token.key for token in item.tokens if token.slot == "figure" and kind_of(token) == kind})
        for item in (one, other)
    ]
    around = Around.of(one, i, other, j)
    return abs(counts[0] - counts[1]) >= _ROW and max(around.before, around.after) < _SAME_WORDS
