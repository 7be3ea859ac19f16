"""Two sentences in, the places out where one denies what the other says in the same words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobs.reconcile.background import weight
from jobs.reconcile.compare import WINDOW, Around, Profile, contained, likeness, overlap, surroundings

if TYPE_CHECKING:
    from jobs.reconcile.facts import Statement


_REPORTS_THE_SAME = 0.45
# In other words: all that the shorter sentence says stands in the longer one, only one of them negates, and what it
# negates is affirmed in the other.
_ALL_OF_IT, _AS_LONG, _FEWEST_WORDS = 0.7, 0.6, 4
_TELLING = (
    4.0  # weight of a word that says by itself what is denied; a lighter one needs the next word beside it
)
# Words that deny as `không` does; beside one of them the other sentence affirms nothing.
_DENYING = frozenset(
    {
        "cấm",
        "bác",
        "miễn",
        "ngừng",
        "dừng",
        "chối",
        "thiếu",
        "trừ",
        "hoãn",
        "hủy",
        "huỷ",
        "khó",
        "tránh",
        "thay",
    }
)
_INSTEAD = ("thay", "vì")  # "thay vì đưa đi viện" denies as `không` does


def negated_apart(left: Profile, right: Profile) -> tuple[int, int] | None:
    """Return positions where one sentence denies what the other says in the same words, or None."""
    least = 0.4 if likeness(left, right) >= _REPORTS_THE_SAME else 0.6
    for one, other, swapped in (
        (left.statement, right.statement, False),
        (right.statement, left.statement, True),
    ):
        for at, token in enumerate(one.tokens):
            if token.slot != "negation":
                continue
            found = _affirmed(one, at, other, least)
            if found is None and not any(item.slot == "negation" for item in other.tokens):
                found = _reworded(left, right, one, at, other)
            if found is not None:
                return (found, at) if swapped else (at, found)
    return None


def _reworded(left: Profile, right: Profile, one: Statement, at: int, other: Statement) -> int | None:
    """Return where `other`, which negates nothing, affirms in other words what `one` negates at `at`."""
    if min(len(left.words), len(right.words)) < _FEWEST_WORDS or contained(left, right) < _ALL_OF_IT:
        return None
    weights = [sum(side.words.values()) for side in (left, right)]
    if min(weights) < _AS_LONG * max(weights):
        return None
    keys = other.keys()
    if sum(token.slot == "negation" for token in one.tokens) > 1 or _DENYING & set(keys):
        return None
    denied = [token.key for token in one.tokens[at + 1 : at + 3] if token.slot == "word"]
    for index, key in enumerate(keys):
        telling = weight(key) >= _TELLING or keys[index : index + 2] == denied
        if denied and key == denied[0] and telling:
            return index
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
        or any(tuple(keys[at : at + 2]) == _INSTEAD for at in range(max(0, index - 4), index))
    ]
    if not places or denied:
        return None
    best = max(places, key=lambda index: Around.of(one, at, other, index - 1 if index else 0).wide)
    around = overlap(surroundings(one, at, WINDOW), surroundings(other, best, WINDOW))
    return best if around >= least else None
