"""Where sources differ: reconciled differences in, the brief's entries with both languages and reasons out."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

from jobs.records import Discrepancy, DiscrepancyValue

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jobs.brief.material import Material, Place
    from jobs.brief.prompts import Phrases
    from jobs.reconcile.discrepancies import Difference
    from jobs.records import Source
    from jobs.translate.glossary import TermBase

_CONTEXT_WORDS = 16


def discrepancy_entries(
    differences: Sequence[Difference],
    material: Material,
    phrases: Phrases,
    terms: TermBase,
    sources: Callable[[Sequence[Place]], tuple[Source, ...]],
) -> list[tuple[Discrepancy, dict[str, Any]]]:
    """Return each difference as it is printed, with its trail."""
    result = []
    for difference in differences:
        values = tuple(
            DiscrepancyValue(
                value=value.value,
                text_vi=value.text_vi,
                text_en=_value_english(difference.slot, value.sources[0], value.text_vi, material, terms),
                sources=sources(value.sources),
            )
            for value in difference.values
        )
        preferred = difference.values[difference.preferred or 0]
        if difference.slot == "quotation":
            # One meaning in two wordings: two machine translations would differ where the sources do not.
            english = _value_english(
                difference.slot, preferred.sources[0], preferred.text_vi, material, terms
            )
            values = tuple(value.model_copy(update={"text_en": english}) for value in values)
            context = _differing([value.text_vi for value in difference.values])
        else:
            context = _context(preferred.sources[0], material)
        entry = Discrepancy(
            about_en=phrases.text(f"about.{difference.slot}", context=context),
            kind=difference.kind,
            values=values,
            preferred=difference.preferred,
            reason_en=phrases.text(f"reason.{difference.reason}"),
        )
        trail = {
            "statement": entry.about_en,
            "slot": difference.slot,
            "kind": difference.kind,
            "values": [value.model_dump(mode="json") for value in difference.values],
            "preferred": difference.preferred,
            "reason": difference.reason,
            "sources": material.cited([place for value in difference.values for place in value.sources]),
            "rule": "aligned slots of sentences of one claim hold different normalised values",
        }
        result.append((entry, trail))
    return result


def _differing(texts: Sequence[str]) -> str:
    """Return the words of the first two wordings that are not the other's: "đến" / "sang"."""
    left, right = (text.split() for text in texts[:2])
    matcher = difflib.SequenceMatcher(
        a=[word.lower() for word in left], b=[word.lower() for word in right], autojunk=False
    )
    return ", ".join(
        f"“{' '.join(left[a0:a1])}” / “{' '.join(right[b0:b1])}”"
        for operation, a0, a1, b0, b1 in matcher.get_opcodes()
        if operation != "equal"
    )


def _context(place: Place, material: Material) -> str:
    """Return the English of the sentence that holds the value, short enough for a line."""
    condensed = [item.en for item in material.phrasings.get(place, ()) if item.kind == "condensed"]
    return shorten((condensed or [material.english.get(place, "")])[0] or material.vietnamese[place])


def _value_english(slot: str, place: Place, text_vi: str, material: Material, terms: TermBase) -> str:
    from jobs.vietnamese import figures
    from jobs.vietnamese.fold import fold

    if slot in ("figure", "date"):
        found = figures(text_vi)
        if len(found) == 1 and found[0].english:
            approx = (found[0].approx or "").replace("_", " ")
            return f"{approx} {found[0].english}".strip()
    if slot == "person":
        return fold(text_vi)
    if slot in ("title", "place"):
        return terms.english(text_vi) or fold(text_vi)
    english = material.english.get(place, "")
    if slot == "quotation" and text_vi in material.wordings:
        return material.wordings[text_vi]
    return shorten(english) or text_vi


def shorten(text: str, words: int = _CONTEXT_WORDS) -> str:
    """Return at most `words` words of `text`, with an ellipsis where it was cut."""
    items = text.split()
    return text if len(items) <= words else " ".join(items[:words]).rstrip(",;:") + "…"
