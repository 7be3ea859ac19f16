"""Figures, timeline and entities of an event: claims in, entries with their sources out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from jobs.brief.roles import role_in_english
from jobs.records import Entity, Figure, Source, TimelineEntry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobs.brief.material import Material, Place
    from jobs.brief.verify import Gate
    from jobs.reconcile.claims import Claim
    from jobs.records import Mention
    from jobs.translate.glossary import TermBase

_FIGURE_KINDS = {"percent", "money", "measure", "number", "age", "score"}
_WHAT_WORDS = 9


def _sources(places: Sequence[Place]) -> tuple[Source, ...]:
    return tuple(Source(article=article, sentence=n) for article, n in dict.fromkeys(places))


def figure_entries(
    claims: Sequence[Claim], material: Material, gate: Gate, most: int
) -> tuple[Figure, ...]:
    """Return figures that count or measure something, corroborated ones first; codes, years and ordinals are none."""
    from jobs.english import figures

    found: dict[tuple[str, str | None], Figure] = {}
    for claim in claims:
        for token in claim.best.tokens:
            mention = token.mention
            if token.slot != "figure" or mention is None or not _counts(mention, claim.best.text):
                continue
            key = mention.value, mention.unit
            english = material.english.get(claim.best.place, "")
            same = [item for item in figures(english) if item.value == mention.value]
            holders = [
                member.statement.place
                for member in claim.members
                if any(other.key == token.key for other in member.statement.tokens)
            ]
            if key in found or not same or not gate.passes("figures", english, claim.places()):
                continue
            found[key] = Figure(
                value=mention.value,
                unit=mention.unit,
                what_en=_what(english, same[0]),
                text_en=english,
                sources=_sources(holders),
            )
    return tuple(list(found.values())[:most])


def _counts(mention: Mention, text: str) -> bool:
    if mention.kind not in _FIGURE_KINDS or mention.unit == "code" or not re.search(r"\d", mention.text):
        return False
    if mention.kind != "number":
        return True
    if re.fullmatch(r"(?:19|20)\d\d", mention.value) or mention.value in {"0", "1"}:
        return False
    # A bare number counts something only if a word follows it; "ADM 2", "số 5" are names.
    before = text[max(0, mention.start - 8) : mention.start].lower()
    return bool(re.match(r"\s+\w", text[mention.end :])) and not re.search(r"(?:số|thứ|điều|khoản|quận|tháng|ngày)\s*$", before)


def _what(english: str, mention: Mention) -> str:
    """Return the words around the figure that say what it counts."""
    after = re.split(r"[.;:]|,\s", english[mention.end :])[0].split()
    before = re.split(r"[.;:]|,\s", english[: mention.start])[-1].split()
    words = [*before[-4:], english[mention.start : mention.end], *after[: _WHAT_WORDS - 4]]
    return " ".join(words)


def timeline_entries(
    claims: Sequence[Claim], material: Material, gate: Gate, most: int
) -> tuple[TimelineEntry, ...]:
    """Return dated happenings in order of time, each date told once by its most corroborated claim."""
    found: dict[tuple[str, str | None], TimelineEntry] = {}
    for claim in claims:
        for member in claim.members:
            for token in member.statement.tokens:
                if token.slot != "date" or token.mention is None or token.mention.precision is None:
                    continue
                start, _, end = token.key.removeprefix("date:").partition("/")
                if start.startswith("--") or token.mention.precision == "year":
                    continue
                key = start, end or None
                text = _clause(material.english.get(member.statement.place, ""), token.mention)
                place = [member.statement.place]
                if key in found or not text or not gate.passes("timeline", text, place):
                    continue
                holders = [
                    other.statement.place
                    for other in claim.members
                    if any(candidate.key == token.key for candidate in other.statement.tokens)
                ]
                found[key] = TimelineEntry(
                    start=start, end=end or None, precision=token.mention.precision, text_en=text, sources=_sources(holders)
                )
    return tuple(sorted(found.values(), key=lambda item: (item.start, item.end or ""))[:most])


def _clause(english: str, mention: Mention) -> str:
    """Return the clause of `english` that holds the date, short enough for a line; empty if the date is not in it."""
    from jobs.english import figures

    wanted = mention.value.split("/")[0][-5:]
    dates = [
        item for item in figures(english) if item.kind == "date" and item.value.split("/")[0][-len(wanted) :] == wanted
    ]
    if not dates:
        return ""
    begin, end = 0, len(english)
    for match in re.finditer(r";\s|,\s(?=(?:which|while|thereby|in which|who|with|contributing|marking|reflecting)\b)", english):
        if match.end() <= dates[0].start:
            begin = match.end()
        elif match.start() >= dates[0].end:
            end = match.start()
            break
    words = english[begin:end].strip().split()
    text = " ".join(words[:28]).rstrip(",;:") + ("…" if len(words) > 28 else "")
    return text[:1].upper() + text[1:]


def entities(ids: Sequence[str], material: Material, terms: TermBase) -> tuple[Entity, ...]:
    """Return persons with all spellings and roles, then bodies and documents of the term base."""
    from jobs.vietnamese.names import Roster, names

    persons: dict[str, tuple[str, list[str], list[str], list[Place]]] = {}
    bodies: dict[str, tuple[str, list[str], list[Place]]] = {}
    for identity in ids:
        told = [item for item in material.articles[identity].sentences if item.role in ("lead", "body")]
        roster = Roster(item.text for item in told)
        for sentence in told:
            place = identity, sentence.n
            for mention in names(sentence.text):
                key = roster.resolve(mention.value)
                if key is None:
                    continue
                name, variants, roles, places = persons.setdefault(key, (roster.name(key), [], [], []))
                _add(variants, mention.text)
                _add(places, place)
                for role in roster.roles(key):
                    _add(roles, role_in_english(role, terms) or "")
            for mention in terms.find(sentence.text):
                if mention.kind == "body" and mention.english:
                    entry = bodies.setdefault(mention.english, (mention.english, [], []))
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
        for name, variants, roles, places in sorted(persons.values(), key=lambda item: (-len(item[3]), item[0]))
    ]
    result += [
        Entity(name_en=name, variants=tuple(variants), kind="body", roles_en=(), sources=_sources(places))
        for name, variants, places in sorted(bodies.values(), key=lambda item: (-len(item[2]), item[0]))
    ]
    return tuple(result)


def _add(items: list[Any], item: Any) -> None:
    if item not in items:
        items.append(item)
