"""Two sentences in, the slots out on which they say something different about the same thing.

A slot differs where a value of one sentence has no equal in the other and a value of the same kind stands there in
its place: the same words around it, the rest of the sentence alike. What each article says elsewhere counts too: a
value that both articles hold is no difference between them.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jobs.reconcile.background import weight

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from jobs.reconcile.facts import Statement, Token

_VALUES = ("figure", "date", "person", "place", "name", "title")
_NAMES = ("person", "place", "name")
_WINDOW, _NARROW = 6, 3  # tokens on each side that make up the surroundings of a value
_SLOT_WEIGHT = 5.0  # of a figure, date or name among the surroundings; words weigh 1 to 9.6
# Measured on real pairs with planted changes, one half of the collection: from _NEAR on, two sentences say the same
# thing; from _LIKE on, they may, and more has to agree around the value. Below _LEAST nothing is compared.
_NEAR, _LIKE, _LEAST = 0.5, 0.3, 0.25
# Two articles agree throughout if so many values, and such a share of the poorer one's, stand in both; then a little
# of the surroundings in common is enough.
_FEWEST_SHARED, _AGREED, _SOME = 5, 0.7, 0.15
_FEW_RIVALS, _SOME_OF_SEVERAL = 3, 0.45
_COMMON_UNITS = frozenset({"number", "%", "pp", "USD", "VND", "day", "month", "year", "hour", "minute"})
_TOO_MANY = 3  # differing slots in one pair of sentences: two occasions, not one told differently


@dataclass(frozen=True, slots=True)
class Differing:
    """Positions of two tokens that stand for the same slot; `likeness` of the sentences, `score` to rank rivals."""

    left: int
    right: int
    likeness: float
    score: float


@dataclass(slots=True)
class Profile:
    """A statement prepared for comparison."""

    statement: Statement
    vector: dict[str, float]
    norm: float
    values: frozenset[str]
    words: dict[str, float]


def profile(item: Statement) -> Profile:
    """Return `item` with the weights of its words and pairs of words, values left out."""
    counts: set[str] = set()
    previous = None
    for token in item.tokens:
        if token.slot in ("word", "negation"):
            counts.add(token.key)
            if previous is not None:
                counts.add(f"{previous} {token.key}")
            previous = token.key
        else:
            previous = None
    # A pair counts less than two words, or word order would outweigh the words.
    vector = {key: weight(key) * (0.7 if " " in key else 1.0) for key in sorted(counts)}
    return Profile(
        statement=item,
        vector=vector,
        norm=math.sqrt(sum(value * value for value in vector.values())) or 1.0,
        values=frozenset(token.key for token in item.tokens if token.slot in _VALUES),
        words={key: value for key, value in vector.items() if " " not in key},
    )


def likeness(left: Profile, right: Profile) -> float:
    """Return the cosine of the words of two statements."""
    one, other = (
        (left.vector, right.vector) if len(left.vector) <= len(right.vector) else (right.vector, left.vector)
    )
    return sum(value * other[key] for key, value in one.items() if key in other) / (left.norm * right.norm)


def kind_of(token: Token) -> str:
    """Return what a value can be compared with: figures of one unit, dates, names, titles."""
    if token.slot == "figure" and token.mention is not None:
        return f"figure:{token.mention.unit or token.mention.kind}"
    return "name" if token.slot in _NAMES else token.slot


def differing(
    left: Profile, right: Profile, held: Mapping[str, Iterable[str]], *, least: float = _LEAST
) -> tuple[float, list[Differing]]:
    """Return the likeness of two statements and their differing slots; `held` maps an article to all its values."""
    alike = likeness(left, right)
    if alike < least:
        return alike, []
    one, other = left.statement, right.statement
    mine = [i for i, t in enumerate(one.tokens) if t.slot in _VALUES and t.key not in right.values]
    theirs = [j for j, t in enumerate(other.tokens) if t.slot in _VALUES and t.key not in left.values]
    if not mine or not theirs:
        return alike, []
    loose = Counter(kind_of(one.tokens[i]) for i in mine), Counter(kind_of(other.tokens[j]) for j in theirs)
    found: list[Differing] = []
    for i in mine:
        for j in theirs:
            kind = kind_of(one.tokens[i])
            if kind != kind_of(other.tokens[j]) or not comparable(one.tokens[i], other.tokens[j]):
                continue
            elsewhere = one.tokens[i].key in held[other.article], other.tokens[j].key in held[one.article]
            single = loose[0][kind] == 1 and loose[1][kind] == 1
            around = _Around.of(one, i, other, j)
            if not all(elsewhere) and _differs(
                left,
                right,
                kind,
                alike,
                around,
                elsewhere,
                single=single,
                typed=_typed(one.tokens[i], other.tokens[j]),
            ):
                score = alike + around.wide + around.narrow + 0.2 * min(around.run, 5)
                found.append(Differing(left=i, right=j, likeness=alike, score=score))
    best = _rivals(found)
    return alike, best if len(best) < _TOO_MANY else []


def _rivals(found: list[Differing]) -> list[Differing]:
    """Keep one partner for each value: the best first."""
    kept: list[Differing] = []
    for item in sorted(found, key=lambda entry: (-entry.score, entry.left, entry.right)):
        if all(item.left != other.left and item.right != other.right for other in kept):
            kept.append(item)
    return kept


@dataclass(frozen=True, slots=True)
class _Around:
    """How much the surroundings of two values agree: shares of weight, and tokens in a row on either side."""

    wide: float
    narrow: float
    before: int
    after: int

    @property
    def run(self) -> int:
        return self.before + self.after

    @classmethod
    def of(cls, left: Statement, i: int, right: Statement, j: int) -> _Around:
        return cls(
            wide=_overlap(_surroundings(left, i, _WINDOW), _surroundings(right, j, _WINDOW)),
            narrow=_overlap(_surroundings(left, i, _NARROW), _surroundings(right, j, _NARROW)),
            before=_row(left, i, right, j, -1),
            after=_row(left, i, right, j, 1),
        )


def _surroundings(item: Statement, at: int, window: int) -> dict[str, float]:
    """Return the keys within `window` tokens of position `at`, weighed less the farther they stand."""
    found: dict[str, float] = {}
    for distance in range(1, window + 1):
        for index in (at - distance, at + distance):
            if 0 <= index < len(item.tokens):
                token = item.tokens[index]
                value = (weight(token.key) if token.slot == "word" else _SLOT_WEIGHT) / (1 + distance / 3)
                found[token.key] = max(value, found.get(token.key, 0.0))
    return found


def _overlap(left: Mapping[str, float], right: Mapping[str, float]) -> float:
    total = min(sum(left.values()), sum(right.values()))
    return (
        sum(min(value, right[key]) for key, value in left.items() if key in right) / total if total else 0.0
    )


def _row(left: Statement, i: int, right: Statement, j: int, step: int) -> int:
    """Return how many tokens in a row agree from the two positions on, four at most."""
    count = 0
    while count < 4:
        i, j = i + step, j + step
        inside = 0 <= i < len(left.tokens), 0 <= j < len(right.tokens)
        if not any(inside):
            return max(count, 1)  # both stand at the edge of their sentences
        if not all(inside) or left.tokens[i].key != right.tokens[j].key:
            break
        count += 1
    return count


def _contained(left: Profile, right: Profile) -> float:
    """Return the share of the weight of the shorter sentence's words that stand in the longer one."""
    return _overlap(left.words, right.words)


def _differs(
    left: Profile,
    right: Profile,
    kind: str,
    alike: float,
    around: _Around,
    elsewhere: tuple[bool, bool],
    *,
    single: bool,
    typed: bool,
) -> bool:
    """Decide whether two values stand for one slot.

    `single`: they are the only values of their kind without a partner. `typed`: known persons or known places.
    """
    free = not any(elsewhere)
    slot, _, unit = kind.partition(":")
    counted = unit not in ("", "number") or around.after > 0  # a bare number needs the noun that it counts
    if slot == "title":
        near = around.narrow >= 0.4 and around.wide >= 0.35 and (around.after > 0 or alike >= _NEAR)
        return near or (free and single and alike >= _NEAR and (around.after > 0 or around.wide >= 0.4))
    sides = around.before > 0 and around.after > 0
    if (
        slot == "name"
        and not typed
        and not (sides and alike >= _NEAR)
        and not (around.run > 1 and alike >= 0.7)
    ):
        return False
    verbatim = around.wide >= 0.6 and around.narrow >= 0.55 and around.run >= 3
    if verbatim and alike >= (0.6 if slot == "name" and not typed else 0.35):
        return slot != "figure" or counted or around.before >= 2
    if alike >= _NEAR and free:
        placed = around.run >= 1 or around.wide >= 0.35
        if single and (slot == "date" or (slot == "name" and typed and placed and alike >= 0.55)):
            return True
        if single and slot == "figure" and (counted or around.run >= 2):
            return True
        if single and typed and around.wide >= 0.45 and (around.run >= 1 or around.narrow >= 0.4):
            return True
        if slot == "date" and around.wide >= 0.3:
            return True
        close = around.run >= 3 or (around.run >= 2 and around.wide >= 0.5)
        if (close or (around.narrow >= 0.6 and around.wide >= 0.6)) and (
            (slot == "figure" and (counted or around.before >= 2))
            or (slot == "name" and (typed or (around.before > 0 and around.after > 0)))
        ):
            return True
    row = 3 if slot == "name" else 2
    if alike >= 0.62 and around.wide >= 0.45 and around.narrow >= 0.5 and around.run >= row:
        return True
    if not free or not single:
        return False
    shared = len(left.values & right.values)
    rest = shared / (shared + max(len(left.values), len(right.values)) - shared)
    if slot == "figure":
        local = around.wide >= 0.4 and around.narrow >= 0.45 and counted
        return (
            local and _contained(left, right) >= 0.45 and unit != "score" and (alike >= _LIKE or rest >= 0.5)
        )
    if slot == "date":
        return around.wide >= 0.35 and around.narrow >= 0.3 and (rest >= 0.4 or around.wide >= 0.45)
    return typed and alike >= 0.4 and around.wide >= 0.5 and around.narrow >= 0.55 and around.run >= 2


def lone_values(
    left: Sequence[Profile], right: Sequence[Profile]
) -> list[tuple[Profile, Profile, Differing]]:
    """Return the values on which two articles differ that otherwise agree throughout, however they are worded.

    Where an article has one person, place, day or figure of a kind that the other lacks, and the other has one in
    its stead, and most values of the two are the same, the two stand for one slot.
    """
    mine, theirs = ({key for item in side for key in item.values} for side in (left, right))
    shared = len(mine & theirs)
    if shared < _FEWEST_SHARED or shared < _AGREED * min(len(mine), len(theirs)):
        return []
    ours, others = _alone(left, theirs), _alone(right, mine)
    found = []
    for kind in sorted(set(ours) & set(others)):
        counts = [len({item.statement.tokens[at].key for item, at in side[kind]}) for side in (ours, others)]
        if min(counts) != 1 or max(counts) > _FEW_RIVALS:
            continue
        least = _enough(kind) if max(counts) == 1 else _SOME_OF_SEVERAL
        best: tuple[float, Profile, Profile, Differing] | None = None
        for one, i in ours[kind]:
            for other, j in others[kind]:
                around = _Around.of(one.statement, i, other.statement, j)
                local = max(around.wide, around.narrow, _contained(one, other))
                if local >= least and (best is None or local > best[0]):
                    alike = likeness(one, other)
                    best = local, one, other, Differing(left=i, right=j, likeness=alike, score=local)
        if best is not None and comparable(
            best[1].statement.tokens[best[3].left], best[2].statement.tokens[best[3].right]
        ):
            found.append((best[1], best[2], best[3]))
    return found if len(found) < _TOO_MANY else []


def _enough(kind: str) -> float:
    """Return how much of the surroundings must agree: nothing where one figure has a unit that is rare in the press."""
    parts = kind.split(":")
    return 0.0 if parts[0] == "figure" and parts[1] not in _COMMON_UNITS else _SOME


def _alone(side: Sequence[Profile], others: AbstractSet[str]) -> dict[str, list[tuple[Profile, int]]]:
    """Return the values that the other article does not hold, by kind; bare numbers by the noun that they count."""
    found: dict[str, list[tuple[Profile, int]]] = {}
    for item in side:
        for at, token in enumerate(item.statement.tokens):
            if token.slot not in _VALUES or token.key in others:
                continue
            kind = token.slot if token.slot in _NAMES else kind_of(token)
            if kind == "date" and token.mention is not None:
                kind = f"date:{token.mention.precision}:{'/' in token.mention.value}"
            if kind == "figure:number":
                following = item.statement.tokens[at + 1].key if at + 1 < len(item.statement.tokens) else ""
                kind = f"{kind}:{following}"
            found.setdefault(kind, []).append((item, at))
    return found


def comparable(left: Token, right: Token) -> bool:
    """Return whether two values of one kind can contradict each other at all."""
    if kind_of(left) != "name":
        return True
    if {left.slot, right.slot} == {"person", "place"}:
        return False
    return _solid(left) and _solid(right)


def _typed(left: Token, right: Token) -> bool:
    """Return whether at least one is a known person or place; a person and a place are never rivals."""
    return {left.slot, right.slot} != {"name"}


def _solid(token: Token) -> bool:
    """Tell a name from an acronym, and from a capitalised everyday syllable."""
    if token.slot in ("person", "place"):
        return True
    if token.text.isupper():
        return False
    # A lone Vietnamese syllable is the torn head of a longer name; a foreign word is one.
    return " " in token.text or (token.text.isascii() and weight(token.text.lower()) > 9.0)


def negated_apart(left: Profile, right: Profile) -> tuple[int, int] | None:
    """Return positions where one sentence denies what the other says in the same words, or None."""
    least = 0.4 if likeness(left, right) >= _NEAR else 0.6
    for one, other, swapped in (
        (left.statement, right.statement, False),
        (right.statement, left.statement, True),
    ):
        for at, token in enumerate(one.tokens):
            if token.slot != "negation":
                continue
            found = _affirmed(one, at, other, least)
            if found is not None:
                return (found, at) if swapped else (at, found)
    return None


def _affirmed(one: Statement, at: int, other: Statement, least: float) -> int | None:
    """Return where `other` says, without a negation near it, the words that `one` negates at `at`."""
    after = [token.key for token in one.tokens[at + 1 : at + 3] if token.slot == "word"]
    if not after:
        return None
    before = one.tokens[at - 1].key if at else None
    keys = other.keys()
    places = [
        index
        for index, key in enumerate(keys)
        if key == after[0]
        and (
            (len(after) > 1 and keys[index + 1 : index + 2] == after[1:])
            or (before and index and keys[index - 1] == before)
        )
    ]
    denied = [
        index
        for index in places
        if any(token.slot == "negation" for token in other.tokens[max(0, index - 4) : index])
    ]
    if not places or denied:
        return None
    best = max(places, key=lambda index: _Around.of(one, at, other, index - 1 if index else 0).wide)
    around = _overlap(_surroundings(one, at, _WINDOW), _surroundings(other, best, _WINDOW))
    return best if around >= least else None
