"""Two sentences in, the places out where one denies what the other says in the same words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobs.reconcile.compare import WINDOW, Around, Profile, likeness, overlap, surroundings

if TYPE_CHECKING:
    from jobs.reconcile.facts import Statement


_REPORTS_THE_SAME = 0.45
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
        or any(tuple(keys[at : at + 2]) == _INSTEAD for at in range(max(0, index - 4), index))
    ]
    if not places or denied:
        return None
    best = max(places, key=lambda index: Around.of(one, at, other, index - 1 if index else 0).wide)
    around = overlap(surroundings(one, at, WINDOW), surroundings(other, best, WINDOW))
    return best if around >= least else None
