"""Composition of one event: claims, speech and differences in, the `Event` of the brief out.

A sentence is used once: in the lead, or as speech, or as a key point, or as what one source reports. Everything
printed passes the gate of `verify`; what is chosen and why goes into the trail for `explain`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from jobs.brief.details import entities, figure_entries, timeline_entries
from jobs.brief.roles import role_in_english
from jobs.reconcile.vectors import Vector, cosine, terms, tfidf
from jobs.records import (
    Discrepancy,
    DiscrepancyValue,
    Event,
    KeyPoint,
    Quote,
    SingleSource,
    Source,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobs.brief.material import Material, Place, Said
    from jobs.brief.prompts import Phrases
    from jobs.brief.verify import Gate
    from jobs.config import BriefConfig
    from jobs.reconcile.claims import Claim
    from jobs.reconcile.discrepancies import Difference
    from jobs.translate.glossary import TermBase

_SAME_POINT = 0.5  # cosine above which two points would say the same in other words
_LONG = 45  # English words; longer sentences are bad points of a brief
_SHARES = {"quotes": 0.30, "key_points": 0.45}


class Composer:
    """Composes one event; one instance an event."""

    def __init__(
        self,
        number: int,
        ids: Sequence[str],
        claims: Sequence[Claim],
        differences: Sequence[Difference],
        said: Sequence[Said],
        *,
        material: Material,
        phrases: Phrases,
        terms_: TermBase,
        gate: Gate,
        limits: BriefConfig,
    ) -> None:
        self.id = f"E{number}"
        self._ids = list(ids)
        self._claims = list(claims)
        self._differences = differences
        self._said = list(said)
        self._material = material
        self._phrases = phrases
        self._terms = terms_
        self._gate = gate
        self._limits = limits
        self._used: set[Place] = set()
        self._words = 0
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
        lead_text, lead_claim = lead
        self._take(lead_claim, lead_text)
        self._note("LEAD", lead_text, lead_claim)
        quotes = self._quotes()
        points = self._key_points()
        single = self._single_sources() if len(self._ids) > 1 else ()
        figures = figure_entries(self._claims, self._material, self._gate, self._limits.max_figures)
        timeline = timeline_entries(self._claims, self._material, self._gate, self._limits.max_timeline)
        for index, figure in enumerate(figures, 1):
            self.trail[f"{self.id}.F{index}"] = {
                "statement": f"{figure.value} {figure.unit or ''} {figure.what_en}".strip(),
                "sources": self._cited([(item.article, item.sentence) for item in figure.sources]),
                "rule": "a figure with the same value and unit in every cited sentence, and in the English",
            }
        return Event(
            id=self.id,
            headline_en=self._headline(lead_text),
            lead_en=lead_text,
            lead_sources=self._sources(lead_claim.places()),
            articles=tuple(self._ids),
            key_points=points,
            quotes=quotes,
            figures=figures,
            timeline=timeline,
            entities=entities(self._ids, self._material, self._terms),
            discrepancies=self._discrepancies(),
            single_source=single,
        )

    def _sources(self, places: Sequence[Place]) -> tuple[Source, ...]:
        order = {identity: index for index, identity in enumerate(self._ids)}
        ranked = sorted(dict.fromkeys(places), key=lambda place: (order[place[0]], place[1]))
        return tuple(Source(article=article, sentence=n) for article, n in ranked)

    def _take(self, claim: Claim, text: str) -> None:
        self._used.update(claim.places())
        self._told.append(self._vectors[claim.best.place])
        self._words += len(text.split())

    def _new(self, claim: Claim) -> bool:
        if self._used.intersection(claim.places()):
            return False
        vector = self._vectors[claim.best.place]
        return all(cosine(vector, told) < _SAME_POINT for told in self._told)

    def _english(self, section: str, claim: Claim, most: int = _LONG) -> str | None:
        """Return the English of the best member that may be printed: clean first, long ones last."""
        ranked = sorted(
            enumerate(claim.members),
            key=lambda item: (
                len(self._material.english.get(item[1].statement.place, "").split()) > most,
                self._material.doubt.get(item[1].statement.place, 99) // 5,
                item[0],
            ),
        )
        for _, member in ranked:
            text = self._material.english.get(member.statement.place, "")
            if text and self._gate.passes(section, text, claim.places()):
                return text
        return None

    def _lead(self) -> tuple[str, Claim] | None:
        """Choose who, what, when, where: a corroborated, central claim that names a day and a place."""

        def score(claim: Claim) -> float:
            best = claim.best
            slots = {token.slot for token in best.tokens}
            value = claim.corroboration + 6 * claim.centrality
            value += 0.8 * ("date" in slots) + 0.8 * ("place" in slots) + 0.4 * bool(slots & {"person", "title"})
            value += 1.0 * any(member.statement.role == "lead" for member in claim.members)
            value -= 2.0 * (claim.speaker is not None)
            # In press articles the event itself is told early.
            value -= 0.1 * min(member.statement.n for member in claim.members)
            return value - 0.1 * min(20, self._material.doubt.get(best.place, 20))

        for claim in sorted(self._claims, key=lambda item: (-score(item), item.best.place)):
            text = self._english("lead", claim)
            if text is not None:
                return text, claim
        return None

    def _headline(self, lead: str) -> str:
        """Return the English of the headline that shares most with the event; without one, the lead's first words."""
        centre = tfidf([terms(" ".join(claim.best.text for claim in self._claims))])[0]
        options = []
        for position, identity in enumerate(self._ids):
            article = self._material.articles[identity]
            titles = [item for item in article.sentences if item.role == "title"]
            place = (identity, titles[0].n) if titles else None
            text = self._material.english.get(place, "") if place else self._material.english.get((identity, 0), "")
            if not text or not article.title:
                continue
            vector = tfidf([terms(article.title)])[0]
            doubt = self._material.doubt.get(place or (identity, 0), 0)
            options.append((doubt // 5, -cosine(vector, centre), position, text.rstrip(".")))
        if options:
            return min(options)[3]
        words = re.split(r"(?<=\w)[,;:]\s", lead)[0].split()
        return " ".join(words[:16]).rstrip(".,;:") + ("…" if len(words) > 16 else "")

    def _quotes(self) -> tuple[Quote, ...]:
        """One or two statements of each speaker, the most corroborated and central first, speakers in turn."""
        by_place = {place: claim for claim in self._claims for place in claim.places()}
        ranked = sorted(
            self._said,
            key=lambda item: (
                -max((by_place[place].corroboration for place in item.places if place in by_place), default=0),
                not item.speech.direct,
                -max((by_place[place].centrality for place in item.places if place in by_place), default=0.0),
                item.places,
            ),
        )
        quotes: list[Quote] = []
        counts: dict[str, int] = {}
        budget = self._limits.max_words * _SHARES["quotes"]
        spent = 0
        for allowed in (1, 2):
            for item in ranked:
                if len(quotes) >= self._limits.max_quotes or spent >= budget:
                    break
                speaker = item.speech.speaker
                if counts.get(speaker, 0) >= allowed or self._used.intersection(item.places):
                    continue
                quote = self._quote(item, by_place)
                if quote is None:
                    continue
                quotes.append(quote)
                counts[speaker] = counts.get(speaker, 0) + 1
                spent += len(quote.text_en.split())
                self._words += len(quote.text_en.split())
        return tuple(quotes)

    def _quote(self, item: Said, by_place: dict[Place, Claim]) -> Quote | None:
        texts = [self._material.english.get(place, "") for place in item.places]
        if not all(texts):
            return None
        claims = {id(by_place[place]): by_place[place] for place in item.places if place in by_place}
        places = list(item.places)
        if len(item.places) == 1:
            for claim in claims.values():
                if not self._new(claim):
                    return None
                places += [place for place in claim.places() if place not in places]
        text = " ".join(texts)
        if len(text.split()) > 2 * _LONG or not self._gate.passes("quotes", text, places):
            return None
        self._used.update(places)
        self._told += [self._vectors[claim.best.place] for claim in claims.values()]
        role = role_in_english(item.speech.role_vi, self._terms)
        number = sum(1 for key in self.trail if key.startswith(f"{self.id}.Q")) + 1
        self.trail[f"{self.id}.Q{number}"] = {
            "statement": text,
            "speaker": item.speech.speaker_en,
            "role_vi": item.speech.role_vi,
            "verb_vi": item.speech.verb_vi,
            "direct": item.speech.direct,
            "sources": self._cited(places),
            "rule": "the person named just before the verb of saying, or the only bearer of the title in the article",
        }
        return Quote(
            speaker=item.speech.speaker_en,
            role_en=role,
            text_en=text,
            text_vi=" ".join(self._material.vietnamese[place] for place in item.places),
            direct=item.speech.direct,
            sources=self._sources(places),
        )

    def _key_points(self) -> tuple[KeyPoint, ...]:
        points: list[KeyPoint] = []
        budget = self._limits.max_words * _SHARES["key_points"]
        spent = 0
        for claim in self._claims:
            if len(points) >= self._limits.max_key_points or spent >= budget:
                break
            if len(self._ids) > 1 and claim.corroboration < 2 and len(points) >= 3:
                break
            if not self._new(claim):
                continue
            text = self._english("key_points", claim)
            if text is None or len(text.split()) > 1.5 * _LONG:
                continue
            self._take(claim, text)
            spent += len(text.split())
            points.append(
                KeyPoint(
                    text_en=text,
                    text_vi=claim.best.text,
                    sources=self._sources(claim.places()),
                    corroboration=claim.corroboration,
                )
            )
            self._note(f"K{len(points)}", text, claim)
        return tuple(points)

    def _single_sources(self) -> tuple[SingleSource, ...]:
        """Statements of one article, articles in turn, until the words are used up."""
        waiting: dict[str, list[Claim]] = {identity: [] for identity in self._ids}
        for claim in self._claims:
            if claim.corroboration == 1 and len({place[0] for place in claim.places()}) == 1:
                waiting[claim.best.article].append(claim)
        result: list[SingleSource] = []
        while any(waiting.values()) and len(result) < self._limits.max_single_source:
            for identity in self._ids:
                while waiting[identity]:
                    claim = waiting[identity].pop(0)
                    if not self._new(claim):
                        continue
                    text = self._english("single_source", claim)
                    if text is None or len(text.split()) > _LONG:
                        continue
                    if self._words + len(text.split()) > self._limits.max_words:
                        continue
                    self._take(claim, text)
                    result.append(SingleSource(text_en=text, sources=self._sources(claim.places())))
                    self._note(f"S{len(result)}", text, claim)
                    break
                if len(result) >= self._limits.max_single_source:
                    break
        return tuple(result)

    def _discrepancies(self) -> tuple[Discrepancy, ...]:
        result = []
        for difference in self._differences:
            values = []
            for value in difference.values:
                english = self._value_english(difference.slot, value.sources[0], value.text_vi)
                values.append(
                    DiscrepancyValue(
                        value=value.value, text_vi=value.text_vi, text_en=english, sources=self._sources(value.sources)
                    )
                )
            first = difference.values[0].sources[0]
            context = _shorten(self._material.english.get(first) or difference.context)
            result.append(
                Discrepancy(
                    about_en=self._phrases.text(f"about.{difference.slot}", context=context),
                    kind=difference.kind,
                    values=tuple(values),
                    preferred=difference.preferred,
                    reason_en=self._phrases.text(f"reason.{difference.reason}"),
                )
            )
            self.trail[f"{self.id}.D{len(result)}"] = {
                "statement": result[-1].about_en,
                "slot": difference.slot,
                "kind": difference.kind,
                "values": [value.model_dump(mode="json") for value in difference.values],
                "preferred": difference.preferred,
                "reason": difference.reason,
                "sources": self._cited([place for value in difference.values for place in value.sources]),
                "rule": "aligned slots of sentences of one claim hold different normalised values",
            }
        return tuple(result)

    def _value_english(self, slot: str, place: Place, text_vi: str) -> str:
        from jobs.vietnamese import figures
        from jobs.vietnamese.fold import fold

        if slot in ("figure", "date"):
            found = figures(text_vi)
            if len(found) == 1 and found[0].english:
                return found[0].english
        if slot == "person":
            return fold(text_vi)
        if slot in ("title", "place"):
            return self._terms.english(text_vi) or fold(text_vi)
        english = self._material.english.get(place, "")
        if slot == "quotation" and (quoted := re.search(r"[\"“]([^\"“”]{8,})[\"”]", english)):
            return quoted[1].rstrip(",. ")
        return _shorten(english) or text_vi

    def _cited(self, places: Sequence[Place]) -> list[dict[str, Any]]:
        return [
            {
                "article": article,
                "sentence": n,
                "vi": self._material.vietnamese[article, n],
                "en": self._material.english.get((article, n), ""),
            }
            for article, n in dict.fromkeys(places)
        ]

    def _note(self, item: str, text: str, claim: Claim) -> None:
        self.trail[f"{self.id}.{item}"] = {
            "statement": text,
            "corroboration": claim.corroboration,
            "centrality": claim.centrality,
            "members": [
                {"relation": member.relation, "similarity": member.similarity, "place": list(member.statement.place)}
                for member in claim.members
            ],
            "slots": [
                {"slot": token.slot, "value": token.key.split(":", 1)[-1], "text": token.text}
                for token in claim.best.tokens
                if token.slot != "word"
            ],
            "sources": self._cited(claim.places()),
            "rule": "claims in order of corroboration, then centrality; no claim that repeats one told before",
        }


def _shorten(text: str, words: int = 14) -> str:
    items = text.split()
    return text if len(items) <= words else " ".join(items[:words]).rstrip(",;:") + "…"
