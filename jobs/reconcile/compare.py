"""Two sentences in, the slots out on which they say something different about the same thing.

A slot differs where a value of one sentence has no equal in the other and a value of the same kind stands there in
its place. How likely that is, is weighed by `evidence`: the words around the two values, how much else of the sentences
agrees, whether either has a better partner, what the articles say elsewhere.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jobs.reconcile import evidence
from jobs.reconcile.apart import apart
from jobs.reconcile.background import weight
from jobs.reconcile.features import Gap, Pair, features, listed
from jobs.reconcile.places import head_before
from jobs.reconcile.profiles import NAMES, VALUES, Profile, kind_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobs.reconcile.coverage import Coverage
    from jobs.reconcile.facts import Statement, Token

# From NEAR on, two sentences say the same thing (measured on real pairs); below _LEAST nothing is compared.
NEAR, _LEAST = 0.5, 0.25
TOO_MANY = 3  # differing slots in one pair of sentences: two occasions, not one told differently
_FEWEST_WORDS = 5  # in the shorter sentence: by-lines and credits differ from page to page
_LONGEST_SYLLABLE = 6  # letters of a Vietnamese syllable, at most (nghiêng has seven, names do not)


@dataclass(frozen=True, slots=True)
class Differing:
    """Positions of two tokens that stand for the same slot; `likeness` of the sentences, `score` to rank rivals."""

    left: int
    right: int
    likeness: float
    score: float


def differing(
    left: Profile, right: Profile, coverage: Coverage, *, alike: float, standing: float = 1.0
) -> list[Differing]:
    """Return the differing slots of two statements whose likeness is `alike`, the surest first.

    `standing` is `alike` as a share of the best likeness that either of the two reaches with a sentence of the
    other's article.
    """
    if alike < _LEAST or min(len(left.words), len(right.words)) < _FEWEST_WORDS:
        return []
    one, other = left.statement, right.statement
    gaps = _gaps(one, other) if left.values and right.values else []
    pairs = _candidates(left, right, gaps, coverage)
    if not pairs:
        return []
    pair = Pair.of(left, right, gaps, pairs, alike=alike, standing=standing)
    found: list[Differing] = []
    for i, j in pairs:
        name = model_of(one.tokens[i], other.tokens[j])
        chance = evidence.chance(name, features(pair, i, j, coverage))
        if chance >= evidence.least(name, alike) and not apart(one, i, other, j, alike):
            found.append(Differing(left=i, right=j, likeness=alike, score=chance))
    best = _rivals(found)
    distinct = {(one.tokens[item.left].key, other.tokens[item.right].key) for item in best}
    return best if len(distinct) < TOO_MANY else []


def model_of(left: Token, right: Token) -> str:
    """Return the kind of value whose weights apply: two places or two persons are more easily told apart."""
    kind = kind_of(left).partition(":")[0]
    return left.slot if kind == "name" and left.slot == right.slot else kind


def _candidates(
    left: Profile, right: Profile, gaps: Sequence[Gap], coverage: Coverage
) -> list[tuple[int, int]]:
    """Return the pairs of values of one kind that have no equal in the other sentence, or no equal in their place."""
    one, other = left.statement, right.statement
    mine = _without_equal(left, right, coverage)
    theirs = _without_equal(right, left, coverage)
    pairs = [(i, j) for i in mine for j in theirs if rival(one, i, other, j, coverage)]
    pairs += [
        (a, c)
        for a, b, c, d, _ in gaps
        if b - a == d - c == 1
        and (a, c) not in pairs
        and rival(one, a, other, c, coverage)
        and not _reordered(left, a, right, c)
    ]
    return pairs


def _reordered(left: Profile, a: int, right: Profile, c: int) -> bool:
    """Return whether one of two names stands in a list that holds the other one, too."""
    one, other = left.statement, right.statement
    mine, theirs = one.tokens[a], other.tokens[c]
    if mine.slot not in NAMES:
        return False
    return (theirs.key in left.values and listed(one, a)) or (mine.key in right.values and listed(other, c))


def _without_equal(item: Profile, other: Profile, coverage: Coverage) -> list[int]:
    """Return the positions of values that the other sentence does not hold, names in no form."""
    return [
        at
        for at, token in enumerate(item.statement.tokens)
        if token.slot in VALUES
        and token.key not in other.values
        and not (token.slot in NAMES and coverage.variants(other.statement.article, token) & other.values)
    ]


def rival(one: Statement, i: int, other: Statement, j: int, coverage: Coverage) -> bool:
    """Return whether two values are of one kind and can contradict each other at all."""
    left, right = one.tokens[i], other.tokens[j]
    if left.slot not in VALUES or right.slot not in VALUES or kind_of(left) != kind_of(right):
        return False
    if not comparable(left, right):
        return False
    if kind_of(left) != "name":
        return True
    # Two names that both articles give are two, and no ward is a street.
    if coverage.holds(other.article, left) and coverage.holds(one.article, right):
        return False
    heads = head_before(one.text, left.start), head_before(other.text, right.start)
    return None in heads or heads[0] == heads[1]


def _gaps(one: Statement, other: Statement) -> list[Gap]:
    """Return where the aligned sentences differ: begin and end in each, and one over the length of the longer part."""
    matcher = difflib.SequenceMatcher(a=one.keys(), b=other.keys(), autojunk=False)
    return [
        (a, b, c, d, 1 / max(b - a, d - c)) for tag, a, b, c, d in matcher.get_opcodes() if tag == "replace"
    ]


def _rivals(found: list[Differing]) -> list[Differing]:
    """Keep one partner for each value: the best first."""
    kept: list[Differing] = []
    for item in sorted(found, key=lambda entry: (-entry.score, entry.left, entry.right)):
        if all(item.left != other.left and item.right != other.right for other in kept):
            kept.append(item)
    return kept


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
