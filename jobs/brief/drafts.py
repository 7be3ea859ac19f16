"""An event before it is composed: its articles in, its claims, differences and speech out, and what needs English.

The texts of all drafts of a batch are translated together; `put` then lays their English into the material.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jobs.brief.phrasing import Phrasing
from jobs.reconcile.claims import group_claims
from jobs.reconcile.discrepancies import find_differences
from jobs.translate.roles import role_in_english
from jobs.vietnamese.condense import condense, quoted, spoken

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from jobs.brief.material import Material, Place, Said
    from jobs.brief.phrasing import Kind
    from jobs.reconcile.claims import Claim
    from jobs.reconcile.copies import CopyLink
    from jobs.reconcile.discrepancies import Difference
    from jobs.records import Translation
    from jobs.translate.glossary import TermBase

    Cut = tuple[Place, Kind, str]

_CLAIMS = 60  # of an event, best first: more than any section prints
_MEMBERS = 3  # of a claim
_ROLE_WORDS = 12


@dataclass(frozen=True)
class Draft:
    """What is found in the articles `ids` of one event, and the Vietnamese texts that it needs in English.

    `cuts` are sentences cut to what can be printed by itself, `roles` those of speakers that the term base leaves
    open, `wordings` the quotations that the sources word differently, each translated by itself.
    """

    ids: tuple[str, ...]
    confidence: float
    claims: tuple[Claim, ...]
    differences: tuple[Difference, ...]
    said: tuple[Said, ...]
    cuts: tuple[Cut, ...]
    roles: tuple[str, ...]
    wordings: tuple[str, ...]

    @classmethod
    def of(
        cls,
        ids: Sequence[str],
        confidence: float,
        *,
        material: Material,
        copies: Mapping[str, CopyLink],
        terms: TermBase,
    ) -> Draft:
        """Reconcile the articles `ids`."""
        members = [material.articles[identity] for identity in ids]
        said = material.speech(ids)
        claims = group_claims(
            members,
            copies=copies,
            speakers={where: item.speech.speaker for item in said for where in item.places},
            doubt=material.doubt,
        )
        dates = {article.id: article.date for article in members}
        differences = find_differences(claims, copies=copies, dates=dates)
        roles = dict.fromkeys(item.speech.role_vi for item in said)
        quotations = [item for item in differences if item.slot == "quotation"]
        return cls(
            ids=tuple(ids),
            confidence=confidence,
            claims=tuple(claims),
            differences=tuple(differences),
            said=tuple(said),
            cuts=tuple(_cuts(claims, said, material)),
            roles=tuple(role for role in roles if role and role_in_english(role, terms) is None),
            wordings=tuple(value.text_vi for item in quotations for value in item.values),
        )

    def texts(self) -> list[str]:
        """Return everything that it needs in English."""
        return [*(text for _, _, text in self.cuts), *self.roles, *self.wordings]

    def put(self, english: Mapping[str, Translation], material: Material) -> None:
        """Lay the `english` of `texts` into `material`; roles only where the checks find no fault."""
        found: dict[Place, list[Phrasing]] = {}
        for place, kind, text in self.cuts:
            found.setdefault(place, []).append(Phrasing.of(kind, english[text]))
        material.phrasings.update({place: tuple(items) for place, items in found.items()})
        for role in self.roles:
            name = english[role].en.strip(" .")
            if name and not english[role].flags and len(name.split()) <= _ROLE_WORDS:
                material.roles[role] = name
        for text in self.wordings:
            material.wordings[text] = english[text].en.rstrip(" .")


def _cuts(claims: Sequence[Claim], said: Sequence[Said], material: Material) -> Iterable[Cut]:
    speech = {place: item.speech for item in said if not item.speech.direct for place in item.places}
    direct = {place for item in said if item.speech.direct for place in item.places}
    for item in said:
        if item.speech.direct:
            for piece in quoted([material.vietnamese[place] for place in item.places]):
                yield item.places[0], "quoted", piece
    for place in dict.fromkeys(_places(claims, said)):
        text, told = material.vietnamese[place], speech.get(place)
        if place in direct and told is None:
            continue
        short = condense(text, subject=told.speaker_en if told else None, verb=told.verb_vi if told else None)
        if short != text:
            yield place, "condensed", short
        content = spoken(short, told.verb_vi) if told else None
        if content:
            yield place, "spoken", content


def _places(claims: Sequence[Claim], said: Sequence[Said]) -> Iterable[Place]:
    for claim in claims[:_CLAIMS]:
        yield from claim.places()[:_MEMBERS]
    for item in said:
        yield from item.places
