"""The sentences of an event in; what each article tells elsewhere, and how far two articles agree, out.

A value that an article lacks in one sentence may stand in another one: then two values are two facts and no conflict.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from jobs.reconcile.around import WINDOW, surroundings
from jobs.reconcile.profiles import NAMES, VALUES, Profile, kind_of, likeness, overlap
from jobs.vietnamese.fold import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobs.reconcile.facts import Token

_MOST_PLACES = 12  # where one value is looked up in an article


class Coverage:
    """What the articles of one event tell."""

    def __init__(self, profiles: Sequence[Profile]) -> None:
        """Index the values of `profiles` by article."""
        self._where: dict[str, dict[str, list[tuple[Profile, int]]]] = defaultdict(dict)
        self._names: dict[str, dict[str, list[tuple[frozenset[str], str]]]] = defaultdict(dict)
        self._kinds: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        self._variants: dict[tuple[str, str], frozenset[str]] = {}
        self._agreed: dict[tuple[str, str], float] = {}
        self._orphans: dict[tuple[str, str, str], int] = {}
        for item in profiles:
            article = item.statement.article
            where = self._where[article]
            for at, token in enumerate(item.statement.tokens):
                if token.slot not in VALUES:
                    continue
                if token.key not in where and token.slot in NAMES:
                    words = _words(token)
                    for word in words:
                        self._names[article].setdefault(word, []).append((words, token.key))
                where.setdefault(token.key, []).append((item, at))
                self._kinds[article][kind_of(token)].add(token.key)

    def __len__(self) -> int:
        """Return the number of articles."""
        return len(self._where)

    def holds(self, article: str, token: Token) -> bool:
        """Return whether `article` tells the value of `token`, or another form of the name."""
        return token.key in self._where[article] or bool(self.variants(article, token))

    def told(self, article: str, token: Token) -> list[tuple[Profile, int]]:
        """Return where `article` tells the value of `token`, or another form of the name."""
        keys = [token.key, *sorted(self.variants(article, token))]
        return [place for key in keys for place in self._where[article].get(key, [])][:_MOST_PLACES]

    def variants(self, article: str, token: Token) -> frozenset[str]:
        """Return the names of `article` that hold all words of this name, or all of whose words it holds."""
        if token.slot not in NAMES:
            return frozenset()
        key = article, token.key
        if key not in self._variants:
            words = _words(token)
            self._variants[key] = frozenset(
                name
                for word in words
                for other, name in self._names[article].get(word, [])
                if name != token.key and (other <= words or words <= other)
            )
        return self._variants[key]

    def explained(self, article: str, item: Profile, at: int, besides: Profile) -> tuple[float, float]:
        """Return how well a sentence of `article` other than `besides` tells what `item` tells with the value at `at`.

        The first is the share of the surroundings of the value that surround it there, too; the second the likeness
        of the two sentences.
        """
        places = [place for place in self.told(article, item.statement.tokens[at]) if place[0] is not besides]
        if not places:
            return 0.0, 0.0
        mine = surroundings(item.statement, at, WINDOW)
        return (
            max(overlap(mine, surroundings(other.statement, index, WINDOW)) for other, index in places),
            max(likeness(item, other) for other, _ in places),
        )

    def agreed(self, one: str, other: str) -> float:
        """Return the share of the values of the poorer article that stand in the other one."""
        key = (one, other) if one < other else (other, one)
        if key not in self._agreed:
            a, b = self._where[one].keys(), self._where[other].keys()
            self._agreed[key] = len(a & b) / max(1, min(len(a), len(b)))
        return self._agreed[key]

    def orphans(self, one: str, other: str, kind: str) -> int:
        """Return how many values of `kind` the article `one` tells that `other` lacks."""
        key = (one, other, kind)
        if key not in self._orphans:
            self._orphans[key] = len(self._kinds[one][kind] - self._where[other].keys())
        return self._orphans[key]


def _words(token: Token) -> frozenset[str]:
    return frozenset(fold(token.key.split(":", 1)[1]).lower().replace(".", " ").replace("-", " ").split())
