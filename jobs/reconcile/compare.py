"""Two sentences in, the slots out on which they say something different about the same thing.

A slot differs where a value of one sentence has no equal in the other and a value of the same kind stands there in
its place. How likely that is, is weighed by `evidence`: the words around the two values, how much else of the sentences
agrees, whether either has a better partner, what the articles say elsewhere.
"""

from __future__ import annotations

import difflib
import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jobs.reconcile import evidence
from jobs.reconcile.background import weight
from jobs.reconcile.places import is_country

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from jobs.reconcile.facts import Statement, Token

VALUES = ("figure", "date", "person", "place", "name", "title")
NAMES = ("person", "place", "name")
WINDOW, _NARROW = 6, 3  # tokens on each side that make up the surroundings of a value
_SLOT_WEIGHT = 5.0  # of a figure, date or name among the surroundings; words weigh 1 to 9.6
# From NEAR on, two sentences say the same thing (measured on real pairs); below _LEAST nothing is compared.
NEAR, _LEAST = 0.5, 0.25
Gap = tuple[int, int, int, int, float]
TOO_MANY = 3  # differing slots in one pair of sentences: two occasions, not one told differently
_NOTHING, _LOOSE_GAP = 0.05, 0.15  # of the nearest words in common; of a gap between aligned words
_FEWEST_WORDS = 5  # in the shorter sentence: by-lines and credits differ from page to page
_LONGEST_SYLLABLE = 6  # letters of a Vietnamese syllable, at most (nghiêng has seven, names do not)
_TITLE_REACH = 4  # tokens between a title and its bearer


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
    left: Profile,
    right: Profile,
    held: Mapping[str, AbstractSet[str]],
    *,
    alike: float,
    standing: float = 1.0,
) -> list[Differing]:
    """Return the differing slots of two statements whose likeness is `alike`, the surest first.

    `held` maps an article to all its values; `standing` is `alike` as a share of the best likeness that either of the
    two reaches with a sentence of the other's article.
    """
    if alike < _LEAST or min(len(left.words), len(right.words)) < _FEWEST_WORDS:
        return []
    one, other = left.statement, right.statement
    gaps = _gaps(one, other) if left.values and right.values else []
    pairs = _candidates(left, right, gaps)
    if not pairs:
        return []
    # A value that is named twice in a sentence is one value.
    loose = (
        Counter(kind for _, kind in {(one.tokens[i].key, kind_of(one.tokens[i])) for i, _ in pairs}),
        Counter(kind for _, kind in {(other.tokens[j].key, kind_of(other.tokens[j])) for _, j in pairs}),
    )
    shared = len(left.values & right.values)
    rest = shared / max(1, len(left.values), len(right.values))
    whole = {
        "alike": alike,
        "standing": standing,
        "contained": contained(left, right),
        "rest": rest,
        "shared": min(shared, 5) / 5,
    }
    found: list[Differing] = []
    for i, j in pairs:
        mine, theirs = one.tokens[i], other.tokens[j]
        around, kind = Around.of(one, i, other, j), kind_of(mine)
        known = (mine.key in held[other.article]) + (theirs.key in held[one.article])
        bearers = _title_before(one, i), _title_before(other, j)
        features = whole | {
            "wide": around.wide,
            "narrow": around.narrow,
            "before": min(around.before, 3) / 3,
            "after": min(around.after, 3) / 3,
            "edge": float(around.run > 0),
            "gap": max((share for a, b, c, d, share in gaps if a <= i < b and c <= j < d), default=0.0),
            "single": float(loose[0][kind] == loose[1][kind] == 1),
            "several": min(3, max(loose[0][kind], loose[1][kind]) - 1) / 3,
            "unbalanced": min(3, abs(loose[0][kind] - loose[1][kind])) / 3,
            "level": float(is_country(mine.text) != is_country(theirs.text)),
            "coarse": float(
                kind == "date"
                and any(t.mention is None or t.mention.precision != "day" for t in (mine, theirs))
            ),
            "known": float(known == 1),
            "common": float(known == 2),
            "typed": float(mine.slot == theirs.slot != "name"),
            "unknown": float(mine.slot == theirs.slot == "name"),
            "same_title": float(bearers[0] is not None and bearers[0] == bearers[1]),
            "other_title": float(None not in bearers and bearers[0] != bearers[1]),
            "repeated": float(mine.key in right.values or theirs.key in left.values),
            "bearer": float(mine.slot == "title" and one_bearer(one, i, other, j) is True),
            "bare": float(kind == "figure:number"),
            "uncounted": float(kind == "figure:number" and around.after == 0),
            "foreign": float(mine.text.isascii() and theirs.text.isascii()),
        }
        features["adrift"] = float(around.narrow < _NOTHING)
        features["amidst"] = features["several"] * (1 - features["gap"])
        name = kind.partition(":")[0]
        chance = evidence.chance(name, features)
        listed = features["unbalanced"] > 0 and (_listed(one, i) or _listed(other, j))
        if chance >= evidence.least(name, alike) and not listed and not _stray(features):
            found.append(Differing(left=i, right=j, likeness=alike, score=chance))
    best = _rivals(found)
    distinct = {(one.tokens[item.left].key, other.tokens[item.right].key) for item in best}
    return best if len(distinct) < TOO_MANY else []


def _stray(features: Mapping[str, float]) -> bool:
    """Return whether nothing ties two values to one place: they do not replace each other, and others may as well."""
    if features["gap"] >= _LOOSE_GAP:
        return False
    rivals = features["several"] > 0 or features["level"] > 0
    return rivals and (features["adrift"] > 0 or features["coarse"] > 0)


def _listed(item: Statement, at: int) -> bool:
    """Return whether a value stands in a list: next to another of its kind."""
    kind = kind_of(item.tokens[at])
    return any(
        0 <= index < len(item.tokens) and kind_of(item.tokens[index]) == kind for index in (at - 1, at + 1)
    )


def _candidates(left: Profile, right: Profile, gaps: Sequence[Gap]) -> list[tuple[int, int]]:
    """Return the pairs of values of one kind that have no equal in the other sentence, or no equal in their place."""
    one, other = left.statement, right.statement
    mine = [i for i, token in enumerate(one.tokens) if token.slot in VALUES and token.key not in right.values]
    theirs = [
        j for j, token in enumerate(other.tokens) if token.slot in VALUES and token.key not in left.values
    ]
    pairs = [(i, j) for i in mine for j in theirs if _rival(one.tokens[i], other.tokens[j])]
    pairs += [
        (a, c)
        for a, b, c, d, _ in gaps
        if b - a == d - c == 1 and (a, c) not in pairs and _rival(one.tokens[a], other.tokens[c])
    ]
    return pairs


def _rival(left: Token, right: Token) -> bool:
    return (
        left.slot in VALUES
        and right.slot in VALUES
        and kind_of(left) == kind_of(right)
        and comparable(left, right)
    )


def _gaps(one: Statement, other: Statement) -> list[Gap]:
    """Return where the aligned sentences differ: begin and end in each, and one over the length of the longer part."""
    matcher = difflib.SequenceMatcher(a=one.keys(), b=other.keys(), autojunk=False)
    return [
        (a, b, c, d, 1 / max(b - a, d - c)) for tag, a, b, c, d in matcher.get_opcodes() if tag == "replace"
    ]


def one_bearer(one: Statement, left: int, other: Statement, right: int) -> bool | None:
    """Return whether two titles are borne by one person, None where a name is missing beside one of them."""
    bearers = _beside(one, left), _beside(other, right)
    if not all(bearers):
        return None
    a, b = (set(name.split()) for name in bearers if name)
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


def comparable(left: Token, right: Token) -> bool:
    """Return whether two values of one kind can contradict each other at all."""
    if kind_of(left) != "name":
        return True
    if {left.slot, right.slot} == {"person", "place"}:
        return False
    return _solid(left) and _solid(right)


def _solid(token: Token) -> bool:
    """Tell a name from an acronym, and from a capitalised everyday syllable."""
    if token.slot == "place":
        return True
    if token.slot == "person":  # a lone Vietnamese syllable is a part of some name
        return " " in token.text or (token.text.isascii() and len(token.text) > _LONGEST_SYLLABLE)
    if token.text.isupper():
        return False
    # A lone Vietnamese syllable is the torn head of a longer name; a foreign word is one.
    return " " in token.text or (token.text.isascii() and weight(token.text.lower()) > 9.0)
