"""Discrepancies: claims in, slot-by-slot differences between their sources out, each with a replayable preference.

The sentences of different articles are compared slot by slot; where slots differ, their normalised values are.
`conflict`: cannot both hold; `precision`: one is more exact; `wording`: another wording of a quoted title. Copies do
not outvote: values are counted by independent articles; but a copy that was altered is reported.
"""

from __future__ import annotations

import difflib
import itertools
import re
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Literal

from jobs.reconcile.compare import Profile, differing, likeness, lone_values, negated_apart, profile
from jobs.reconcile.copies import voices
from jobs.reconcile.facts import Token
from jobs.reconcile.vectors import candidate_pairs
from jobs.records import DiscrepancyKind, Record
from jobs.vietnamese.fold import fold

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from jobs.reconcile.claims import Claim
    from jobs.reconcile.copies import CopyLink
    from jobs.reconcile.facts import Statement

Reason = Literal["more_sources", "more_exact", "more_recent", "none"]
# Likeness of two sentences (cosine of their words) from which they are one statement; from which a denial in the
# same words contradicts; and from which one range of days within another is another date, not a part of it.
_SAME_STATEMENT, _SAME_DENIED, _SAME_RANGE = 0.5, 0.35, 0.6
_SPELLING, _SHORT_NAME = (
    0.85,
    6,
)  # from this ratio on two names are two spellings; short names differ by a letter
_FEW_ARTICLES = 40  # up to which all pairs of articles are compared as wholes
_MODIFIERS = frozenset({"phó", "nguyên", "cựu", "quyền", "thứ"})
_DAY_AND_MONTH = re.compile(r"(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])")
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
    for a, b in _pairs(profiles, len(held)):
        left, right = profiles[a], profiles[b]
        found += [
            (item.likeness, left.statement, right.statement, item) for item in _compare(left, right, held)
        ]
    found += _lone(profiles)
    found.sort(key=lambda entry: (-entry[0], entry[1].place, entry[2].place, entry[3].left.start))
    result: dict[tuple[str, str, frozenset[str]], Difference] = {}
    for _, one, other, item in found:
        about = [m.statement for source in (one, other) for m in claim_of[source.place].members]
        about += _telling(one, other, profile_of)
        values = _values(
            item.slot,
            [(one, item.left), (other, item.right)],
            everything if item.slot == "quotation" else about,
            copies,
            dates,
        )
        key = item.slot, item.kind, frozenset((item.left.key, item.right.key))
        if item.slot == "figure" and item.kind == "precision":
            key = item.slot, item.kind, frozenset(value.value for value in values)
        if item.slot == "negation":
            key = (
                item.slot,
                item.kind,
                frozenset(str(claim_of[source.place].best.place) for source in (one, other)),
            )
        if key not in result:
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
            kind = _kind(mine, theirs, slot.likeness)
            if kind is None:
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


def _compare(left: Profile, right: Profile, held: Mapping[str, set[str]]) -> list[Found]:
    one, other = left.statement, right.statement
    alike, slots = differing(left, right, held)
    result: list[Found] = _quoted(one, other)
    for item in slots:
        mine, theirs = one.tokens[item.left], other.tokens[item.right]
        kind = _kind(mine, theirs, alike)
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


def _kind(one: Token, other: Token, alike: float) -> DiscrepancyKind | None:
    if one.slot == "figure":
        return _figure_kind(one, other)
    if one.slot == "date":
        return _date_kind(one, other, alike)
    a, b = one.key.split(":", 1)[1], other.key.split(":", 1)[1]
    return _title_kind(a, b) if one.slot == "title" else _name_kind(fold(a), fold(b))


def _name_kind(a: str, b: str) -> DiscrepancyKind | None:
    """Return None for a longer and a shorter form of one name, `wording` for two spellings, else `conflict`."""
    one, other = (re.findall(r"\w+", text.lower()) for text in (a, b))
    if ("-" in a) != ("-" in b):  # "Mi-khai-lốp" and "Mikhailov": a foreign name spelled by its sound
        return None
    if set(one) <= set(other) or set(other) <= set(one):
        return None
    if a.split(maxsplit=1)[0] not in _surnames() and set(one) & set(other):
        return "wording"  # foreign names are given in part, and spelled in several ways
    initials = {"".join(word[0] for word in words) for words in (one, other)}
    if initials & {"".join(one), "".join(other)}:
        return None
    close = difflib.SequenceMatcher(a=" ".join(one), b=" ".join(other), autojunk=False).ratio() >= _SPELLING
    return "wording" if close and len(one) == len(other) and len("".join(one)) > _SHORT_NAME else "conflict"


@cache
def _surnames() -> frozenset[str]:
    from jobs.vietnamese.names import rules

    return frozenset(fold(name).lower() for name in rules()["surnames"])


def _title_kind(a: str, b: str) -> DiscrepancyKind | None:
    """Return `conflict` for two ranks (`phó`, `nguyên`, another head), None for a longer form of one title."""
    one, other = a.split(), b.split()
    modifiers = [{word for word in words if word in _MODIFIERS} for words in (one, other)]
    heads = [[word for word in words if word not in _MODIFIERS] for words in (one, other)]
    short, long = sorted(heads, key=len)
    same = long[: len(short)] == short or long[-len(short) :] == short
    if same:
        return "conflict" if modifiers[0] != modifiers[1] else None
    return "conflict"


def _figure_kind(one: Token, other: Token) -> DiscrepancyKind | None:
    a, b = one.mention, other.mention
    assert a is not None
    assert b is not None
    if a.unit != b.unit or ({a.kind, b.kind} & {"ordinal", "time", "score"} and a.kind != b.kind):
        return None
    if a.unit == "code":
        return "conflict" if re.sub(r"\W", "", a.value) != re.sub(r"\W", "", b.value) else None
    if any(_DAY_AND_MONTH.fullmatch(mention.text) for mention in (a, b)) and a.unit is None:
        return None
    try:
        x, y = Decimal(a.value), Decimal(b.value)
    except ArithmeticError:
        return "conflict" if a.value != b.value else None
    if x == y:
        return None
    if _rounds_to(x, y, a.approx) or _rounds_to(y, x, b.approx):
        return "precision"
    return "conflict"


def _rounds_to(rough: Decimal, exact: Decimal, approx: str | None) -> bool:
    """Return whether `rough` is `exact` said with fewer figures, in the direction that its word allows.

    "hơn 300" is under 400, "gần" allows a tenth, "khoảng" a twentieth; without a word only a rounding by 2 % is one.
    """
    places = len(rough.normalize().as_tuple().digits)
    if places >= len(exact.normalize().as_tuple().digits) or exact == 0:
        return False
    unit = Decimal(1).scaleb(rough.adjusted() - places + 1)
    if approx in ("over", "at_least"):
        return rough <= exact < rough + unit
    if approx in ("under", "up_to"):
        return rough * Decimal("0.9") <= exact <= rough
    if approx == "about":
        return abs(rough - exact) <= abs(exact) * Decimal("0.05")
    return abs(rough - exact) < unit and abs(rough - exact) <= abs(exact) * Decimal("0.02")


def _date_kind(one: Token, other: Token, alike: float) -> DiscrepancyKind | None:
    a, b = one.key.removeprefix("date:"), other.key.removeprefix("date:")
    if _same_day(a, b):
        return None
    if "/" in a or "/" in b:
        # The range of a series and the day of its opening are both right; so are a series and one of its meetings,
        # unless the two sentences are otherwise one.
        if ("/" in a) != ("/" in b):
            return None
        (a0, a1), (b0, b1) = (sorted(item.split("/", 1)) for item in (a, b))
        nested = (a0 <= b0 and b1 <= a1) or (b0 <= a0 and a1 <= b1)
        return "conflict" if not nested or alike >= _SAME_RANGE else None
    short, long = sorted((a, b), key=len)
    if long.startswith(short):
        return "precision"
    return "conflict" if len(a) == len(b) else None


def _same_day(a: str, b: str) -> bool:
    return a == b or (a.startswith("--") != b.startswith("--") and a[-5:] == b[-5:])


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
