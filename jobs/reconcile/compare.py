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
    from collections.abc import Iterable, Mapping

    from jobs.reconcile.facts import Statement, Token

VALUES = ("figure", "date", "person", "place", "name", "title")
NAMES = ("person", "place", "name")
WINDOW, _NARROW = 6, 3  # tokens on each side that make up the surroundings of a value
_SLOT_WEIGHT = 5.0  # of a figure, date or name among the surroundings; words weigh 1 to 9.6
# Measured on real pairs with planted changes, one half of the collection: from NEAR on, two sentences say the same
# thing; from _LIKE on, they may, and more has to agree around the value. Below _LEAST nothing is compared.
NEAR, _LIKE, _LEAST = 0.5, 0.3, 0.25
TOO_MANY = 3  # differing slots in one pair of sentences: two occasions, not one told differently


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
        values=frozenset(token.key for token in item.tokens if token.slot in VALUES),
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
    return "name" if token.slot in NAMES else token.slot


def differing(
    left: Profile, right: Profile, held: Mapping[str, Iterable[str]], *, least: float = _LEAST
) -> tuple[float, list[Differing]]:
    """Return the likeness of two statements and their differing slots; `held` maps an article to all its values."""
    alike = likeness(left, right)
    if alike < least:
        return alike, []
    one, other = left.statement, right.statement
    mine = [i for i, t in enumerate(one.tokens) if t.slot in VALUES and t.key not in right.values]
    theirs = [j for j, t in enumerate(other.tokens) if t.slot in VALUES and t.key not in left.values]
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
            around = Around.of(one, i, other, j)
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
    return alike, best if len(best) < TOO_MANY else []


def _rivals(found: list[Differing]) -> list[Differing]:
    """Keep one partner for each value: the best first."""
    kept: list[Differing] = []
    for item in sorted(found, key=lambda entry: (-entry.score, entry.left, entry.right)):
        if all(item.left != other.left and item.right != other.right for other in kept):
            kept.append(item)
    return kept


@dataclass(frozen=True, slots=True)
class Around:
    """How much the surroundings of two values agree: shares of weight, and tokens in a row on either side."""

    wide: float
    narrow: float
    before: int
    after: int

    @property
    def run(self) -> int:
        """Return the tokens in a row on both sides together."""
        return self.before + self.after

    @classmethod
    def of(cls, left: Statement, i: int, right: Statement, j: int) -> Around:
        """Compare the surroundings of token `i` of `left` with those of token `j` of `right`."""
        return cls(
            wide=overlap(surroundings(left, i, WINDOW), surroundings(right, j, WINDOW)),
            narrow=overlap(surroundings(left, i, _NARROW), surroundings(right, j, _NARROW)),
            before=_row(left, i, right, j, -1),
            after=_row(left, i, right, j, 1),
        )


def surroundings(item: Statement, at: int, window: int) -> dict[str, float]:
    """Return the keys within `window` tokens of position `at`, weighed less the farther they stand."""
    found: dict[str, float] = {}
    for distance in range(1, window + 1):
        for index in (at - distance, at + distance):
            if 0 <= index < len(item.tokens):
                token = item.tokens[index]
                value = (weight(token.key) if token.slot == "word" else _SLOT_WEIGHT) / (1 + distance / 3)
                found[token.key] = max(value, found.get(token.key, 0.0))
    return found


def overlap(left: Mapping[str, float], right: Mapping[str, float]) -> float:
    """Return the weight in common as a share of the lighter side's."""
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


def contained(left: Profile, right: Profile) -> float:
    """Return the share of the weight of the shorter sentence's words that stand in the longer one."""
    return overlap(left.words, right.words)


def _differs(
    left: Profile,
    right: Profile,
    kind: str,
    alike: float,
    around: Around,
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
        near = around.narrow >= 0.4 and around.wide >= 0.35 and (around.after > 0 or alike >= NEAR)
        return near or (free and single and alike >= NEAR and (around.after > 0 or around.wide >= 0.4))
    sides = around.before > 0 and around.after > 0
    if (
        slot == "name"
        and not typed
        and not (sides and alike >= NEAR)
        and not (around.run > 1 and alike >= 0.7)
    ):
        return False
    verbatim = around.wide >= 0.6 and around.narrow >= 0.55 and around.run >= 3
    if verbatim and alike >= (0.6 if slot == "name" and not typed else 0.35):
        return slot != "figure" or counted or around.before >= 2
    if alike >= NEAR and free:
        placed = around.run >= 1 or (around.wide >= 0.35 and around.narrow >= 0.3)
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
            local and contained(left, right) >= 0.45 and unit != "score" and (alike >= _LIKE or rest >= 0.5)
        )
    if slot == "date":
        return around.wide >= 0.35 and around.narrow >= 0.3 and (rest >= 0.4 or around.wide >= 0.45)
    return typed and alike >= 0.4 and around.wide >= 0.5 and around.narrow >= 0.55 and around.run >= 2


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
