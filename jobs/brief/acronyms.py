"""First uses: an event as composed in, the same event with each acronym of the term base spelled out once out.

Words in quotation marks are a person's own and stay as they are; so do acronyms that every reader knows.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from jobs.records import Event

_ACRONYM = re.compile(r"(?<![\w-])[A-Z][A-Z0-9]{2,9}(?![\w'’-])")
_KNOWN = frozenset({"ASEAN", "USA", "USD", "VND", "GDP", "NATO", "COVID"})


def spell_out(event: Event, expansion: Callable[[str], str | None]) -> Event:
    """Return `event` with acronyms spelled out at their first use, in the order in which the brief is read."""
    told: set[str] = set()

    def put(text: str) -> str:
        return _first_uses(text, expansion, told)

    return event.model_copy(
        update={
            "lead_en": put(event.lead_en),
            "key_points": tuple(
                item.model_copy(update={"text_en": put(item.text_en)}) for item in event.key_points
            ),
            "quotes": tuple(
                item if item.direct else item.model_copy(update={"text_en": put(item.text_en)})
                for item in event.quotes
            ),
            "timeline": tuple(
                item.model_copy(update={"text_en": put(item.text_en)}) for item in event.timeline
            ),
            "single_source": tuple(
                item.model_copy(update={"text_en": put(item.text_en)}) for item in event.single_source
            ),
        }
    )


def _first_uses(text: str, expansion: Callable[[str], str | None], told: set[str]) -> str:
    pieces, at = [], 0
    for match in _ACRONYM.finditer(text):
        acronym = match[0]
        if acronym in told or acronym in _KNOWN or text[: match.start()].count('"') % 2:
            continue
        full = expansion(acronym)
        if full is None:
            continue
        told.add(acronym)
        glossed = (
            text[match.start() - 1 : match.start()] == "(" and text[match.end() : match.end() + 1] == ")"
        )
        if glossed or full.lower() in text.lower():
            continue
        pieces += [text[at : match.start()], f"{full} ({acronym})"]
        at = match.end()
    return "".join([*pieces, text[at:]])
