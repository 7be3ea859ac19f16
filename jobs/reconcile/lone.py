"""Two articles in, the single values out on which they differ while they agree on nearly everything else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobs.reconcile.apart import apart
from jobs.reconcile.around import Around
from jobs.reconcile.compare import TOO_MANY, Differing, rival
from jobs.reconcile.features import one_level
from jobs.reconcile.profiles import NAMES, VALUES, Profile, contained, kind_of, likeness

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobs.reconcile.coverage import Coverage

# Two articles agree throughout if so many values, and such a share of the poorer one's, stand in both; then a little
# of the surroundings in common is enough.
_FEWEST_SHARED, _AGREED, _SOME = 6, 0.7, 0.4
_FEW_RIVALS, _SOME_OF_SEVERAL, _SOME_OF_NAMES = 3, 0.45, 0.5
_COMMON_UNITS = frozenset({"number", "%", "pp", "USD", "VND", "day", "month", "year", "hour", "minute"})


def lone_values(
    left: Sequence[Profile], right: Sequence[Profile], coverage: Coverage
) -> list[tuple[Profile, Profile, Differing]]:
    """Return the values on which two articles differ that otherwise agree throughout, however they are worded.

    Where an article has one person, place, day or figure of a kind that the other lacks, and the other has one in
    its stead, and most values of the two are the same, the two stand for one slot.
    """
    mine, theirs = ({key for item in side for key in item.values} for side in (left, right))
    shared = len(mine & theirs)
    if shared < _FEWEST_SHARED or shared < _AGREED * min(len(mine), len(theirs)):
        return []
    ours, others = _alone(left, right, coverage), _alone(right, left, coverage)
    found = []
    for kind in sorted(set(ours) & set(others)):
        counts = [len({item.statement.tokens[at].key for item, at in side[kind]}) for side in (ours, others)]
        if min(counts) != 1 or max(counts) > _FEW_RIVALS:
            continue
        least = _enough(kind) if max(counts) == 1 else max(_enough(kind), _SOME_OF_SEVERAL)
        best: tuple[float, Profile, Profile, Differing] | None = None
        for one, i in ours[kind]:
            for other, j in others[kind]:
                around = Around.of(one.statement, i, other.statement, j)
                local = max(around.wide, around.narrow, contained(one, other))
                if local >= least and (best is None or local > best[0]):
                    alike = likeness(one, other)
                    best = local, one, other, Differing(left=i, right=j, likeness=alike, score=local)
        if best is None:
            continue
        places = best[1].statement, best[3].left, best[2].statement, best[3].right
        alike = best[3].likeness
        if rival(*places, coverage) and one_level(*places) and not apart(*places, alike):
            found.append((best[1], best[2], best[3]))
    return found if len(found) < TOO_MANY else []


def _enough(kind: str) -> float:
    """Return how much of the surroundings must agree: nothing where one figure has a unit that is rare in the press."""
    parts = kind.split(":")
    if parts[0] in NAMES:
        return _SOME_OF_NAMES
    return 0.0 if parts[0] == "figure" and parts[1] not in _COMMON_UNITS else _SOME


def _alone(
    side: Sequence[Profile], others: Sequence[Profile], coverage: Coverage
) -> dict[str, list[tuple[Profile, int]]]:
    """Return the values that the other article does not hold, by kind; bare numbers by the noun that they count."""
    article = others[0].statement.article
    found: dict[str, list[tuple[Profile, int]]] = {}
    for item in side:
        for at, token in enumerate(item.statement.tokens):
            if token.slot not in VALUES or token.slot == "name" or coverage.holds(article, token):
                continue
            kind = token.slot if token.slot in NAMES else kind_of(token)
            if kind == "date" and token.mention is not None:
                kind = f"date:{token.mention.precision}:{'/' in token.mention.value}"
            if kind == "figure:number":
                following = item.statement.tokens[at + 1].key if at + 1 < len(item.statement.tokens) else ""
                kind = f"{kind}:{following}"
            found.setdefault(kind, []).append((item, at))
    return found
