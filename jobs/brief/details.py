"""Figures, timeline and entities of an event: claims in, entries with their sources out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from jobs.brief.phrasing import ended, options
from jobs.records import Entity, Figure, Source, TimelineEntry
from jobs.translate.roles import role_in_english
from jobs.vietnamese.condense import capital

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jobs.brief.material import Material, Place
    from jobs.brief.phrasing import Phrasing
    from jobs.brief.room import Room
    from jobs.brief.verify import Gate
    from jobs.reconcile.claims import Claim
    from jobs.reconcile.facts import Token
    from jobs.records import EntityKind, Mention
    from jobs.translate.glossary import TermBase

_FIGURE_KINDS = {"percent", "money", "measure", "number", "age", "score"}
_WHAT_LEAST, _WHAT_MOST = 6, 10  # words that tell what a figure counts
_MOST_BODIES = 8
_TAIL_WORDS, _LEAST_LINE = 4, 5
_SCENE = 12  # words before a date that leave a line too little room for what happened
_LINE, _END_LINE = 26, 20  # words of a line of the timeline; of one that starts within its sentence


def _sources(places: Sequence[Place]) -> tuple[Source, ...]:
    return tuple(Source(article=article, sentence=n) for article, n in dict.fromkeys(places))


def _slots(claims: Sequence[Claim], slot: str) -> Iterator[tuple[Claim, str, Token, Mention]]:
    """Yield the values of `slot` in all members of the claims, each with its claim and its sentence."""
    for claim in claims:
        for member in claim.members:
            for token in member.statement.tokens:
                if token.slot == slot and token.mention is not None:
                    yield claim, member.statement.text, token, token.mention


def figure_entries(
    claims: Sequence[Claim], material: Material, gate: Gate, most: int, room: Room
) -> tuple[Figure, ...]:
    """Return figures that count or measure something, corroborated ones first; codes, years and ordinals are none.

    At most `most`, and no more than fit into `room` with what they count.
    """
    found: dict[tuple[str, str | None, str | None], Figure] = {}
    for claim, text, token, mention in _slots(claims, "figure"):
        if len(found) >= most or room.full:
            break
        if not _counts(mention, text):
            continue
        key = mention.value, mention.unit, mention.approx
        holders = _holders(claim, token)
        if key in found:
            continue
        told = _told(holders, mention, material)
        if told is None or not gate.passes("figures", told[0].en, holders):
            continue
        wording, place = told
        what = _what(wording.en, place)
        if not room.take(what):
            continue
        found[key] = Figure(
            value=mention.value,
            unit=_unit(mention, text),
            approx=mention.approx,
            what_en=what,
            text_en=wording.en,
            sources=_sources(holders),
            flags=wording.flags,
        )
    return tuple(found.values())


def _holders(claim: Claim, wanted: Token) -> list[Place]:
    """Return the places of `claim` whose sentence holds the slot `wanted`, with the same word of approximation."""
    return [
        member.statement.place
        for member in claim.members
        if any(
            token.key == wanted.key and _approx(token) == _approx(wanted) for token in member.statement.tokens
        )
    ]


def _approx(token: Token) -> str | None:
    return token.mention.approx if token.mention else None


def _told(places: Sequence[Place], wanted: Mention, material: Material) -> tuple[Phrasing, Mention] | None:
    """Return the best wording of `places` that holds the figure or date `wanted`, and where it stands in it."""
    from jobs.english import figures

    for _, item in options(places, material):
        for mention in figures(item.en):
            if wanted.kind == "date" and mention.kind == "date" and _same_date(wanted.value, mention.value):
                return item, mention
            if wanted.kind != "date" and mention.kind != "date" and mention.value == wanted.value:
                return item, mention
    return None


def _same_date(one: str, other: str) -> bool:
    """Return whether two dates are one, where either may lack its year."""
    ends = [re.sub(r"^(?:\d{4}|-)-", "", part) for part in (*one.split("/"), *other.split("/"))]
    half = len(one.split("/"))
    return ends[:half] == ends[half:]


def _counts(mention: Mention, text: str) -> bool:
    if mention.kind not in _FIGURE_KINDS or mention.unit == "code" or not re.search(r"\d", mention.text):
        return False
    if mention.kind != "number":
        return True
    if re.fullmatch(r"(?:19|20)\d\d", mention.value) or mention.value in {"0", "1"}:
        return False
    # A bare number counts something only if a word follows it; "ADM 2", "số 5" are names.
    before = text[max(0, mention.start - 8) : mention.start].lower()
    return bool(re.match(r"\s+\w", text[mention.end :])) and not re.search(
        r"(?:số|thứ|điều|khoản|quận|tháng|ngày)\s*$", before
    )


_TIMES = re.compile(r"\s+lần\b(?!\s+thứ)")


def _unit(mention: Mention, text: str) -> str | None:
    """Return the unit of a figure of `text`; that of "gấp 3 lần" is "times"."""
    return mention.unit or ("times" if _TIMES.match(text, mention.end) else None)


_BREAK = re.compile(r"[;:]\s|,\s(?!\d)|\s[-–—]\s|\.\s")


def _what(english: str, mention: Mention) -> str:
    """Return the clause around the figure that says what it counts, with the clause before it when it is short."""
    begins = [0, *(match.end() for match in _BREAK.finditer(english, 0, mention.start))]
    after = _BREAK.search(english, mention.end)
    end = after.start() if after else len(english)
    begin = begins.pop()
    while begins and len(english[begin:end].split()) < _WHAT_LEAST:
        begin = begins.pop()
    clause = english[begin:end].strip(" .")
    words = clause.split()
    if len(words) <= _WHAT_MOST:
        return clause
    # Keep the words next to the figure.
    at = len(english[begin : mention.start].split())
    first = max(0, min(at - _WHAT_MOST // 2, len(words) - _WHAT_MOST))
    last = first + _WHAT_MOST
    return ("…" if first else "") + " ".join(words[first:last]) + ("…" if last < len(words) else "")


def timeline_entries(
    claims: Sequence[Claim], material: Material, gate: Gate, most: int, room: Room
) -> tuple[TimelineEntry, ...]:
    """Return dated happenings in order of time, each date told once by its most corroborated claim.

    At most `most`, the most corroborated ones, and no more than fit into `room`.
    """
    found: dict[tuple[str, str | None], TimelineEntry] = {}
    for claim, _, token, mention in _slots(claims, "date"):
        if len(found) >= most or room.full:
            break
        if mention.precision is None:
            continue
        start, _, end = token.key.removeprefix("date:").partition("/")
        key = start, end or None
        if start.startswith("--") or mention.precision == "year" or key in found:
            continue
        holders = _holders(claim, token)
        told = _told(holders, mention, material)
        if told is None:
            continue
        wording, place = told
        text = ended(_happening(wording.en, place))
        if not text or not gate.passes("timeline", text, holders) or not room.take(text):
            continue
        found[key] = TimelineEntry(
            start=start,
            end=end or None,
            precision=mention.precision,
            text_en=text,
            sources=_sources(holders),
            flags=wording.flags,
        )
    return tuple(sorted(found.values(), key=lambda item: (item.start, item.end or "")))


_TAIL = re.compile(
    r";\s|,\s(?=(?:which|while|thereby|in which|who|with|contributing|marking|reflecting|and)\b)"
    r"|,?\s(?=(?:with the (?:participation|attendance|presence)|attended by|under the theme)\b)"
)
# A date may go from a line only with the word that joins it; after any other word it carries the sentence.
_JOINING = re.compile(
    r"(?:^|[\s,]+)(?:(?:on|in|from|since|during|at)|(?:on |in )?the (?:morning|afternoon|evening) of)\s*$",
    re.IGNORECASE,
)


def _happening(english: str, mention: Mention) -> str:
    """Return the clause of `english` that holds the date; without the date where it can go, as the line gives it."""
    begin, end = 0, len(english)
    for match in _TAIL.finditer(english):
        if match.end() <= mention.start and len(english[match.end() :].split()) >= _WHAT_LEAST:
            begin = match.end()
        elif match.start() >= mention.end:
            end = match.start()
            break
    # A long scene before the date would fill the line, and what happened would be cut away.
    scene = english.rfind(", ", begin, mention.start)
    long = len(english[begin : mention.start].split()) >= _SCENE
    if scene > 0 and long and len(english[mention.end : end].split()) >= _WHAT_LEAST:
        begin = scene + 2
    before, after = english[begin : mention.start], english[mention.end : end]
    joined = _JOINING.search(before)
    # "..., launched in September 2023": the date belongs to that tail alone and stays in it.
    tail = before.rpartition(",")[2].split() if "," in before else []
    if (joined and not 0 < len(tail) <= _TAIL_WORDS) or not before.strip():
        before = before[: joined.start()] if joined else ""
        text = f"{before.rstrip(' ,')} {after.lstrip(' ,')}" if before.strip() else after.lstrip(" ,")
    else:
        text = english[begin:end]
    if len(text.split()) < _LEAST_LINE:
        text = english[begin:end]
    words = re.sub(r"\s+([,.;:])", r"\1", text).strip(" ,;:").split()
    if len(words) > _LINE and text == english[begin:end] and 0 < len(tail) <= _TAIL_WORDS:
        return "…" + " ".join(words[-_END_LINE:])  # the end of the clause is what the date dates
    text = " ".join(words[:_LINE]).rstrip(",;:") + ("…" if len(words) > _LINE else "")
    return capital(text)


def entities(ids: Sequence[str], material: Material, terms: TermBase) -> tuple[Entity, ...]:
    """Return persons with all spellings and roles, then the bodies and documents named most often."""
    from jobs.vietnamese.names import names
    from jobs.vietnamese.roster import Roster

    persons: dict[str, tuple[str, list[str], list[str], list[Place]]] = {}
    bodies: dict[str, tuple[EntityKind, list[str], list[Place]]] = {}
    for identity in ids:
        told = [item for item in material.articles[identity].sentences if item.role in ("lead", "body")]
        roster = Roster(item.text for item in told)
        for sentence in told:
            place = identity, sentence.n
            for mention in names(sentence.text):
                key = roster.resolve(mention.value)
                if key is None:
                    continue
                _, variants, roles, places = persons.setdefault(key, (roster.name(key), [], [], []))
                _add(variants, mention.text)
                _add(places, place)
                for role in roster.roles(key):
                    _add(roles, role_in_english(role, terms) or material.roles.get(role, ""))
            for mention in terms.find(sentence.text):
                if mention.kind in ("body", "document") and mention.english:
                    kind: EntityKind = "document" if mention.kind == "document" else "body"
                    entry = bodies.setdefault(mention.english, (kind, [], []))
                    _add(entry[1], mention.text)
                    _add(entry[2], place)
    result = [
        Entity(
            name_en=name,
            variants=tuple(variants),
            kind="person",
            roles_en=tuple(role for role in roles if role),
            sources=_sources(places),
        )
        for name, variants, roles, places in sorted(
            persons.values(), key=lambda item: (-len(item[3]), item[0])
        )
    ]
    ranked = sorted(bodies.items(), key=lambda item: (-len(item[1][2]), item[0]))
    result += [
        Entity(name_en=name, variants=tuple(variants), kind=kind, roles_en=(), sources=_sources(places))
        for name, (kind, variants, places) in ranked[:_MOST_BODIES]
    ]
    return tuple(result)


def _add(items: list[Any], item: Any) -> None:
    if item not in items:
        items.append(item)
