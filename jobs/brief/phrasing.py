"""How a sentence may be put in the brief: as it stands, cut to the statement that carries it, or as what was said.

Cutting happens on the Vietnamese side, before translation: a short sentence is translated better than a long one is
shortened, and what is printed has passed the same checks as every other sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Literal

from jobs.records import Flag, Record, Translation
from jobs.translate.checkrules import weight
from jobs.translate.roles import role_in_english

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jobs.brief.material import Material, Place, Said
    from jobs.reconcile.claims import Claim
    from jobs.reconcile.discrepancies import Difference
    from jobs.translate.glossary import TermBase

Translate = Callable[[Sequence[str]], list[Translation]]
PHRASED_CLAIMS = 60  # of an event, best first: more than any section prints
PHRASED_MEMBERS = 3  # of a claim
_ROLE_WORDS = 12
_BAND = 0.1  # nats per token that tell a surer translation from a less sure one
LONG = 40  # English words; press style books ask for sentences well under this


class Phrasing(Record):
    """One way of putting a sentence, with the flags of its translation.

    `confidence` is the model's mean log probability per token, 0 for what a person translated.
    """

    kind: Literal["sentence", "condensed", "spoken", "quoted"]
    vi: str
    en: str
    flags: tuple[Flag, ...] = ()
    confidence: float = 0.0

    @property
    def doubt(self) -> int:
        """How much its flags weigh; 0 is clean."""
        return weight(self.flags)


def phrase(claims: Sequence[Claim], said: Sequence[Said], material: Material, translate: Translate) -> None:
    """Fill `material.phrasings` for the places of `claims` and of reported speech; translates what is new."""
    from jobs.vietnamese.condense import condense, spoken
    from jobs.vietnamese.condense import quoted as words_of

    speech = {place: item.speech for item in said if not item.speech.direct for place in item.places}
    quoted = {place for item in said if item.speech.direct for place in item.places}
    wanted: list[tuple[Place, Literal["condensed", "spoken", "quoted"], str]] = []
    for item in said:
        if item.speech.direct:
            pieces = words_of([material.vietnamese[place] for place in item.places])
            wanted += [(item.places[0], "quoted", piece) for piece in pieces]
    for place in dict.fromkeys(_places(claims, said)):
        text = material.vietnamese[place]
        told = speech.get(place)
        if place in quoted and told is None:
            continue
        short = condense(text, subject=told.speaker_en if told else None, verb=told.verb_vi if told else None)
        if short != text:
            wanted.append((place, "condensed", short))
        content = spoken(short, told.verb_vi) if told else None
        if content:
            wanted.append((place, "spoken", content))
    found: dict[Place, list[Phrasing]] = {}
    for (place, kind, text), translation in zip(wanted, translate([item[2] for item in wanted]), strict=True):
        found.setdefault(place, []).append(
            Phrasing(
                kind=kind,
                vi=text,
                en=translation.en,
                flags=translation.flags,
                confidence=translation.confidence or 0.0,
            )
        )
    material.phrasings.update({place: tuple(items) for place, items in found.items()})


def word_values(differences: Sequence[Difference], material: Material, translate: Translate) -> None:
    """Fill `material.wordings`: the English of quotations that the sources word differently, each by itself."""
    wanted = [value.text_vi for item in differences if item.slot == "quotation" for value in item.values]
    for text, translation in zip(wanted, translate(wanted), strict=True):
        material.wordings[text] = translation.en.rstrip(" .")


def name_roles(said: Sequence[Said], material: Material, terms: TermBase, translate: Translate) -> None:
    """Fill `material.roles`: roles of speakers that the term base leaves open, where the checks find no fault."""
    wanted = [
        role
        for role in dict.fromkeys(item.speech.role_vi for item in said)
        if role and role not in material.roles and role_in_english(role, terms) is None
    ]
    for role, translation in zip(wanted, translate(wanted), strict=True):
        english = translation.en.strip(" .")
        if english and not translation.flags and len(english.split()) <= _ROLE_WORDS:
            material.roles[role] = english


def _places(claims: Sequence[Claim], said: Sequence[Said]) -> Iterable[Place]:
    for claim in claims[:PHRASED_CLAIMS]:
        yield from claim.places()[:PHRASED_MEMBERS]
    for item in said:
        yield from item.places


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
    from jobs.vietnamese.condense import leans

    found = []
    for rank, place in enumerate(places):
        items = [*material.phrasings.get(place, ())]
        if material.english.get(place):
            items.append(
                Phrasing(
                    kind="sentence",
                    vi=material.vietnamese[place],
                    en=material.english[place],
                    flags=material.flags.get(place, ()),
                    confidence=material.confidence.get(place, 0.0),
                )
            )
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
