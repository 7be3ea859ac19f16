"""What the renderers show, as data: plain texts on one line, citations, flags. `view` makes it of a `Brief`."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jobs.records import Accounting


@dataclass(frozen=True)
class FlagView:
    """A finding: its code and what it says."""

    code: str
    detail: str


@dataclass(frozen=True)
class Line:
    """A sentence of an article in both languages. `label` is `1:4`."""

    label: str
    article: str
    number: int
    n: int
    vi: str
    en: str
    role: str
    flags: tuple[FlagView, ...]


@dataclass(frozen=True)
class Item:
    """A statement with an id that `explain` understands, and the sentences that it cites."""

    id: str
    text: str
    cites: tuple[Line, ...]
    badge: str = ""
    head: str = ""
    note: str = ""
    vi: str = ""
    start: str = ""
    end: str | None = None
    kind: str = ""
    flags: tuple[FlagView, ...] = ()

    @property
    def statement(self) -> str:
        """Return it in one line: who or what before it, where there is one."""
        return f"{self.head}: {self.text}" if self.head else self.text

    @property
    def flagged(self) -> bool:
        """Whether its English carries a flag."""
        return bool(self.flags)

    @property
    def doubts(self) -> str:
        """Return what its flags say, in one line."""
        return "; ".join(flag.detail for flag in self.flags)


@dataclass(frozen=True)
class Choice:
    """One of the values on which sources differ."""

    text: str
    vi: str
    cites: tuple[Line, ...]
    preferred: bool


@dataclass(frozen=True)
class Difference:
    """Where sources differ about one thing."""

    item: Item
    kind: str
    choices: tuple[Choice, ...]
    reason: str


@dataclass(frozen=True)
class ArticleView:
    """An article as a source: `number` is its citation number."""

    number: int
    id: str
    title_vi: str
    title_en: str
    outlet: str
    date: str
    author: str
    path: str
    url: str | None
    copy_of: str
    lines: tuple[Line, ...]
    summary_vi: tuple[Item, ...]
    summary_en: tuple[Item, ...]

    @property
    def flagged(self) -> tuple[Line, ...]:
        """Return the sentences that carry a flag."""
        return tuple(line for line in self.lines if line.flags)

    @property
    def summaries(self) -> tuple[tuple[Item | None, Item | None], ...]:
        """Return the sentences of the two summaries side by side."""
        return tuple(zip_longest(self.summary_vi, self.summary_en))


@dataclass(frozen=True)
class EventView:
    """Everything that is told about one event."""

    id: str
    headline: str
    count: str
    lead: Item
    key_points: tuple[Item, ...]
    quotes: tuple[Item, ...]
    figures: tuple[Item, ...]
    timeline: tuple[Item, ...]
    differences: tuple[Difference, ...]
    single: tuple[Item, ...]
    entities: tuple[Item, ...]
    sources: tuple[ArticleView, ...]

    @property
    def flagged(self) -> tuple[Item, ...]:
        """Return the statements whose English carries a flag, in the order of print."""
        told = (self.lead, *self.key_points, *self.quotes, *self.figures, *self.timeline, *self.single)
        return tuple(item for item in told if item.flagged)


@dataclass(frozen=True)
class View:
    """The whole brief."""

    run_id: str
    signature: str
    day: str
    counts: str
    events: tuple[EventView, ...]
    outside: tuple[ArticleView, ...]
    articles: tuple[ArticleView, ...]
    accounting: Accounting

    @property
    def statements_to_review(self) -> tuple[Item, ...]:
        """Return the printed statements that carry flags."""
        return tuple(item for event in self.events for item in event.flagged)

    @property
    def to_review(self) -> tuple[ArticleView, ...]:
        """Return the articles that have flagged sentences."""
        return tuple(article for article in self.articles if article.flagged)
