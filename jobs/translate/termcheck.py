"""Whether English names what the term base asks for: the terms found in a sentence in, those it lacks out."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from jobs.vietnamese.fold import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobs.records import Mention

_WORD = re.compile(r"\w+(?:['’]\w+)?")
_DOTTED = re.compile(r"\b(?:[A-Za-z]\.){2,}")  # U.S., U.N.


def terms_missing(terms: Sequence[Mention], en: str) -> list[Mention]:
    """Return the bodies, places, documents, acronyms and technical terms that `en` names in no accepted form."""
    folded = _loose(en)
    missing = []
    for term in terms:
        if not term.english or (term.kind == "term" and not _is_kept(term)):
            continue
        wanted = [_loose(form) for form in (term.english, *term.accept)]
        # "Ministry of Finance" is "Finance Ministry" too, "ASEAN Secretariat" the "Secretariat of ASEAN".
        if any(form in folded or _reordered(form, folded) for form in wanted):
            continue
        if term.kind == "term" and any(_told_by_stems(form, folded) for form in wanted):
            continue
        if term.kind in ("body", "place", "document", "acronym", "term"):
            missing.append(term)
    return missing


def _is_kept(term: Mention) -> bool:
    """Return whether translators keep this term: titles may become pronouns, and some words are told freely."""
    from jobs.translate.termrules import key
    from jobs.translate.termrules import rules as term_rules

    return term.role is None and key(term.text) not in term_rules()["told_freely"]["terms"]


def _told_by_stems(form: str, folded: str) -> bool:
    """Return whether the words of `form` stand in `folded` in any place and inflection: "developed sustainably"."""
    words = folded.split()
    return all(any(word.startswith(_stem(want)) for word in words) for want in form.split())


def _stem(word: str) -> str:
    return word[: max(4, len(word) - 5)]


_SAME_WORD = {
    "minister": "ministry",
    "ministers": "ministry",
    "ministries": "ministry",
    "defense": "defence",
    "labor": "labour",
    "center": "centre",
    "centers": "centre",
    "organization": "organisation",
    "program": "programme",
    "fiber": "fibre",
    "license": "licence",
    "neighboring": "neighbouring",
    "UN": "united nations",
    "US": "united states",
    "VN": "vietnam",
}
_LEFT_OUT = {"the", "of", "and", "for", "on", "in", "to"}


@lru_cache(maxsize=1 << 14)  # the forms of the term base come again and again
def _loose(text: str) -> str:
    """Return the words of `text` as they are compared: one spelling, folded, no article, possessive or plural."""
    plain = _DOTTED.sub(lambda match: match[0].replace(".", ""), fold(text))
    words = []
    for word in _WORD.findall(plain):
        bare = re.sub(r"['’]s?$", "", word)
        lower = _SAME_WORD.get(bare) or _SAME_WORD.get(bare.lower(), bare.lower())
        if lower not in _LEFT_OUT:
            words.append(_british(lower.removesuffix("s") if len(lower) > 4 else lower))
    return f" {' '.join(words)} "


def _british(word: str) -> str:
    return word.replace("ization", "isation").replace("izing", "ising").replace("ized", "ised")


def _reordered(form: str, folded: str) -> bool:
    """Return whether all words of `form` (two and more) stand close together in `folded`, in any order."""
    wanted, words = form.split(), folded.split()
    size = len(wanted) + 1
    return len(wanted) > 1 and any(
        set(wanted) <= set(words[start : start + size]) for start in range(max(1, len(words) - size + 1))
    )
