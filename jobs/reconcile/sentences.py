"""Two sentences in, their differences out: slots, approximate figures, denials and quoted titles worded otherwise."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

from jobs.reconcile.compare import differing
from jobs.reconcile.denial import negated_apart
from jobs.reconcile.facts import Token
from jobs.reconcile.features import one_bearer
from jobs.reconcile.kinds import kind_of_difference
from jobs.reconcile.profiles import Profile
from jobs.records import DiscrepancyKind, Record

if TYPE_CHECKING:
    from jobs.reconcile.coverage import Coverage
    from jobs.reconcile.facts import Statement

# Likeness of two sentences (cosine of their words) from which they are one statement, and from which a denial in the
# same words contradicts.
_SAME_STATEMENT, _SAME_DENIED = 0.5, 0.4
_QUOTED = re.compile(r"[\"“”«]([^\"“”«»]{12,160})[\"”»“]")


class Found(Record):
    """A difference between two sentences before its sources are gathered."""

    slot: str
    kind: DiscrepancyKind
    left: Token
    right: Token
    context: str
    likeness: float


def compare_sentences(
    left: Profile, right: Profile, coverage: Coverage, alike: float, standing: float
) -> list[Found]:
    """Return the differences between two statements; see `compare.differing` for the arguments."""
    one, other = left.statement, right.statement
    slots = differing(left, right, coverage, alike=alike, standing=standing)
    result: list[Found] = _quoted(one, other)
    for item in slots:
        mine, theirs = one.tokens[item.left], other.tokens[item.right]
        kind = kind_of_difference(mine, theirs, alike)
        if mine.slot == "title" and not _one_office(one, item.left, other, item.right):
            kind = None
        if kind is not None:
            slot = shown_slot(mine, theirs)
            result.append(
                Found(
                    slot=slot,
                    kind=kind,
                    left=mine,
                    right=theirs,
                    context=context(one, item.left),
                    likeness=alike,
                )
            )
    if alike >= _SAME_STATEMENT:
        result += _approximate(one, other, alike)
    if alike >= _SAME_DENIED and (places := negated_apart(left, right)) is not None:
        a, b = places
        result.append(
            Found(
                slot="negation",
                kind="conflict",
                left=one.tokens[a],
                right=other.tokens[b],
                context=context(one, a),
                likeness=alike,
            )
        )
    return result


def _one_office(one: Statement, left: int, other: Statement, right: int) -> bool:
    """Return whether two titles are one person's, or, where no person is named, at least related."""
    same = one_bearer(one, left, other, right)
    words = [set(item.tokens[at].key.split(":", 1)[1].split()) for item, at in ((one, left), (other, right))]
    return bool(words[0] & words[1]) if same is None else same


def context(item: Statement, at: int) -> str:
    """Return the words around position `at`."""
    first, last = item.tokens[max(0, at - 6)], item.tokens[min(len(item.tokens) - 1, at + 5)]
    return item.text[first.start : last.end]


def shown_slot(one: Token, other: Token) -> str:
    """Return the slot under which a difference is shown."""
    if one.slot == "name":
        return other.slot if other.slot != "name" else "person"
    return one.slot


def _approximate(one: Statement, other: Statement, alike: float) -> list[Found]:
    """`hơn 97%` against `97%`: the value agrees, one side says it more exactly."""
    result = []
    for at, mine in enumerate(one.tokens):
        if mine.slot != "figure" or mine.mention is None:
            continue
        twins = [token for token in other.tokens if token.key == mine.key and token.mention is not None]
        if twins and all((token.mention and token.mention.approx) != mine.mention.approx for token in twins):
            result.append(
                Found(
                    slot="figure",
                    kind="precision",
                    left=mine,
                    right=twins[0],
                    context=context(one, at),
                    likeness=alike,
                )
            )
    return result


def _quoted(left: Statement, right: Statement) -> list[Found]:
    """Return quoted titles and slogans that are worded differently."""
    result: list[Found] = []
    for one in _QUOTED.finditer(left.text):
        for other in _QUOTED.finditer(right.text):
            a, b = plain(one[1]), plain(other[1])
            if a != b and difflib.SequenceMatcher(a=a.split(), b=b.split(), autojunk=False).ratio() >= 0.75:
                result.append(
                    Found(
                        slot="quotation",
                        kind="wording",
                        left=_span(one),
                        right=_span(other),
                        context=one[0],
                        likeness=1.0,
                    )
                )
    return result


def plain(text: str) -> str:
    """Return the lower-case words of `text`."""
    return re.sub(r"\W+", " ", text).lower().strip()


def _span(match: re.Match[str]) -> Token:
    text = " ".join(match[1].split()).rstrip(",. ")
    return Token(slot="word", key=plain(text), text=text, start=match.start(1), end=match.end(1))
