"""What every renderer shows, worked out once: `Brief` in, a tree of plain texts, citations and flags out.

Sources are numbered by their place in `Brief.articles`, so `[1:4]` is sentence 4 of the first article, in every
file and in `press-brief explain`. Texts are already on one line and without hidden characters.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jobs.brief.render.numbers import amount, period
from jobs.brief.render.parts import ArticleView, Choice, Difference, EventView, FlagView, Item, Line, View
from jobs.brief.render.text import clean, web_address

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jobs.brief.prompts import Phrases
    from jobs.records import (
        Brief,
        Discrepancy,
        Event,
        Flag,
        PublishedArticle,
        PublishedSentence,
        Source,
        SummarySentence,
    )


def view(brief: Brief, phrases: Phrases) -> View:
    """Return what the renderers show of `brief`."""
    return _Viewer(brief, phrases).view()


class _Viewer:
    def __init__(self, brief: Brief, phrases: Phrases) -> None:
        self._brief = brief
        self._phrases = phrases
        self._numbers = {article.id: number for number, article in enumerate(brief.articles, 1)}
        self._lines: dict[tuple[str, int], Line] = {}
        for article in brief.articles:
            for sentence in article.sentences:
                self._lines[article.id, sentence.n] = self._line(article, sentence)
        self._articles = {article.id: self._article(article) for article in brief.articles}

    def view(self) -> View:
        brief = self._brief
        events = tuple(self._event(event) for event in brief.events)
        counts = self._phrases.text(
            "brief.counts",
            articles=self._count("article", len(brief.articles)),
            events=self._count("event", len(brief.events)),
            statements=self._count("statement", sum(len(event.flagged) for event in events)),
            flags=self._count("flag", sum(len(article.flagged) for article in self._articles.values())),
        )
        return View(
            run_id=clean(brief.run_id),
            signature=clean(brief.signature),
            day=period(brief.generated_at[:10], None, "day"),
            counts=counts,
            events=events,
            outside=tuple(self._articles[identity] for identity in brief.unclustered),
            articles=tuple(self._articles.values()),
            accounting=brief.accounting,
        )

    def _count(self, what: str, number: int) -> str:
        if number == 1:
            return self._phrases.text(f"count.{what}_one")
        return self._phrases.text(f"count.{what}_many", count=number)

    def _line(self, article: PublishedArticle, sentence: PublishedSentence) -> Line:
        number = self._numbers[article.id]
        return Line(
            label=f"{number}:{sentence.n}",
            article=article.id,
            number=number,
            n=sentence.n,
            vi=clean(sentence.vi),
            en=clean(sentence.en),
            role=sentence.role,
            flags=_flags(sentence.flags),
        )

    def _article(self, article: PublishedArticle) -> ArticleView:
        copied = article.near_duplicate_of
        title_vi = clean(article.title_vi) or self._phrases.text("brief.untitled")
        return ArticleView(
            number=self._numbers[article.id],
            id=article.id,
            title_vi=title_vi,
            title_en=clean(article.title_en) or title_vi,
            outlet=clean(article.source) or self._phrases.text("brief.no_outlet"),
            date=period(article.date.isoformat(), None, "day")
            if article.date
            else self._phrases.text("brief.undated"),
            author=clean(article.author),
            path=clean(article.path),
            url=web_address(article.url),
            copy_of=self._phrases.text("brief.copy_of", original=f"[{self._numbers.get(copied, copied)}]")
            if copied
            else "",
            lines=tuple(self._lines[article.id, sentence.n] for sentence in article.sentences),
            summary_vi=self._summary(article.id, article.summary.vi),
            summary_en=self._summary(article.id, article.summary.en),
        )

    def _summary(self, identity: str, sentences: Iterable[SummarySentence]) -> tuple[Item, ...]:
        return tuple(
            Item(
                "",
                clean(item.text),
                tuple(self._lines[identity, n] for n in item.sentences),
                flags=_flags(item.flags),
            )
            for item in sentences
        )

    def _cites(self, sources: Iterable[Source]) -> tuple[Line, ...]:
        return tuple(self._lines[source.article, source.sentence] for source in sources)

    def _event(self, event: Event) -> EventView:
        prefix = f"{event.id}." if len(self._brief.events) > 1 else ""

        def items(letter: str, found: Sequence[Item]) -> tuple[Item, ...]:
            return tuple(replace(item, id=f"{prefix}{letter}{n}") for n, item in enumerate(found, 1))

        text = self._phrases.text
        return EventView(
            id=event.id,
            headline=clean(event.headline_en),
            count=self._count("article", len(event.articles)),
            lead=Item(
                f"{prefix}LEAD",
                clean(event.lead_en),
                self._cites(event.lead_sources),
                flags=_flags(event.lead_flags),
            ),
            key_points=items(
                "K",
                [
                    Item(
                        "",
                        clean(point.text_en),
                        self._cites(point.sources),
                        badge=self._count("source", point.corroboration),
                        vi=clean(point.text_vi),
                        flags=_flags(point.flags),
                    )
                    for point in event.key_points
                ],
            ),
            quotes=items(
                "Q",
                [
                    Item(
                        "",
                        clean(quote.text_en),
                        self._cites(quote.sources),
                        head=clean(quote.speaker),
                        note=clean(quote.role_en),
                        badge=text("quote.direct" if quote.direct else "quote.reported"),
                        vi=clean(quote.text_vi),
                        kind="direct" if quote.direct else "reported",
                        flags=_flags(quote.flags),
                    )
                    for quote in event.quotes
                ],
            ),
            figures=items(
                "F",
                [
                    Item(
                        "",
                        clean(figure.what_en),
                        self._cites(figure.sources),
                        head=clean(amount(figure.value, figure.unit, figure.approx)),
                        note=clean(figure.text_en),
                        flags=_flags(figure.flags),
                    )
                    for figure in event.figures
                ],
            ),
            timeline=items(
                "T",
                [
                    Item(
                        "",
                        clean(entry.text_en),
                        self._cites(entry.sources),
                        head=clean(period(entry.start, entry.end, entry.precision)),
                        start=entry.start,
                        end=entry.end,
                        kind=entry.precision,
                        flags=_flags(entry.flags),
                    )
                    for entry in event.timeline
                ],
            ),
            differences=tuple(
                self._difference(f"{prefix}D{n}", item) for n, item in enumerate(event.discrepancies, 1)
            ),
            single=items(
                "S",
                [
                    Item("", clean(item.text_en), self._cites(item.sources), flags=_flags(item.flags))
                    for item in event.single_source
                ],
            ),
            entities=items(
                "P",
                [
                    Item(
                        "",
                        clean(", ".join(entity.roles_en)),
                        self._cites(entity.sources),
                        head=clean(entity.name_en),
                        badge=text(f"entity.{entity.kind}"),
                        note=clean(", ".join(name for name in entity.variants if name != entity.name_en)),
                        kind=entity.kind,
                    )
                    for entity in event.entities
                ],
            ),
            sources=tuple(self._articles[identity] for identity in event.articles),
        )

    def _difference(self, identity: str, found: Discrepancy) -> Difference:
        choices = tuple(
            Choice(
                clean(value.text_en),
                clean(value.text_vi),
                self._cites(value.sources),
                index == found.preferred,
            )
            for index, value in enumerate(found.values)
        )
        cited = tuple(dict.fromkeys(line for choice in choices for line in choice.cites))
        return Difference(
            item=Item(identity, clean(found.about_en), cited),
            kind=self._phrases.text(f"kind.{found.kind}"),
            choices=choices,
            reason=clean(found.reason_en),
        )


def _flags(found: Iterable[Flag]) -> tuple[FlagView, ...]:
    return tuple(FlagView(clean(flag.code), clean(flag.detail)) for flag in found)
