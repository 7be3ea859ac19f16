"""Discrepancies: claims in, slot-by-slot differences between their sources out, each with a replayable preference.

The sentences of different articles are compared slot by slot; where slots differ, their normalised values are.
`conflict`: cannot both hold; `precision`: one is more exact; `wording`: another wording of a quoted title. Copies do
not outvote: values are counted by independent articles; but a copy that was altered is reported.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Literal

from jobs.reconcile.copies import voices
from jobs.reconcile.coverage import Coverage
from jobs.reconcile.features import one_bearer
from jobs.reconcile.kinds import kind_of_difference
from jobs.reconcile.lone import lone_values
from jobs.reconcile.profiles import Profile, likeness, profile
from jobs.reconcile.sentences import Found, compare_sentences, context, plain, shown_slot
from jobs.reconcile.vectors import candidate_pairs
from jobs.records import DiscrepancyKind, Record
from jobs.vietnamese.numbers import approximation

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from jobs.reconcile.claims import Claim
    from jobs.reconcile.copies import CopyLink
    from jobs.reconcile.facts import Statement, Token

Reason = Literal["more_sources", "more_exact", "more_recent", "none"]
_TELLS_THE_SAME = 0.4  # likeness from which a sentence tells what another one tells
_SURE = 0.7  # likeness from which a value may contradict several others
_MOST_IN_A_PAIR = 8  # conflicts between two articles of one occasion
_FEW_ARTICLES = 40  # up to which all pairs of articles are compared as wholes


class Value(Record):
    """One value of a slot: canonical, as written, exactness (0 is vaguest), and the sentences that give it."""

    value: str
    text_vi: str
    exactness: int
    sources: tuple[tuple[str, int], ...]
    voices: int
    newest: str


class Difference(Record):
    """One slot on which sources differ; `context` is the Vietnamese around it."""

    slot: str
    kind: DiscrepancyKind
    context: str
    values: tuple[Value, ...]
    preferred: int | None
    reason: Reason


def replay(values: Sequence[Value], kind: DiscrepancyKind) -> tuple[int | None, Reason]:
    """Return the preferred value and why: exactness first for `precision`; else sources, exactness, recency."""
    if kind == "wording":
        return _single_best([v.voices for v in values], "more_sources")
    if kind == "precision":
        best, reason = _single_best([v.exactness for v in values], "more_exact")
        if best is not None:
            return best, reason
    for scores, reason in (
        ([value.voices for value in values], "more_sources"),
        ([value.exactness for value in values], "more_exact"),
        ([value.newest for value in values], "more_recent"),
    ):
        best, found = _single_best(scores, reason)
        if best is not None:
            return best, found
    return None, "none"


def _single_best(scores: Sequence[int | str], reason: Reason) -> tuple[int | None, Reason]:
    top = max(scores)
    winners = [index for index, score in enumerate(scores) if score == top]
    return (winners[0], reason) if len(winners) == 1 else (None, "none")


def find_differences(
    claims: Sequence[Claim], *, copies: Mapping[str, CopyLink], dates: Mapping[str, dt.date | None]
) -> tuple[Difference, ...]:
    """Return the differences between the sources of one event, each once, conflicts first."""
    everything = [member.statement for claim in claims for member in claim.members]
    claim_of = {member.statement.place: claim for claim in claims for member in claim.members}
    profiles = [profile(item) for item in everything]
    profile_of = {item.statement.place: item for item in profiles}
    coverage = Coverage(profiles)
    found: list[tuple[float, Statement, Statement, Found]] = []
    pairs = {(a, b): likeness(profiles[a], profiles[b]) for a, b in _pairs(profiles, len(coverage))}
    best: dict[tuple[int, str], float] = {}
    for (a, b), alike in pairs.items():
        for side, article in ((a, profiles[b].statement.article), (b, profiles[a].statement.article)):
            best[side, article] = max(alike, best.get((side, article), 0.0))
    for (a, b), alike in pairs.items():
        left, right = profiles[a], profiles[b]
        top = max(best[a, right.statement.article], best[b, left.statement.article])
        standing = alike / top if top else 1.0
        found += [
            (item.likeness, left.statement, right.statement, item)
            for item in compare_sentences(left, right, coverage, alike, standing)
        ]
    found += _lone(profiles, coverage)
    found = _one_occasion(_unambiguous(found))
    found.sort(key=lambda entry: (-entry[0], entry[1].place, entry[2].place, entry[3].left.start))
    result: dict[tuple[str, str, frozenset[str]], Difference] = {}
    for _, one, other, item in found:
        sides = one, other
        key = (
            item.slot,
            item.kind,
            frozenset(f"{token.key}|{_approx(token)}" for token in (item.left, item.right)),
        )
        if item.slot == "negation":
            key = item.slot, item.kind, frozenset(str(claim_of[side.place].best.place) for side in sides)
        if key in result:
            continue
        about = [member.statement for side in sides for member in claim_of[side.place].members]
        about = everything if item.slot == "quotation" else about + _telling(one, other, profile_of)
        values = _values(item.slot, [(one, item.left), (other, item.right)], about, copies, dates)
        if item.kind == "conflict" and _told_by_all(values):
            continue
        preferred, reason = replay(values, item.kind)
        result[key] = Difference(
            slot=item.slot,
            kind=item.kind,
            context=item.context,
            values=values,
            preferred=preferred,
            reason=reason,
        )
    rank = {"conflict": 0, "precision": 1, "wording": 2, "single_source": 3}
    return tuple(sorted(result.values(), key=lambda item: rank[item.kind]))


def _told_by_all(values: Sequence[Value]) -> bool:
    """Return whether the articles that give one value give the other one, too: then they do not contradict."""
    one, other = ({article for article, _ in value.sources} for value in values)
    return one == other


Entry = tuple[float, "Statement", "Statement", "Found"]


def _unambiguous(found: Sequence[Entry]) -> list[Entry]:
    """Drop a value that would contradict several values of one other article: it is one of a list, not their rival."""
    rivals: dict[tuple[str, str, str], set[str]] = {}
    for _, one, other, item in found:
        for mine, theirs, a, b in ((one, other, item.left, item.right), (other, one, item.right, item.left)):
            rivals.setdefault((mine.article, a.key, theirs.article), set()).add(b.key)
    kept = []
    for entry in found:
        alike, one, other, item = entry
        several = (
            len(rivals[one.article, item.left.key, other.article]) > 1
            or len(rivals[other.article, item.right.key, one.article]) > 1
        )
        if not several or item.kind != "conflict" or item.slot == "negation" or alike >= _SURE:
            kept.append(entry)
    return kept


def _one_occasion(found: Sequence[Entry]) -> list[Entry]:
    """Drop the conflicts between two articles that differ on nearly everything: they tell of two occasions."""
    counts: dict[frozenset[str], set[frozenset[str]]] = {}
    for _, one, other, item in found:
        if item.kind == "conflict":
            sides = frozenset((one.article, other.article))
            counts.setdefault(sides, set()).add(frozenset((item.left.key, item.right.key)))
    return [
        entry
        for entry in found
        if entry[3].kind != "conflict"
        or len(counts[frozenset((entry[1].article, entry[2].article))]) <= _MOST_IN_A_PAIR
    ]


def _telling(
    one: Statement, other: Statement, profiles: Mapping[tuple[str, int], Profile]
) -> list[Statement]:
    """Return the sentences of all articles that tell what one of the two tells."""
    sides = profiles[one.place], profiles[other.place]
    return [
        item.statement
        for item in profiles.values()
        if any(item is not side and likeness(item, side) >= _TELLS_THE_SAME for side in sides)
    ]


def _lone(profiles: Sequence[Profile], coverage: Coverage) -> list[tuple[float, Statement, Statement, Found]]:
    """Return what articles differ on that otherwise agree; only for events of few articles."""
    sides: dict[str, list[Profile]] = {}
    for item in profiles:
        sides.setdefault(item.statement.article, []).append(item)
    if len(sides) > _FEW_ARTICLES:
        return []
    found = []
    for left, right in itertools.combinations(sides.values(), 2):
        for one, other, slot in lone_values(left, right, coverage):
            mine, theirs = one.statement.tokens[slot.left], other.statement.tokens[slot.right]
            kind = kind_of_difference(mine, theirs, slot.likeness)
            strangers = mine.slot == "title" and not one_bearer(
                one.statement, slot.left, other.statement, slot.right
            )
            if kind is None or strangers:
                continue
            difference = Found(
                slot=shown_slot(mine, theirs),
                kind=kind,
                left=mine,
                right=theirs,
                context=context(one.statement, slot.left),
                likeness=slot.likeness,
            )
            found.append((slot.likeness, one.statement, other.statement, difference))
    return found


def _pairs(profiles: Sequence[Profile], articles: int) -> list[tuple[int, int]]:
    """Return the pairs of sentences of different articles that have enough in common to be compared."""
    keys = [
        [key for key in item.vector if " " in key] + [f"={value}" for value in item.values]
        for item in profiles
    ]
    pairs = candidate_pairs(keys, shared=2, most=max(60, 2 * articles))
    return [(a, b) for a, b in pairs if profiles[a].statement.article != profiles[b].statement.article]


def _values(
    slot: str,
    given: Sequence[tuple[Statement, Token]],
    statements: Sequence[Statement],
    copies: Mapping[str, CopyLink],
    dates: Mapping[str, dt.date | None],
) -> tuple[Value, ...]:
    values = []
    for item, token in given:
        value, text = _shown(slot, item, token)
        sources = {item.place}
        for other in statements:
            for candidate in other.tokens:
                if (
                    candidate.key == token.key
                    and slot not in ("negation", "quotation")
                    and _approx(candidate) == _approx(token)
                ):
                    sources.add(other.place)
        if slot == "quotation":
            sources |= {other.place for other in statements if token.key in plain(other.text)}
        ordered = tuple(sorted(sources))
        days = [dates.get(article) for article, _ in ordered]
        values.append(
            Value(
                value=value,
                text_vi=text,
                exactness=_exactness(token),
                sources=ordered,
                voices=voices([article for article, _ in ordered], dict(copies)),
                newest=max((day.isoformat() for day in days if day), default=""),
            )
        )
    return tuple(values)


def _approx(token: Token) -> str | None:
    return token.mention.approx if token.mention else None


def _shown(slot: str, item: Statement, token: Token) -> tuple[str, str]:
    if slot == "negation":
        return ("negated" if token.slot == "negation" else "affirmed"), item.text
    if token.mention is not None:
        approx = f"{token.mention.approx} " if token.mention.approx else ""
        unit = f" {token.mention.unit}" if token.mention.unit and token.mention.unit != "code" else ""
        words = approximation(item.text, token.start) if approx else None
        return f"{approx}{token.mention.value}{unit}", f"{words} {token.text}" if words else token.text
    return token.text, token.text


def _exactness(token: Token) -> int:
    mention = token.mention
    if mention is None:
        return 0
    if mention.kind == "date":
        return {"minute": 5, "day": 4, "month": 3, "quarter": 2, "year": 1, None: 0}[mention.precision]
    digits = len(re.sub(r"\D", "", mention.value).rstrip("0"))
    return digits * 2 + (0 if mention.approx else 1)
