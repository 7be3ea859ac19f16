"""brief.md and articles/<id>.md: the view in, CommonMark with tables out, every text from outside escaped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobs.brief.render.text import markdown as esc

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jobs.brief.prompts import Phrases
    from jobs.brief.render.parts import ArticleView, Difference, EventView, Item, Line, View

MOST_CITED = 8  # citations shown behind a person or body; brief.json has them all


class _Page:
    """Collects blocks separated by empty lines."""

    def __init__(self, phrases: Phrases, folder: str = "articles/") -> None:
        self.blocks: list[str] = []
        self._phrases = phrases
        self._folder = folder

    def bytes(self) -> bytes:
        return ("\n\n".join(self.blocks) + "\n").encode()

    def text(self, identity: str, **values: object) -> str:
        """Return an escaped phrase; its values are escaped with it."""
        return esc(self._phrases.text(identity, **values))

    def head(self, level: int, identity: str) -> None:
        self.blocks.append(f"{'#' * level} {self.text(identity)}")

    def cites(self, lines: Sequence[Line], most: int | None = None) -> str:
        """Return linked citations such as `[1:4]`."""
        shown = lines if most is None else lines[:most]
        found = " ".join(f"[\\[{line.label}\\]]({self._folder}{line.article}.md#s{line.n})" for line in shown)
        more = len(lines) - len(shown)
        return found + (f" {self.text('brief.more', count=more)}" if more else "")

    def mark(self, item: Item) -> str:
        """Return the visible mark of a flagged statement."""
        return f" **⚑ {self.text('brief.check')}**" if item.flagged else ""

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        lines = [columns, ["---"] * len(columns), *rows]
        self.blocks.append("\n".join("| " + " | ".join(line) + " |" for line in lines))

    def items(self, identity: str, found: Sequence[str]) -> None:
        if found:
            self.head(3, identity)
            self.blocks.append("\n".join(f"- {line}" for line in found))


def brief_md(found: View, phrases: Phrases) -> bytes:
    """Return brief.md."""
    page = _Page(phrases)
    page.head(1, "brief.title")
    page.blocks.append(f"**{page.text('brief.as_of', date=found.day)}** · {esc(found.counts)}")
    page.blocks.append(f"*{page.text('brief.machine')}*")
    if len(found.events) > 1:
        page.head(2, "brief.contents")
        page.blocks.append(
            "\n".join(
                f"- [{esc(event.headline)}](#{event.id.lower()}) ({event.count})" for event in found.events
            )
        )
    for event in found.events:
        _event(page, event)
    if found.outside:
        page.head(2, "brief.unclustered")
        page.blocks.append("\n".join(_source(article) for article in found.outside))
    page.head(2, "brief.articles")
    for article in found.articles:
        _article(page, article)
    _review(page, found)
    page.head(2, "brief.inputs")
    page.blocks.append(page.text("brief.accounting", **found.accounting.model_dump()))
    page.blocks.append(f"{esc(found.run_id)} · {esc(found.signature)}")
    return page.bytes()


def _event(page: _Page, event: EventView) -> None:
    page.blocks.append(f'<a id="{event.id.lower()}"></a>')
    page.blocks.append(f"## {event.id} {esc(event.headline)}")
    page.blocks.append(f"{esc(event.lead.text)}{page.mark(event.lead)} {page.cites(event.lead.cites)}")
    page.items(
        "brief.key_points",
        [
            f"**{item.id}** {esc(item.text)} ({esc(item.badge)}){page.mark(item)} {page.cites(item.cites)}"
            for item in event.key_points
        ],
    )
    page.items("brief.quotes", [_quote(page, item) for item in event.quotes])
    if event.figures:
        page.head(3, "brief.figures")
        names = ("column.id", "column.figure", "column.what", "column.sources")
        page.table(
            [page.text(name) for name in names],
            [
                (item.id, f"**{esc(item.head)}**", esc(item.text), page.cites(item.cites) + page.mark(item))
                for item in event.figures
            ],
        )
    page.items(
        "brief.timeline",
        [
            f"**{item.id}** **{esc(item.head)}**: {esc(item.text)}{page.mark(item)} {page.cites(item.cites)}"
            for item in event.timeline
        ],
    )
    if event.differences:
        page.head(3, "brief.discrepancies")
        for difference in event.differences:
            _difference(page, difference)
    page.items(
        "brief.single_source",
        [
            f"**{item.id}** {esc(item.text)}{page.mark(item)} {page.cites(item.cites)}"
            for item in event.single
        ],
    )
    page.items("brief.entities", [_entity(page, item) for item in event.entities])
    page.head(3, "brief.sources")
    page.blocks.append("\n".join(_source(article) for article in event.sources))


def _quote(page: _Page, item: Item) -> str:
    role = f", {esc(item.note)}" if item.note else ""
    return (
        f"**{item.id}** **{esc(item.head)}**{role} ({esc(item.badge)}): {esc(item.text)}"
        f"{page.mark(item)} {page.cites(item.cites)}"
    )


def _difference(page: _Page, found: Difference) -> None:
    item = found.item
    page.blocks.append(f"**{item.id}** {esc(found.kind)}: {esc(item.text)}{page.mark(item)}")
    rows = [
        (
            f"**{esc(choice.text)}** ({page.text('brief.preferred')})"
            if choice.preferred
            else esc(choice.text),
            esc(choice.vi),
            page.cites(choice.cites),
        )
        for choice in found.choices
    ]
    page.table([page.text(name) for name in ("column.value", "column.written", "column.sources")], rows)
    page.blocks.append(esc(found.reason))


def _entity(page: _Page, item: Item) -> str:
    role = f", {esc(item.text)}" if item.text else ""
    variants = f" · {page.text('brief.variants', variants=item.note)}" if item.note else ""
    return f"**{item.id}** **{esc(item.head)}**{role}{variants} {page.cites(item.cites, MOST_CITED)}"


def _source(article: ArticleView) -> str:
    title = esc(article.title_en)
    link = f"[{title}]({article.url})" if article.url else title
    copied = f" · {esc(article.copy_of)}" if article.copy_of else ""
    head = f"- **\\[{article.number}\\]** {esc(article.outlet)}, {esc(article.date)}"
    return f"{head}: {link} · {esc(article.path)}{copied}"


def _article(page: _Page, article: ArticleView) -> None:
    page.blocks.append(f"### \\[{article.number}\\] {esc(article.title_en)}")
    page.blocks.append(
        _meta(page, article) + f" · [{page.text('brief.sentences')}](articles/{article.id}.md)"
    )
    page.table(
        [page.text("brief.summary_vi"), page.text("brief.summary_en")],
        [
            tuple(
                f"{esc(item.text)}{page.mark(item)} {page.cites(item.cites)}" if item else "" for item in pair
            )
            for pair in article.summaries
        ],
    )


def _meta(page: _Page, article: ArticleView) -> str:
    parts = [esc(article.title_vi), esc(article.outlet), esc(article.date)]
    if article.author:
        parts.append(page.text("brief.by", author=article.author))
    parts.append(f"[{esc(article.url)}]({article.url})" if article.url else esc(article.path))
    return " · ".join([*parts, *([esc(article.copy_of)] if article.copy_of else [])])


def _review(page: _Page, found: View) -> None:
    page.head(2, "brief.review")
    if not found.to_review and not found.statements_to_review:
        page.blocks.append(page.text("brief.review_none"))
    page.items(
        "brief.review_statements",
        [
            f"**{item.id}** {esc(item.statement)} {page.cites(item.cites)}"
            + "".join(f"\n  - {_flag(flag.code, flag.detail)}" for flag in item.flags)
            for item in found.statements_to_review
        ],
    )
    for article in found.to_review:
        page.blocks.append(f"### \\[{article.number}\\] {esc(article.outlet)}, {esc(article.title_en)}")
        blocks = []
        for line in article.flagged:
            flags = "\n".join(f"  - {_flag(flag.code, flag.detail)}" for flag in line.flags)
            blocks.append(f"- {page.cites([line])} {esc(line.en)} · *{esc(line.vi)}*\n{flags}")
        page.blocks.append("\n".join(blocks))


def _flag(code: str, detail: str) -> str:
    return f"**{esc(code)}**: {esc(detail)}"


def article_md(article: ArticleView, phrases: Phrases) -> bytes:
    """Return articles/<id>.md: the two summaries and every sentence with its anchor `sN`."""
    page = _Page(phrases, folder="")
    page.blocks.append(f"# \\[{article.number}\\] {esc(article.title_en)}")
    page.blocks.append(_meta(page, article))
    page.blocks.append(f"[{page.text('brief.back')}](../brief.md)")
    for name, items in (("brief.summary_en", article.summary_en), ("brief.summary_vi", article.summary_vi)):
        page.head(2, name)
        page.blocks.append(" ".join(f"{esc(item.text)} {page.cites(item.cites)}" for item in items) or "–")
    page.head(2, "brief.sentences")
    for line in article.lines:
        parts = [
            f'<a id="s{line.n}"></a>**\\[{line.label}\\]** *{esc(line.role)}*',
            esc(line.vi),
            esc(line.en),
        ]
        parts += [f"**⚑** {_flag(flag.code, flag.detail)}" for flag in line.flags]
        page.blocks.append("  \n".join(part for part in parts if part))
    return page.bytes()
