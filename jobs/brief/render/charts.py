"""Geometry of the two small charts of an event, for the HTML template to draw: coverage matrix and time line.

Nothing is drawn where a chart would say nothing: a single source, fewer than two dates.
"""

from __future__ import annotations

import calendar
import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from jobs.brief.render.numbers import days

if TYPE_CHECKING:
    import datetime as dt

    from jobs.brief.render.parts import ArticleView, EventView, Item

_CELL, _ROW, _MARGIN, _HEAD = 38, 26, 64, 28  # CSS pixels; drawn at this size, wide charts scroll
_AXIS, _LABEL = 220, 58
_LONG_GAP = (
    5  # days; beyond it a gap grows by its logarithm, else one old date squeezes the week that matters
)


@dataclass(frozen=True)
class Dot:
    """A citation of a key point in a source; `copy` where the source repeats another."""

    x: int
    y: int
    href: str
    title: str
    copy: bool
    flagged: bool


@dataclass(frozen=True)
class Matrix:
    """Rows are key points, columns sources."""

    width: int
    height: int
    rows: tuple[tuple[int, str], ...]
    columns: tuple[tuple[int, str, str], ...]
    dots: tuple[Dot, ...]


@dataclass(frozen=True)
class Bar:
    """One entry of the timeline; a day has no width."""

    y: int
    x: float
    width: float
    id: str
    title: str


@dataclass(frozen=True)
class Axis:
    """Entries of the timeline between the first and the last day, long gaps shortened."""

    width: int
    height: int
    left: int
    right: int
    first: str
    last: str
    bars: tuple[Bar, ...]


def coverage(event: EventView) -> Matrix | None:
    """Return the matrix of key points (the lead first) and sources, or None for a single source."""
    if len(event.sources) < 2 or not event.key_points:
        return None
    column = {source.id: _MARGIN + _CELL // 2 + index * _CELL for index, source in enumerate(event.sources)}
    rows, dots = [], []
    for index, item in enumerate((event.lead, *event.key_points)):
        y = _HEAD + _ROW // 2 + index * _ROW
        rows.append((y, item.id))
        dots += _dots(item, event.sources, column, y)
    return Matrix(
        width=_MARGIN + _CELL * len(event.sources),
        height=_HEAD + _ROW * len(rows),
        rows=tuple(rows),
        columns=tuple((column[item.id], str(item.number), item.outlet) for item in event.sources),
        dots=tuple(dots),
    )


def _dots(item: Item, sources: tuple[ArticleView, ...], column: dict[str, int], y: int) -> list[Dot]:
    found = []
    for source in sources:
        lines = [line for line in item.cites if line.article == source.id]
        if lines:
            found.append(
                Dot(
                    x=column[source.id],
                    y=y,
                    href=f"#a{source.number}-s{lines[0].n}",
                    title=f"{item.id} [{lines[0].label}] {source.outlet}: {lines[0].vi}",
                    copy=bool(source.copy_of),
                    flagged=any(line.flags for line in lines),
                )
            )
    return found


def axis(event: EventView) -> Axis | None:
    """Return the time line of the dated entries, or None where there are fewer than two different days."""
    spans = [(item, span) for item in event.timeline if (span := days(item.start, item.end))]
    if len({span for _, span in spans}) < 2:
        return None
    first = min(span[0] for _, span in spans)
    last = max(span[1] for _, span in spans)
    place = _scale(sorted({day for _, span in spans for day in span}))
    bars = tuple(
        Bar(
            y=_ROW // 2 + index * _ROW,
            x=place[span[0]],
            width=round(place[span[1]] - place[span[0]], 1),
            id=item.id,
            title=f"{item.head}: {item.text}",
        )
        for index, (item, span) in enumerate(spans)
    )
    return Axis(
        width=_LABEL + _AXIS + 12,
        height=_ROW * len(bars) + 26,
        left=_LABEL,
        right=_LABEL + _AXIS,
        first=_short(first),
        last=_short(last),
        bars=bars,
    )


def _short(day: dt.date) -> str:
    return f"{day.day} {calendar.month_abbr[day.month]} {day.year}"


def _scale(days_: list[dt.date]) -> dict[dt.date, float]:
    gaps = [(later - earlier).days for earlier, later in pairwise(days_)]
    weights = [gap if gap <= _LONG_GAP else _LONG_GAP + math.log2(gap / _LONG_GAP) for gap in gaps]
    total = sum(weights)
    return {day: round(_LABEL + sum(weights[:index]) / total * _AXIS, 1) for index, day in enumerate(days_)}
