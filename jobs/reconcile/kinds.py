"""Two values of one slot in, the kind of their difference out: conflict, precision, wording, or none at all.

Pure comparisons of normalised values. `alike` is the likeness of the two sentences, in [0, 1].
"""

from __future__ import annotations

import difflib
import re
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from jobs.reconcile.places import is_country
from jobs.vietnamese.fold import fold
from jobs.vietnamese.names import is_syllable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobs.reconcile.facts import Token
    from jobs.records import DiscrepancyKind

# Likeness from which two sentences are one but for the value: then a range within another, or another year, is
# another date and not a part of the story.
SAME_SENTENCE, _SAYS_THE_SAME = 0.6, 0.45
_SPELLING, _SHORT_NAME = (
    0.85,
    6,
)  # from this ratio on two names are two spellings; short names differ by a letter
# A foreign word of so many letters is misspelt by one letter, a long one by two.
_FEWEST_LETTERS, _LONG_WORD = 4, 7
_MODIFIERS = frozenset({"phó", "nguyên", "cựu", "quyền", "thứ"})
# Titles that a person bears beside an office, and two names of one office.
_BESIDE_OTHERS = (
    "đại biểu", "ủy viên", "uỷ viên", "đồng chí", "giáo sư", "tiến sĩ", "luật sư", "nhà báo", "đbqh",
)  # fmt: skip
_ONE_OFFICE = (frozenset({"bộ trưởng", "ngoại trưởng"}), frozenset({"chủ tịch nước", "chủ tịch"}))
_YEAR = re.compile(r"(?:19|20)\d\d")
_DAY_AND_MONTH = re.compile(r"(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])")


def kind_of_difference(one: Token, other: Token, alike: float) -> DiscrepancyKind | None:
    """Return how two values that stand for one slot differ, or None where both can hold."""
    if one.slot == "figure":
        # A bare year dates a plan or a season: two are a conflict only in what is otherwise one sentence.
        if _YEAR.fullmatch(one.text) and _YEAR.fullmatch(other.text):
            return "conflict" if one.text != other.text and alike >= SAME_SENTENCE else None
        return _figure_kind(one, other)
    if one.slot == "date":
        return _date_kind(one, other, alike)
    a, b = one.key.split(":", 1)[1], other.key.split(":", 1)[1]
    if one.slot == "title":
        return _title_kind(a, b)
    if one.slot == other.slot == "place" and one.mention and other.mention:
        # Two entries of the term base are two places, however like their names; unless one name holds the other.
        short, long = sorted((fold(one.text).lower(), fold(other.text).lower()), key=len)
        return None if short in long else "conflict"
    words = sorted((re.findall(r"\w+", fold(token.text).lower()) for token in (one, other)), key=len)
    return None if abbreviates(*words) else _name_kind(fold(a), fold(b))


def _name_kind(a: str, b: str) -> DiscrepancyKind | None:
    """Return None for a longer and a shorter form of one name, `wording` for two spellings, else `conflict`."""
    one, other = (re.findall(r"\w+", text.lower()) for text in (a, b))
    if ("-" in a) != ("-" in b):  # "Mi-khai-lốp" and "Mikhailov": a foreign name spelled by its sound
        return None
    if "".join(one) == "".join(other) or set(one) <= set(other) or set(other) <= set(one):
        return None
    if a.split(maxsplit=1)[0] not in _surnames() and set(one) & set(other):
        return "wording"  # foreign names are given in part, and spelled in several ways
    if _misspelt(one, other):
        return "wording"
    initials = {"".join(word[0] for word in words) for words in (one, other)}
    if initials & {"".join(one), "".join(other)}:
        return None
    close = difflib.SequenceMatcher(a=" ".join(one), b=" ".join(other), autojunk=False).ratio() >= _SPELLING
    return "wording" if close and len(one) == len(other) and len("".join(one)) > _SHORT_NAME else "conflict"


def _misspelt(one: Sequence[str], other: Sequence[str]) -> bool:
    """Return whether two names of as many words differ in a letter or two of a foreign word: `Abbot` and `Abbott`."""
    changed = [(a, b) for a, b in zip(one, other, strict=False) if a != b]
    if len(one) != len(other) or len(changed) != 1:
        return False
    a, b = changed[0]
    if min(len(a), len(b)) < _FEWEST_LETTERS or (is_syllable(a) and is_syllable(b)) or a[0] != b[0]:
        return False
    blocks = difflib.SequenceMatcher(a=a, b=b, autojunk=False).get_opcodes()
    return sum(max(i2 - i1, j2 - j1) for tag, i1, i2, j1, j2 in blocks if tag != "equal") <= (
        1 if len(a) < _LONG_WORD else 2
    )


@cache
def _surnames() -> frozenset[str]:
    from jobs.vietnamese.names import rules

    return frozenset(fold(name).lower() for name in rules()["surnames"])


def same_title(one: Token, other: Token) -> bool:
    """Return whether two titles are one, the longer and the shorter form or the abbreviated one."""
    titles = [_without_country(token.key.split(":", 1)[1]) for token in (one, other)]
    words = [re.findall(r"\w+", fold(title)) for title in titles]
    short, long = sorted(words, key=len)
    modifiers = [{word for word in title.split() if word in _MODIFIERS} for title in titles]
    return modifiers[0] == modifiers[1] and (long[: len(short)] == short or abbreviates(short, long))


def abbreviates(short: Sequence[str], long: Sequence[str]) -> bool:
    """Return whether `short` is `long` with some words in a row given by their initials: `bo gtvt`; `va` has none.

    Both folded, in lower case.
    """
    if not short:
        return not long
    if not long:
        return False
    if short[0] == long[0]:
        return abbreviates(short[1:], long[1:])
    for skipping in (True, False):
        at, word = 0, short[0]
        for letter in word:
            while skipping and at < len(long) and long[at] == "va":
                at += 1
            if at == len(long) or not long[at].startswith(letter):
                break
            at += 1
        else:
            if len(word) > 1 and abbreviates(short[1:], long[at:]):
                return True
    return False


def _title_kind(a: str, b: str) -> DiscrepancyKind | None:
    """Return `conflict` for two ranks (`phó`, `nguyên`, another head), None for a longer form of one title."""
    one, other = (re.findall(r"\w+", _without_country(title.lower())) for title in (a, b))
    modifiers = [{word for word in words if word in _MODIFIERS} for words in (one, other)]
    heads = [[word for word in words if word not in _MODIFIERS] for words in (one, other)]
    short, long = sorted(heads, key=len)
    if f" {' '.join(short)} " in f" {' '.join(long)} ":
        return "conflict" if modifiers[0] != modifiers[1] else None
    joined = {" ".join(one), " ".join(other)}
    beside = any(title.startswith(_BESIDE_OTHERS) for title in joined)
    return None if beside or any(joined <= offices for offices in _ONE_OFFICE) else "conflict"


def _without_country(title: str) -> str:
    """Return `chủ tịch` for `chủ tịch Trung Quốc`."""
    words = title.split()
    for at in range(1, len(words)):
        if is_country(" ".join(words[at:])):
            return " ".join(words[:at])
    return title


def _figure_kind(one: Token, other: Token) -> DiscrepancyKind | None:
    a, b = one.mention, other.mention
    assert a is not None
    assert b is not None
    if a.unit != b.unit or ({a.kind, b.kind} & {"ordinal", "time", "score"} and a.kind != b.kind):
        return None
    if a.kind == "score" and a.value == "-".join(reversed(b.value.split("-"))):
        return None  # told from the other side's view
    if a.unit == "code":
        return _code_kind(a.value, b.value)
    if ("/" in a.value) != ("/" in b.value):  # "8/11 nhóm hàng" and "11 nhóm hàng"
        return None
    if any(_DAY_AND_MONTH.fullmatch(mention.text) for mention in (a, b)) and a.unit is None:
        return None
    try:
        x, y = Decimal(a.value), Decimal(b.value)
    except ArithmeticError:
        return "conflict" if a.value != b.value else None
    if x == y:
        return None
    if _rounds_to(x, y, a.approx) or _rounds_to(y, x, b.approx):
        return "precision"
    return "conflict"


def _code_kind(a: str, b: str) -> DiscrepancyKind | None:
    """Return `conflict` for two numbers of one document: same issuer, same number or year; a shorter form is none."""
    short, long = sorted((re.sub(r"\W", "", a), re.sub(r"\W", "", b)), key=len)
    if long.startswith(short):
        return None
    letters = [re.sub(r"[\W\d]", "", code).lower() for code in (a, b)]
    shared = set(re.findall(r"\d+", a)) & set(re.findall(r"\d+", b))
    parts = len(re.findall(r"\d+", a))
    return "conflict" if letters[0] == letters[1] and (shared or parts == 1) else None


def _rounds_to(rough: Decimal, exact: Decimal, approx: str | None) -> bool:
    """Return whether `rough` is `exact` said with fewer figures, in the direction that its word allows.

    "hơn 300" is under 400, "gần" allows a tenth, "khoảng" a twentieth; without a word only a rounding by 2 % is one.
    """
    places = len(rough.normalize().as_tuple().digits)
    if places >= len(exact.normalize().as_tuple().digits) or exact == 0:
        return False
    unit = Decimal(1).scaleb(rough.adjusted() - places + 1)
    if approx in ("over", "at_least"):
        return rough <= exact < rough + unit
    if approx in ("nearly", "under", "up_to"):
        return rough * Decimal("0.9") <= exact <= rough
    if approx == "about":
        return abs(rough - exact) <= abs(exact) * Decimal("0.05")
    return abs(rough - exact) < unit and abs(rough - exact) <= abs(exact) * Decimal("0.02")


def _date_kind(one: Token, other: Token, alike: float) -> DiscrepancyKind | None:
    a, b = one.key.removeprefix("date:"), other.key.removeprefix("date:")
    if _same_day(a, b) or one.text.lower() == other.text.lower() or _one_without_year(one, other, a, b):
        return None
    if "/" in a or "/" in b:
        # The range of a series and the day of its opening are both right; so are a series and one of its meetings,
        # unless the two sentences are otherwise one.
        if ("/" in a) != ("/" in b):
            return None
        (a0, a1), (b0, b1) = (sorted(item.split("/", 1)) for item in (a, b))
        nested = (a0 <= b0 and b1 <= a1) or (b0 <= a0 and a1 <= b1)
        return "conflict" if not nested or alike >= SAME_SENTENCE else None
    short, long = sorted((a, b), key=len)
    if long.startswith(short):
        return "precision"
    days = one.mention is not None and other.mention is not None and one.mention.precision == "day"
    # A month or a year dates many things of one story: two are a conflict only in sentences that say the same.
    return "conflict" if len(a) == len(b) and (days or alike >= _SAYS_THE_SAME) else None


def _one_without_year(one: Token, other: Token, a: str, b: str) -> bool:
    """Return whether the dates differ by a year that only a page's date gives: "hồi tháng 3" in two pages."""
    written = all(_YEAR.search(token.text) for token in (one, other))
    return not written and len(a) == len(b) > len("2026") and a[4:] == b[4:]


def _same_day(a: str, b: str) -> bool:
    return a == b or (a.startswith("--") != b.startswith("--") and a[-5:] == b[-5:])
