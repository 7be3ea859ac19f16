"""Two values in their sentences in; what speaks for and against their standing for one slot out, each in [0, 1].

What each feature is worth says `jobs/data/evidence.toml`.
"""

from __future__ import annotations

import datetime as dt
import difflib
import math
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from jobs.reconcile import evidence
from jobs.reconcile.around import Around
from jobs.reconcile.places import head_before, is_country
from jobs.reconcile.profiles import Profile, contained, kind_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobs.reconcile.coverage import Coverage
    from jobs.reconcile.facts import Statement, Token

Gap = tuple[int, int, int, int, float]
_NOTHING, _LOOSE_GAP = 0.05, 0.15  # of the nearest words in common; of a gap between aligned words
_TITLE_REACH = 4  # tokens between a title and its bearer
_MOST_ORPHANS = 5
_JOINING = frozenset({"và", "hay", "hoặc", "cùng"})
_OPPOSED_BEFORE, _OPPOSED_AFTER = 5, 4  # tokens in which a word of the opposite sense counts
_SPELLING = 0.9  # from this ratio on two names are two spellings of one


@dataclass(slots=True)
class Pair:
    """Two sentences with what holds of them as wholes."""

    left: Profile
    right: Profile
    gaps: Sequence[Gap]
    whole: dict[str, float]
    loose: tuple[Counter[str], Counter[str]]

    @classmethod
    def of(
        cls,
        left: Profile,
        right: Profile,
        gaps: Sequence[Gap],
        candidates: Sequence[tuple[int, int]],
        *,
        alike: float,
        standing: float,
    ) -> Pair:
        """Measure two sentences; `candidates` are the positions of values that may stand for one slot."""
        one, other = left.statement, right.statement
        # A value that is named twice in a sentence is one value.
        loose = (
            Counter(kind for _, kind in {(one.tokens[i].key, kind_of(one.tokens[i])) for i, _ in candidates}),
            Counter(
                kind for _, kind in {(other.tokens[j].key, kind_of(other.tokens[j])) for _, j in candidates}
            ),
        )
        shared = len(left.values & right.values)
        whole = {
            "alike": alike,
            "standing": standing,
            "contained": contained(left, right),
            "rest": shared / max(1, len(left.values), len(right.values)),
            "shared": min(shared, 5) / 5,
        }
        return cls(left=left, right=right, gaps=gaps, whole=whole, loose=loose)


def features(pair: Pair, i: int, j: int, coverage: Coverage) -> dict[str, float]:
    """Return what speaks for and against token `i` of the left and token `j` of the right standing for one slot."""
    one, other = pair.left.statement, pair.right.statement
    mine, theirs = one.tokens[i], other.tokens[j]
    around, kind = Around.of(one, i, other, j), kind_of(mine)
    loose = pair.loose[0][kind], pair.loose[1][kind]
    known = coverage.holds(other.article, mine), coverage.holds(one.article, theirs)
    told = (
        coverage.explained(other.article, pair.left, i, pair.right) if known[0] else (0.0, 0.0),
        coverage.explained(one.article, pair.right, j, pair.left) if known[1] else (0.0, 0.0),
    )
    elsewhere = max(words for words, _ in told)
    settled = max(alike for _, alike in told) / pair.whole["alike"]
    orphans = sorted(
        min(_MOST_ORPHANS, max(1, coverage.orphans(a, b, kind)))
        for a, b in ((one.article, other.article), (other.article, one.article))
    )
    others = {item for item in pair.loose[0] if pair.loose[1][item]} - {kind}
    found = pair.whole | {
        "wide": around.wide,
        "narrow": around.narrow,
        "tight": around.tight,
        "opposed": float(_opposed(one, i, other, j)),
        "contested": min(3, len(others)) / 3,
        "before": min(around.before, 3) / 3,
        "after": min(around.after, 3) / 3,
        "edge": float(around.run > 0),
        "flanked": float(around.before > 0 and around.after > 0),
        "gap": max((share for a, b, c, d, share in pair.gaps if a <= i < b and c <= j < d), default=0.0),
        "single": float(loose[0] == loose[1] == 1),
        "several": min(3, max(loose) - 1) / 3,
        "unbalanced": min(3, abs(loose[0] - loose[1])) / 3,
        "known": float(sum(known) == 1),
        "common": float(sum(known) == 2),
        "explained": elsewhere,
        "settled": min(1.0, settled),
        "outdone": float(elsewhere > around.wide),
        "repeated": float(mine.key in pair.right.values or theirs.key in pair.left.values),
        "agreed": coverage.agreed(one.article, other.article),
        "fewest": (orphans[0] - 1) / (_MOST_ORPHANS - 1),
        "most": (orphans[1] - 1) / (_MOST_ORPHANS - 1),
        "adrift": float(around.narrow < _NOTHING),
        "close": _close(mine, theirs),
    }
    in_list = listed(one, i) or listed(other, j)
    found["listed"] = float(in_list and found["unbalanced"] > 0)
    found["torn"] = found["listed"] * (1 - found["flanked"])
    found["amidst"] = found["several"] * (1 - found["gap"])
    found |= _of_kind(kind, pair, i, j, around)
    rivals = found["several"] > 0 or found.get("level", 0.0) > 0
    loosely = found["adrift"] > 0 or found.get("coarse", 0.0) > 0
    # Nothing ties the two to one place: they do not replace each other, and others may as well.
    found["stray"] = float(found["gap"] < _LOOSE_GAP and rivals and loosely)
    return found


def _of_kind(kind: str, pair: Pair, i: int, j: int, around: Around) -> dict[str, float]:
    """Return the features that only figures, only dates, only names or only titles have."""
    one, other = pair.left.statement, pair.right.statement
    mine, theirs = one.tokens[i], other.tokens[j]
    if kind == "date":
        return {
            "coarse": float(any(t.mention is None or t.mention.precision != "day" for t in (mine, theirs))),
            "relative": float(not all(any(char.isdigit() for char in t.text) for t in (mine, theirs))),
        }
    if kind == "title":
        words = [set(token.key.split(":", 1)[1].split()) for token in (mine, theirs)]
        return {
            "bearer": float(one_bearer(one, i, other, j) is True),
            "akin": len(words[0] & words[1]) / max(1, *map(len, words)),
        }
    if kind == "name":
        bearers = _title_before(one, i), _title_before(other, j)
        latin = [token.text.isascii() for token in (mine, theirs)]
        return {
            "level": float(not one_level(one, i, other, j)),
            "typed": float(mine.slot == theirs.slot != "name"),
            "unknown": float(mine.slot == theirs.slot == "name"),
            "same_title": float(bearers[0] is not None and bearers[0] == bearers[1]),
            "other_title": float(None not in bearers and bearers[0] != bearers[1]),
            "foreign": float(all(latin)),
            "mixed": float(latin[0] != latin[1]),
        }
    return {
        "hedged": float((mine.mention and mine.mention.approx) != (theirs.mention and theirs.mention.approx)),
        "bare": float(kind == "figure:number"),
        "uncounted": float(kind == "figure:number" and around.after == 0),
    }


def one_level(one: Statement, i: int, other: Statement, j: int) -> bool:
    """Return whether two places are of one level: countries, places of the term base, or others; or `quận` both."""
    heads = [head_before(item.text, item.tokens[at].start) for item, at in ((one, i), (other, j))]
    if heads[0] is not None and heads[0] == heads[1]:
        return True
    return _level(one.tokens[i]) == _level(other.tokens[j])


def _level(token: Token) -> str:
    if is_country(token.text):
        return "country"
    return "local" if token.mention is None or token.mention.english is None else "known"


def _close(mine: Token, theirs: Token) -> float:
    """Return how near two figures or days are: the smaller as a share of the larger; a day apart 0.9, ten days 0.5."""
    a, b = mine.mention, theirs.mention
    if a is None or b is None:
        return 0.0
    if mine.slot == "date":
        try:
            days = [
                dt.date.fromisoformat(f"2000{m.value[1:]}" if m.value[:2] == "--" else m.value)
                for m in (a, b)
            ]
        except ValueError:
            return 0.0
        return 10 / (10 + abs((days[0] - days[1]).days))
    if mine.slot != "figure":
        return 0.0
    try:
        x, y = sorted((abs(Decimal(a.value)), abs(Decimal(b.value))))
    except InvalidOperation:  # codes, scores, times
        return difflib.SequenceMatcher(a=a.value, b=b.value, autojunk=False).ratio()
    # 1 for equal ones, 0.7 for double, 0 from ten times on.
    return max(0.0, 1 - math.log10(y / x)) if x else 0.0


def _opposed(one: Statement, i: int, other: Statement, j: int) -> bool:
    """Return whether a word near one value has its opposite near the other one: `tăng 5%` and `giảm 5%`."""
    a, b = (
        {token.key for token in item.tokens[max(0, at - _OPPOSED_BEFORE) : at + _OPPOSED_AFTER]}
        for item, at in ((one, i), (other, j))
    )
    return any(
        word in a and word not in b and opposite in b and opposite not in a
        for word, opposite in evidence.opposites()
    )


def listed(item: Statement, at: int) -> bool:
    """Return whether a value stands in a list: next to another of its kind, or joined to it by `và`."""
    kind = kind_of(item.tokens[at])
    for step in (-1, 1):
        index = at + step
        if 0 <= index < len(item.tokens) and item.tokens[index].key in _JOINING:
            index += step
        if 0 <= index < len(item.tokens) and kind_of(item.tokens[index]) == kind:
            return True
    return False


def one_bearer(one: Statement, left: int, other: Statement, right: int) -> bool | None:
    """Return whether two titles are borne by one person, None where a name is missing beside one of them."""
    mine, theirs = _beside(one, left), _beside(other, right)
    if not mine or not theirs:
        return None
    if difflib.SequenceMatcher(a=mine, b=theirs, autojunk=False).ratio() >= _SPELLING:
        return True
    a, b = set(mine.split()), set(theirs.split())
    return bool(a & b) if min(len(a), len(b)) == 1 else len(a & b) > 1 or a <= b or b <= a


def _beside(item: Statement, at: int) -> str | None:
    """Return the person named within four tokens of a title, the one after it first."""
    for index in (*range(at + 1, at + _TITLE_REACH + 1), *range(at - 1, at - _TITLE_REACH - 1, -1)):
        if 0 <= index < len(item.tokens) and item.tokens[index].slot == "person":
            name: str = item.tokens[index].key.split(":", 1)[1]
            return name
    return None


def _title_before(item: Statement, at: int) -> str | None:
    for index in range(at - 1, max(-1, at - _TITLE_REACH - 1), -1):
        if item.tokens[index].slot == "title":
            return item.tokens[index].key
        if item.tokens[index].slot == "person":
            return None
    return None
