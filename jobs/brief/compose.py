"""Composition of one event: claims, speech and differences in, the `Event` of the brief out.

A sentence is used once: in the lead, or as speech, or as a key point, or as what one source reports. Everything
printed passes the gate of `verify`; what is chosen and why goes into the trail for `explain`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jobs.brief.details import entities, figure_entries, timeline_entries
from jobs.brief.differences import discrepancy_entries
from jobs.brief.headline import headline
from jobs.brief.news import news_value, tells, unsureness
from jobs.brief.phrasing import LONG, Phrasing, ended, options, without_speaker
from jobs.brief.room import Room
from jobs.reconcile.vectors import Vector, cosine, terms, tfidf
from jobs.records import Event, KeyPoint, Quote, SingleSource, Source
from jobs.translate.roles import role_in_english

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobs.brief.drafts import Draft
    from jobs.brief.material import Material, Place, Said
    from jobs.brief.prompts import Phrases
    from jobs.brief.verify import Gate
    from jobs.config import BriefConfig
    from jobs.reconcile.claims import Claim
    from jobs.translate.glossary import TermBase

_SAME_POINT = 0.5  # cosine above which two points would say the same in other words
_LEADS = 8  # claims that are weighed as the lead
# Shares of the words of an event's section; the rest is for the lead and the differences.
_SHARES = {"quotes": 0.25, "key_points": 0.25, "single_source": 0.12, "figures": 0.16, "timeline": 0.13}


class Composer:
    """Composes one event; one instance an event."""

    def __init__(
        self,
        number: int,
        draft: Draft,
        *,
        material: Material,
        phrases: Phrases,
        terms_: TermBase,
        gate: Gate,
        limits: BriefConfig,
    ) -> None:
        self.id = f"E{number}"
        self._ids = list(draft.ids)
        self._claims = list(draft.claims)
        self._differences = draft.differences
        self._said = list(draft.said)
        self._material = material
        self._phrases = phrases
        self._terms = terms_
        self._gate = gate
        self._limits = limits
        self._used: set[Place] = set()
        self.trail: dict[str, Any] = {}
        vectors = tfidf([terms(claim.best.text) for claim in self._claims])
        self._vectors: dict[Place, Vector] = {
            claim.best.place: vector for claim, vector in zip(self._claims, vectors, strict=True)
        }
        self._told: list[Vector] = []

    def compose(self) -> Event | None:
        """Return the event, or None if not even a lead can be printed."""
        lead = self._lead()
        if lead is None:
            return None
        wording, lead_claim = lead
        self._take(lead_claim)
        self._note("LEAD", wording.en, lead_claim)
        quotes = self._quotes()
        points = self._key_points()
        figures = figure_entries(
            self._claims, self._material, self._gate, self._limits.max_figures, self._room("figures")
        )
        timeline = timeline_entries(
            self._claims, self._material, self._gate, self._limits.max_timeline, self._room("timeline")
        )
        dated = {(item.article, item.sentence) for entry in timeline for item in entry.sources}
        single = self._single_sources(dated) if len(self._ids) > 1 else ()
        for index, figure in enumerate(figures, 1):
            self.trail[f"{self.id}.F{index}"] = {
                "statement": f"{figure.value} {figure.unit or ''} {figure.what_en}".strip(),
                "sources": self._material.cited([(item.article, item.sentence) for item in figure.sources]),
                "rule": "a figure with the same value and unit in every cited sentence, and in the English",
            }
        differing = discrepancy_entries(
            self._differences, self._material, self._phrases, self._terms, self._sources
        )
        for index, (_, trail) in enumerate(differing, 1):
            self.trail[f"{self.id}.D{index}"] = trail
        return Event(
            id=self.id,
            headline_en=headline(self._ids, self._claims, self._material, self._terms, wording.en),
            lead_en=wording.en,
            lead_sources=self._sources(lead_claim.places()),
            lead_flags=wording.flags,
            articles=tuple(self._ids),
            key_points=points,
            quotes=quotes,
            figures=figures,
            timeline=timeline,
            entities=entities(self._ids, self._material, self._terms),
            discrepancies=tuple(entry for entry, _ in differing),
            single_source=single,
        )

    def _room(self, section: str) -> Room:
        return Room(self._limits.max_words * _SHARES[section])

    def _sources(self, places: Sequence[Place]) -> tuple[Source, ...]:
        order = {identity: index for index, identity in enumerate(self._ids)}
        ranked = sorted(dict.fromkeys(places), key=lambda place: (order[place[0]], place[1]))
        return tuple(Source(article=article, sentence=n) for article, n in ranked)

    def _take(self, claim: Claim) -> None:
        self._used.update(claim.places())
        self._told.append(self._vectors[claim.best.place])

    def _new(self, claim: Claim) -> bool:
        if self._used.intersection(claim.places()):
            return False
        vector = self._vectors[claim.best.place]
        return all(cosine(vector, told) < _SAME_POINT for told in self._told)

    def _wording(self, section: str, claim: Claim) -> Phrasing | None:
        """Return how to put `claim`: its best wording that passes the gate and is not too long to read."""
        for _, item in options(claim.places(), self._material):
            if len(item.en.split()) <= 1.5 * LONG and self._gate.passes(section, item.en, claim.places()):
                return item
        return None

    def _lead(self) -> tuple[Phrasing, Claim] | None:
        """Choose who, what, when, where: a corroborated, central claim that names a day and a place."""

        def score(claim: Claim) -> float:
            best = claim.best
            slots = {token.slot for member in claim.members for token in member.statement.tokens}
            value = claim.corroboration + 6 * claim.centrality
            value += (
                0.8 * ("date" in slots) + 0.8 * ("place" in slots) + 0.4 * bool(slots & {"person", "title"})
            )
            value += 1.0 * any(member.statement.role == "lead" for member in claim.members)
            value -= 2.0 * (claim.speaker is not None)
            # In press articles the event itself is told early.
            value -= 0.1 * min(member.statement.n for member in claim.members)
            return value - 0.1 * min(20, self._material.doubt.get(best.place, 20))

        ranked = sorted(self._claims, key=lambda item: (-score(item), item.best.place))
        found: list[tuple[float, int, Phrasing, Claim]] = []
        for position, claim in enumerate(ranked):
            wording = self._wording("lead", claim)
            if wording is not None:
                # A lead is read at once: every word beyond 28 counts against it, and so does a doubtful fact.
                value = score(claim) - 0.05 * max(0, len(wording.en.split()) - 28) - (wording.doubt > 5)
                found.append((-value, position, wording, claim))
            if len(found) >= _LEADS:
                break
        return min(found, key=lambda item: item[:2])[2:] if found else None

    def _quotes(self) -> tuple[Quote, ...]:
        """One or two statements of each speaker, the most corroborated and central first, speakers in turn."""
        by_place = {place: claim for claim in self._claims for place in claim.places()}
        ranked = sorted(
            self._said,
            key=lambda item: (
                -max(
                    (by_place[place].corroboration for place in item.places if place in by_place), default=0
                ),
                not item.speech.direct,
                -max((by_place[place].centrality for place in item.places if place in by_place), default=0.0),
                item.places,
            ),
        )
        quotes: list[Quote] = []
        counts: dict[str, int] = {}
        room = self._room("quotes")
        for allowed in (1, 2):
            for item in ranked:
                if len(quotes) >= self._limits.max_quotes or room.full:
                    break
                speaker = item.speech.speaker
                if counts.get(speaker, 0) >= allowed or self._used.intersection(item.places):
                    continue
                quote = self._quote(item, by_place, room, first=allowed == 1)
                if quote is None:
                    continue
                quotes.append(quote)
                counts[speaker] = counts.get(speaker, 0) + 1
        return tuple(quotes)

    def _quote(self, item: Said, by_place: dict[Place, Claim], room: Room, *, first: bool) -> Quote | None:
        claims = {id(by_place[place]): by_place[place] for place in item.places if place in by_place}
        places = list(item.places)
        if len(places) == 1:
            for claim in claims.values():
                if not self._new(claim):
                    return None
                same = [place for place in claim.places() if place not in places]
                places += [] if item.speech.direct else same
        wording = self._said_wording(item, places)
        if wording is None or not self._gate.passes("quotes", wording.en, places):
            return None
        # What a speaker is first quoted with may go beyond the words of the section, a second statement not.
        if not room.take(wording.en, must=first):
            return None
        self._used.update(places)
        self._told += [self._vectors[claim.best.place] for claim in claims.values()]
        number = sum(1 for key in self.trail if key.startswith(f"{self.id}.Q")) + 1
        self.trail[f"{self.id}.Q{number}"] = {
            "statement": wording.en,
            "speaker": item.speech.speaker_en,
            "role_vi": item.speech.role_vi,
            "verb_vi": item.speech.verb_vi,
            "direct": item.speech.direct,
            "sources": self._material.cited(places),
            "rule": "the person named just before the verb of saying, or the only bearer of the title in the article",
        }
        return Quote(
            speaker=item.speech.speaker_en,
            role_en=role_in_english(item.speech.role_vi, self._terms)
            or self._material.roles.get(item.speech.role_vi or ""),
            text_en=wording.en,
            text_vi=wording.vi,
            direct=item.speech.direct,
            sources=self._sources(places),
            flags=wording.flags,
        )

    def _said_wording(self, item: Said, places: Sequence[Place]) -> Phrasing | None:
        """Return direct speech in its own words, reported speech without its attribution where that can be parted."""
        if item.speech.direct:
            own = [
                entry for entry in self._material.phrasings.get(item.places[0], ()) if entry.kind == "quoted"
            ]
            text, vi = (" ".join(entry.en for entry in own), " ".join(entry.vi for entry in own))
            if not own or len(text.split()) > 2 * LONG:
                return None
            flags = tuple(dict.fromkeys(flag for entry in own for flag in entry.flags))
            return Phrasing(kind="quoted", vi=f'"{vi}"', en=f'"{ended(text.strip(chr(34)))}"', flags=flags)
        found = options(places, self._material, ("spoken", "condensed", "sentence"))
        entry = next((entry for _, entry in found if len(entry.en.split()) <= 1.5 * LONG), None)
        if entry is None:
            return None
        return entry.model_copy(update={"en": without_speaker(entry.en, item.speech.speaker_en)})

    def _key_points(self) -> tuple[KeyPoint, ...]:
        points: list[KeyPoint] = []
        room = self._room("key_points")
        for claim in self._claims:
            if len(points) >= self._limits.max_key_points or room.full:
                break
            if len(self._ids) > 1 and claim.corroboration < 2 and len(points) >= 3:
                break
            if not self._new(claim):
                continue
            wording = self._wording("key_points", claim)
            if wording is None or not room.take(wording.en):
                continue
            self._take(claim)
            points.append(
                KeyPoint(
                    text_en=wording.en,
                    text_vi=wording.vi,
                    sources=self._sources(claim.places()),
                    corroboration=claim.corroboration,
                    flags=wording.flags,
                )
            )
            self._note(f"K{len(points)}", wording.en, claim)
        return tuple(points)

    def _single_sources(self, dated: set[Place]) -> tuple[SingleSource, ...]:
        """Statements of one article, the most newsworthy first, articles in turn, until the words are used up.

        What the timeline tells of the sentences `dated` is not told again.
        """
        waiting: dict[str, list[Claim]] = {identity: [] for identity in self._ids}
        alone = [
            claim
            for claim in self._claims
            if claim.corroboration == 1
            and len({place[0] for place in claim.places()}) == 1
            and not dated.intersection(claim.places())
        ]
        for claim in sorted(alone, key=lambda item: unsureness(item, self._material) - news_value(item)):
            waiting[claim.best.article].append(claim)
        result: list[SingleSource] = []
        room = self._room("single_source")
        while any(waiting.values()):
            for identity in self._ids:
                if len(result) >= self._limits.max_single_source or room.full:
                    return tuple(result)
                while waiting[identity]:
                    claim = waiting[identity].pop(0)
                    wording = self._wording("single_source", claim) if self._new(claim) else None
                    # What one source says is taken for its interest: where its English is doubtful, another is.
                    if wording is None or len(wording.en.split()) > LONG or wording.doubt > 5:
                        continue
                    if not tells(wording.en) or not room.take(wording.en):
                        continue
                    self._take(claim)
                    result.append(
                        SingleSource(
                            text_en=wording.en, sources=self._sources(claim.places()), flags=wording.flags
                        )
                    )
                    self._note(f"S{len(result)}", wording.en, claim)
                    break
        return tuple(result)

    def _note(self, item: str, text: str, claim: Claim) -> None:
        self.trail[f"{self.id}.{item}"] = {
            "statement": text,
            "corroboration": claim.corroboration,
            "centrality": claim.centrality,
            "members": [
                {
                    "relation": member.relation,
                    "similarity": member.similarity,
                    "place": list(member.statement.place),
                }
                for member in claim.members
            ],
            "slots": [
                {"slot": token.slot, "value": token.key.split(":", 1)[-1], "text": token.text}
                for token in claim.best.tokens
                if token.slot != "word"
            ],
            "sources": self._material.cited(claim.places()),
            "rule": "claims in order of corroboration, then centrality; no claim that repeats one told before",
        }
