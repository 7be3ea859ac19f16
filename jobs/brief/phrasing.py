"""How a sentence may be put in the brief: as it stands, cut to the statement that carries it, or as what was said.

Cutting happens on the Vietnamese side, before translation: a short sentence is translated better than a long one is
shortened, and what is printed has passed the same checks as every other sentence.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from jobs.records import Flag, Record, Translation
from jobs.translate.checkrules import weight
from jobs.vietnamese.condense import capital, leans

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobs.brief.material import Material, Place

Kind = Literal["sentence", "condensed", "spoken", "quoted"]
_BAND = 0.1  # nats per token that tell a surer translation from a less sure one
_APPOSITION = 14  # words between a speaker and the verb
_SAYING = re.compile(
    r"\b(?:affirmed|reaffirmed|stressed|emphasi[sz]ed|highlighted|underlined|underscored|announced|proposed|suggested"
    r"|called for|pledged|praised|welcomed|thanked|noted|pointed out|confirmed|rejected|expressed|recalled|shared"
    r"|said(?= that\b))\b(?: that (?P<said>\S))?"
)
_CLAUSE = re.compile(r"\b(?:who|which|that|and|but|was|were|is|are|had|has)\b")
LONG = 40  # English words; press style books ask for sentences well under this


class Phrasing(Record):
    """One way of putting a sentence, with the flags of its translation.

    `confidence` is the model's mean log probability per token, 0 for what a person translated.
    """

    kind: Kind
    vi: str
    en: str
    flags: tuple[Flag, ...] = ()
    confidence: float = 0.0

    @classmethod
    def of(cls, kind: Kind, translation: Translation) -> Phrasing:
        """Return `translation` as a way of putting its Vietnamese."""
        return cls(
            kind=kind,
            vi=translation.vi,
            en=translation.en,
            flags=translation.flags,
            confidence=translation.confidence or 0.0,
        )

    @property
    def doubt(self) -> int:
        """How much its flags weigh; 0 is clean."""
        return weight(self.flags)


def ended(text: str) -> str:
    """Return `text` with a full stop where it has no final mark."""
    return f"{text}." if text and text[-1] not in ".!?…" else text


def without_speaker(text: str, speaker: str) -> str:
    """Return reported speech that begins with its speaker from the verb on, or what is said after `that`.

    "Kao Kim Hourn affirmed ASEAN's commitment." is "Affirmed ASEAN's commitment.", "Minister Nguyen Manh Hung said that
    Vietnam agrees." is "Vietnam agrees."
    """
    begin = re.match(rf"(?:(?:[A-Z][\w'’-]*|of|and|the|for) ){{0,8}}{re.escape(speaker)}(?!\w)", text)
    match = _SAYING.search(text, begin.end()) if begin else None
    if begin is None or match is None:
        return text
    between = text[begin.end() : match.start()]
    if len(between.split()) > _APPOSITION or _CLAUSE.search(between):
        return text
    return capital(text[match.start("said") if match["said"] else match.start() :])


def options(
    places: Sequence[Place],
    material: Material,
    kinds: Sequence[str] = ("condensed", "sentence"),
    *,
    most: int = LONG,
) -> list[tuple[Place, Phrasing]]:
    """Return the ways to put any of `places`, best first.

    First those that stand alone, then clean ones, then those of at most `most` English words, then those of which
    the model is surest, then earlier places.
    """
    found = []
    for rank, place in enumerate(places):
        items = [*material.phrasings.get(place, ())]
        if place in material.translations:
            items.append(Phrasing.of("sentence", material.translations[place]))
        for item in items:
            if item.kind in kinds and item.en:
                long = len(item.en.split()) > most
                # A flag weighs up to 5 when it concerns the form, 6 and more when it concerns a fact.
                unsure = -round(item.confidence / _BAND)
                key = (
                    leans(item.vi),
                    item.doubt > 5,
                    long,
                    item.doubt > 0,
                    kinds.index(item.kind),
                    unsure,
                    rank,
                )
                found.append((key, place, item))
    return [(place, item) for _, place, item in sorted(found, key=lambda entry: entry[0])]
