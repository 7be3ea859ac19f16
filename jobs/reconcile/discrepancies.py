"""Discrepancies: claims in, slot-by-slot differences between their sources out, each with a replayable preference.

The sentences of a claim are aligned slot by slot; where aligned slots differ, their normalised values are compared.
`conflict`: cannot both hold; `precision`: one is more exact; `wording`: another wording of a quoted title. Copies do
not outvote: values are counted by independent articles.
"""

from __future__ import annotations

import difflib
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from jobs.reconcile.copies import voices
from jobs.records import DiscrepancyKind, Record

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from jobs.reconcile.claims import Claim
    from jobs.reconcile.copies import CopyLink
    from jobs.reconcile.facts import Slot, Statement, Token

Reason = Literal["more_sources", "more_exact", "more_recent", "none"]
# Below this share of agreeing slots two sentences are too far apart for a differing slot to mean the same slot.
_ALIGNED = 0.5
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
    for key, reason in ((lambda v: v.voices, "more_sources"), (lambda v: v.exactness, "more_exact"), (lambda v: v.newest, "more_recent")):
        best, found = _single_best([key(v) for v in values], reason)  # type: ignore[arg-type]
        if best is not None:
            return best, found
    return None, "none"


def _single_best(scores: Sequence[int] | Sequence[str], reason: Reason) -> tuple[int | None, Reason]:
    top = max(scores)  # type: ignore[type-var]
    winners = [index for index, score in enumerate(scores) if score == top]
    return (winners[0], reason) if len(winners) == 1 else (None, "none")


def find_differences(
    claims: Sequence[Claim], *, copies: Mapping[str, CopyLink], dates: Mapping[str, dt.date | None]
) -> tuple[Difference, ...]:
    """Return the differences between independent sources, each slot once."""
    found: dict[tuple[str, str, frozenset[str]], Difference] = {}
    everything = [member.statement for claim in claims for member in claim.members]
    for claim in claims:
        statements = [member.statement for member in claim.members]
        for position, left in enumerate(statements):
            for right in statements[position + 1 :]:
                if voices([left.article, right.article], dict(copies)) < 2:
                    continue
                for slot, kind, one, other, context in _compare(left, right):
                    values = _values(
                        slot,
                        [(left, one), (right, other)],
                        everything if slot == "quotation" else statements,
                        copies,
                        dates,
                    )
                    key = (slot, kind, frozenset(value.value for value in values))
                    if key not in found:
                        preferred, reason = replay(values, kind)
                        found[key] = Difference(
                            slot=slot, kind=kind, context=context, values=values, preferred=preferred, reason=reason
                        )
    rank = {"conflict": 0, "precision": 1, "wording": 2, "single_source": 3}
    return tuple(sorted(found.values(), key=lambda item: rank[item.kind]))


Found = tuple[str, DiscrepancyKind, "Token", "Token", str]


def _compare(left: Statement, right: Statement) -> list[Found]:
    matcher = difflib.SequenceMatcher(a=left.keys(), b=right.keys(), autojunk=False)
    agreeing = sum(block.size for block in matcher.get_matching_blocks())
    short = min(len(left.tokens), len(right.tokens))
    result: list[Found] = []
    result += _quoted(left, right)
    if not short or agreeing < _ALIGNED * short:
        return result
    close = agreeing >= 0.75 * max(len(left.tokens), len(right.tokens))
    for operation, a0, a1, b0, b1 in matcher.get_opcodes():
        one, other = left.tokens[a0:a1], right.tokens[b0:b1]
        if operation == "replace":
            result += _replaced(left, right, one, other, close=close)
        if operation in ("insert", "delete", "replace") and close:
            negations = [t for t in one if t.slot == "negation"], [t for t in other if t.slot == "negation"]
            if len(negations[0]) != len(negations[1]) and len(one) + len(other) <= 4:
                result.append(("negation", "conflict", *_anchor(left, right, a0, b0), _context(left, a0, a1)))
        if operation in ("insert", "delete"):
            result += _approximate(left, right, (a0, a1, b0, b1))
    return result


def _anchor(left: Statement, right: Statement, a: int, b: int) -> tuple[Token, Token]:
    return left.tokens[min(a, len(left.tokens) - 1)], right.tokens[min(b, len(right.tokens) - 1)]


def _context(item: Statement, begin: int, end: int) -> str:
    first, last = item.tokens[max(0, begin - 6)], item.tokens[min(len(item.tokens) - 1, end + 4)]
    return item.text[first.start : last.end]


def _replaced(
    left: Statement, right: Statement, one: Sequence[Token], other: Sequence[Token], *, close: bool
) -> list[Found]:
    result: list[Found] = []
    for slot in ("figure", "date", "person", "title", "place"):
        mine, theirs = [t for t in one if t.slot == slot], [t for t in other if t.slot == slot]
        if len(mine) != 1 or len(theirs) != 1:
            continue
        if slot in ("person", "title", "place") and not close:
            continue
        # The replaced stretch may hold a few other words, not another statement.
        if len(one) > 5 or len(other) > 5:
            continue
        kind = _kind(slot, mine[0], theirs[0])  # type: ignore[arg-type]
        if kind is not None:
            at = left.tokens.index(mine[0])
            result.append((slot, kind, mine[0], theirs[0], _context(left, at, at + 1)))
    return result


def _kind(slot: Slot, one: Token, other: Token) -> DiscrepancyKind | None:
    if slot == "figure":
        return _figure_kind(one, other)
    if slot == "date":
        return _date_kind(one, other)
    a, b = one.key.split(":", 1)[1], other.key.split(":", 1)[1]
    if slot == "person":
        if set(a.split()) <= set(b.split()) or set(b.split()) <= set(a.split()):
            return None
        close = difflib.SequenceMatcher(a=a, b=b).ratio() >= 0.85
        return "wording" if close and len(a.split()) == len(b.split()) and a.replace(" ", "") == b.replace(" ", "") else "conflict"
    if a in b or b in a:
        return None
    return "conflict"


def _figure_kind(one: Token, other: Token) -> DiscrepancyKind | None:
    a, b = one.mention, other.mention
    assert a is not None
    assert b is not None
    if a.unit == "code" or b.unit == "code":
        return "conflict" if a.unit == b.unit and a.value != b.value else None
    if a.unit != b.unit or {a.kind, b.kind} & {"ordinal", "time", "score"} and a.kind != b.kind:
        return None
    if a.value == b.value:
        return None
    try:
        x, y = Decimal(a.value), Decimal(b.value)
    except ArithmeticError:
        return "conflict"
    if _rounds_to(x, y, a.approx) or _rounds_to(y, x, b.approx):
        return "precision"
    return "conflict"


def _rounds_to(rough: Decimal, exact: Decimal, approx: str | None) -> bool:
    """Return whether `rough` is `exact` rounded to fewer figures, in the direction that its word allows."""
    digits = len(rough.normalize().as_tuple().digits)
    if digits >= len(exact.normalize().as_tuple().digits) or exact == 0:
        return False
    if approx == "over":
        return rough < exact <= rough * Decimal("1.1")
    if approx == "under":
        return rough * Decimal("0.9") <= exact < rough
    return abs(rough - exact) <= abs(exact) * Decimal("0.05")


def _date_kind(one: Token, other: Token) -> DiscrepancyKind | None:
    a, b = one.key.removeprefix("date:"), other.key.removeprefix("date:")
    if _same_day(a, b):
        return None
    if "/" in a or "/" in b:
        # The range of a series and the day of its opening are both right.
        return None if ("/" in a) != ("/" in b) else "conflict"
    short, long = sorted((a, b), key=len)
    if long.startswith(short):
        return "precision"
    if len(a) != len(b):
        return None
    return "conflict"


def _same_day(a: str, b: str) -> bool:
    return a == b or (a.startswith("--") != b.startswith("--") and a[-5:] == b[-5:])


def _approximate(left: Statement, right: Statement, span: tuple[int, int, int, int]) -> list[Found]:
    """`hơn 97%` against `97%`: the value agrees, one side says it more exactly."""
    a0, a1, b0, b1 = span
    for mine, theirs in ((left.tokens[a1 : a1 + 1], right.tokens[b1 : b1 + 1]),):
        if not mine or not theirs or mine[0].slot != "figure" or mine[0].key != theirs[0].key:
            continue
        one, other = mine[0].mention, theirs[0].mention
        if one and other and one.approx != other.approx and a1 - a0 <= 2 and b1 - b0 <= 2:
            return [("figure", "precision", mine[0], theirs[0], _context(left, a0, a1 + 1))]
    return []


def _quoted(left: Statement, right: Statement) -> list[Found]:
    """Return quoted titles and slogans that are worded differently."""
    result: list[Found] = []
    for one in _QUOTED.finditer(left.text):
        for other in _QUOTED.finditer(right.text):
            a, b = _plain(one[1]), _plain(other[1])
            if a != b and difflib.SequenceMatcher(a=a.split(), b=b.split(), autojunk=False).ratio() >= 0.75:
                result.append(("quotation", "wording", _span(one), _span(other), left.text[one.start() : one.end()]))
    return result


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text).lower().strip()


def _span(match: re.Match[str]) -> Token:
    from jobs.reconcile.facts import Token

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
                if candidate.key == token.key and slot not in ("negation", "quotation") and _approx(candidate) == _approx(token):
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
        negates = any(candidate.slot == "negation" for candidate in item.tokens)
        return ("negated" if negates else "affirmed"), item.text
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
