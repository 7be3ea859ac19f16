"""Slips of grammar that small models make and that a sentence and its source settle: text in, text out.

Days with the preposition of months ("in January 12-16"), a passive without its verb ("The meetings held."), an adverb
inside "took place", a word too many ("the hosted by Vietnam"), an attribute on both sides of another ("fibre-optic
terrestrial fibre-optic cable") and a subject that lacks its article ("Theme of this conference").
Anything less than certain stays as it is.
"""

from __future__ import annotations

import re

from jobs.vietnamese.dates import MONTHS
from jobs.vietnamese.spans import either

_MONTH = f"(?:{either(MONTHS)})"
_IN_DAYS = re.compile(
    rf"\b(?P<i>[Ii])n (?={_MONTH} \d{{1,2}}(?P<range>(?:-|–| to )\d{{1,2}})?(?:, \d{{4}})?"
    r"(?:[,.;:)]|$| (?:in|at|and|with|by)\b))"
)
_TOOK_PLACE = re.compile(r"\b(took|takes|take|taking) an? (\w+ly) place\b")
_STRAY = re.compile(r"\b(?:by|the) (?=(?:hosted|organi[sz]ed|chaired) by [A-Z])")
_AROUND = re.compile(
    r"(?<![\w-])([a-z]+-[a-z]+) (?!(?:with|over|than|from|into|upon|after|like|that|this|versus|against|through)\b)"
    r"([a-z]{4,} )(?=\1(?![\w-]))"
)
_BARE = re.compile(r"^(?:Theme|Aim|Goal|Purpose|Meaning|Significance|Message) of (?=(?:the|this)\b)")
# With an object or a verb after it `held` is another matter.
_HELD = re.compile(
    r"^(?P<subject>[^.;:\"“”]+?) (?P<rest>(?:successfully |solemnly )?held"
    rf"(?: (?:in|at) (?:[A-Z][\w'-]*(?:, | )?)+| (?:on|from) {_MONTH} \d[\d, -]*)*\.?)$"
)
_FINITE = re.compile(
    r"\b(?:is|are|was|were|be|been|being|has|have|had|will|would|can|could|may|to|who|which|that|said)\b"
)


def mend_slips(text: str, source: str) -> str:
    """Return `text`, the English of the Vietnamese `source`, without such slips; applied twice, nothing changes."""
    text = _BARE.sub(lambda match: f"The {match[0].lower()}", _AROUND.sub(r"\2", _STRAY.sub("", text)))
    if "diễn ra" in source:
        text = _TOOK_PLACE.sub(r"\1 place \2", text)
    return _with_verb(_IN_DAYS.sub(_preposition, text), source)


def _preposition(match: re.Match[str]) -> str:
    word = "from" if match["range"] else "on"
    return f"{word.capitalize() if match['i'] == 'I' else word} "


def _with_verb(text: str, source: str) -> str:
    match = _HELD.search(text) if "được tổ chức" in source else None
    if match is None or _FINITE.search(match["subject"]):
        return text
    several = " and " in match["subject"] or re.search(r"[a-rt-z]s$", match["subject"])
    return f"{match['subject']} {'were' if several else 'was'} {match['rest']}"
