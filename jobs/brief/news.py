"""What a statement of one source is worth printing: its claim and its English in, numbers to order by out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobs.brief.phrasing import options
from jobs.vietnamese.condense import leans

if TYPE_CHECKING:
    from jobs.brief.material import Material
    from jobs.reconcile.claims import Claim

_SURE = -0.3  # nats per token: English of this confidence reads well
_TELLING = 10  # words of a statement that tells more than that somebody spoke


def unsureness(claim: Claim, material: Material) -> float:
    """Return how much less a statement is worth for English that its model was not sure of."""
    sure = max((item.confidence for _, item in options(claim.places(), material)), default=0.0)
    return 0.4 * max(0.0, _SURE - sure)


def tells(text: str) -> bool:
    """Return whether a statement holds news: a figure or a date, or enough words."""
    return len(text.split()) >= _TELLING or any(char.isdigit() for char in text)


def news_value(claim: Claim) -> float:
    """Return what a statement of one source is worth: central, and concrete rather than general."""
    slots = [token.slot for token in claim.best.tokens]
    value = (
        claim.centrality
        + 0.12 * min(2, slots.count("figure"))
        + 0.08 * ("date" in slots)
        + 0.05 * ("person" in slots)
    )
    return value - 0.15 * leans(claim.best.text)
