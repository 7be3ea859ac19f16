"""Discrepancies: claims in, slot-by-slot differences between their sources out, each with a replayable preference.

The sentences of different articles are compared slot by slot; where slots differ, their normalised values are.
`conflict`: cannot both hold; `precision`: one is more exact; `wording`: another wording of a quoted title. Copies do
not outvote: values are counted by independent articles; but a copy that was altered is reported.
"""

from __future__ import annotations

import difflib
import itertools
import re
from typing import TYPE_CHECKING, Literal

from jobs.reconcile.compare import Profile, differing, likeness, one_bearer, profile
from jobs.reconcile.copies import voices
from jobs.reconcile.denial import negated_apart
from jobs.reconcile.facts import Token
from jobs.reconcile.kinds import kind_of_difference
from jobs.reconcile.lone import lone_values
from jobs.reconcile.vectors import candidate_pairs
from jobs.records import DiscrepancyKind, Record

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from jobs.reconcile.claims import Claim
    from jobs.reconcile.copies import CopyLink
    from jobs.reconcile.facts import Statement

Reason = Literal["more_sources", "more_exact", "more_recent", "none"]
# Likeness of two sentences (cosine of their words) from which they are one statement, and from which a denial in the
# same words contradicts.
_SAME_STATEMENT, _SAME_DENIED = 0.5, 0.4
_SURE = 0.7  # likeness from which a value may contradict several others
_FEW_ARTICLES = 40  # up to which all pairs of articles are compared as wholes
_QUOTED = re.compile(r"[\"“”«]([^\"“”«»]{12,160})[\"”»“]")


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
    held: dict[str, set[str]] = {}
    for each in profiles:
        held.setdefault(each.statement.article, set()).update(each.values)
    found: list[tuple[float, Statement, Statement, Found]] = []
    pairs = {(a, b): likeness(profiles[a], profiles[b]) for a, b in _pairs(profiles, len(held))}
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
            for item in _compare(left, right, held, alike, standing)
        ]
    found += _lone(profiles)
    found = _unambiguous(found)
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


def _telling(
    one: Statement, other: Statement, profiles: Mapping[tuple[str, int], Profile]
) -> list[Statement]:
    """Return the sentences of all articles that tell what one of the two tells."""
    sides = profiles[one.place], profiles[other.place]
    return [
        item.statement
        for item in profiles.values()
        if any(item is not side and likeness(item, side) >= _SAME_DENIED for side in sides)
    ]


def _lone(profiles: Sequence[Profile]) -> list[tuple[float, Statement, Statement, Found]]:
    """Return what articles differ on that otherwise agree; only for events of few articles."""
    sides: dict[str, list[Profile]] = {}
    for item in profiles:
        sides.setdefault(item.statement.article, []).append(item)
    if len(sides) > _FEW_ARTICLES:
        return []
    found = []
    for left, right in itertools.combinations(sides.values(), 2):
        for one, other, slot in lone_values(left, right):
            mine, theirs = one.statement.tokens[slot.left], other.statement.tokens[slot.right]
            kind = kind_of_difference(mine, theirs, slot.likeness)
            strangers = mine.slot == "title" and not one_bearer(
                one.statement, slot.left, other.statement, slot.right
            )
            if kind is None or strangers:
                continue
            difference = Found(
                slot=_shown_slot(mine, theirs),
                kind=kind,
                left=mine,
                right=theirs,
                context=_context(one.statement, slot.left, slot.left + 1),
                likeness=slot.likeness,
            )
            found.append((slot.likeness, one.statement, other.statement, difference))
    return found


class Found(Record):
    """A difference between two sentences before its sources are gathered."""

    slot: str
    kind: DiscrepancyKind
    left: Token
    right: Token
    context: str
    likeness: float


def _pairs(profiles: Sequence[Profile], articles: int) -> list[tuple[int, int]]:
    """Return the pairs of sentences of different articles that have enough in common to be compared."""
    keys = [
        [key for key in item.vector if " " in key] + [f"={value}" for value in item.values]
        for item in profiles
    ]
    pairs = candidate_pairs(keys, shared=2, most=max(60, 2 * articles))
    return [(a, b) for a, b in pairs if profiles[a].statement.article != profiles[b].statement.article]


def _compare(
    left: Profile, right: Profile, held: Mapping[str, set[str]], alike: float, standing: float
) -> list[Found]:
    one, other = left.statement, right.statement
    slots = differing(left, right, held, alike=alike, standing=standing)
    result: list[Found] = _quoted(one, other)
    for item in slots:
        mine, theirs = one.tokens[item.left], other.tokens[item.right]
        kind = kind_of_difference(mine, theirs, alike)
        if mine.slot == "title" and one_bearer(one, item.left, other, item.right) is False:
            kind = None
        if kind is not None:
            slot = _shown_slot(mine, theirs)
            context = _context(one, item.left, item.left + 1)
            result.append(
                Found(slot=slot, kind=kind, left=mine, right=theirs, context=context, likeness=alike)
            )
    if alike >= _SAME_STATEMENT:
        result += _approximate(one, other, alike)
    if alike >= _SAME_DENIED and (places := negated_apart(left, right)) is not None:
        a, b = places
        context = _context(one, a, a + 1)
        result.append(
            Found(
                slot="negation",
                kind="conflict",
                left=one.tokens[a],
                right=other.tokens[b],
                context=context,
                likeness=alike,
            )
        )
    return result


def _context(item: Statement, begin: int, end: int) -> str:
    first, last = item.tokens[max(0, begin - 6)], item.tokens[min(len(item.tokens) - 1, end + 4)]
    return item.text[first.start : last.end]


def _shown_slot(one: Token, other: Token) -> str:
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
            context = _context(one, at, at + 1)
            result.append(
                Found(
                    slot="figure",
                    kind="precision",
                    left=mine,
                    right=twins[0],
                    context=context,
                    likeness=alike,
                )
            )
    return result


def _quoted(left: Statement, right: Statement) -> list[Found]:
    """Return quoted titles and slogans that are worded differently."""
    result: list[Found] = []
    for one in _QUOTED.finditer(left.text):
        for other in _QUOTED.finditer(right.text):
            a, b = _plain(one[1]), _plain(other[1])
            if a != b and difflib.SequenceMatcher(a=a.split(), b=b.split(), autojunk=False).ratio() >= 0.75:
                context = left.text[one.start() : one.end()]
                result.append(
                    Found(
                        slot="quotation",
                        kind="wording",
                        left=_span(one),
                        right=_span(other),
                        context=context,
                        likeness=1.0,
                    )
                )
    return result


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text).lower().strip()


def _span(match: re.Match[str]) -> Token:
    plain = " ".join(match[1].split()).rstrip(",. ")
    return Token(slot="word", key=_plain(plain), text=plain, start=match.start(1), end=match.end(1))


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
            sources |= {other.place for other in statements if token.key in _plain(other.text)}
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
        return f"{approx}{token.mention.value}{unit}", token.text
    return token.text, token.text


def _exactness(token: Token) -> int:
    mention = token.mention
    if mention is None:
        return 0
    if mention.kind == "date":
        return {"minute": 5, "day": 4, "month": 3, "quarter": 2, "year": 1, None: 0}[mention.precision]
    digits = len(re.sub(r"\D", "", mention.value).rstrip("0"))
    return digits * 2 + (0 if mention.approx else 1)
