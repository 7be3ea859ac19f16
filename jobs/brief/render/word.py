"""brief.docx: the view in, a Word document out, the same bytes for the same brief.

Citations are links to an appendix with the cited sentences in both languages, so the file stands alone.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from typing import TYPE_CHECKING, Any

from docx import Document
from docx.enum.text import WD_COLOR_INDEX
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from jobs.brief.render.markdown import MOST_CITED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobs.brief.prompts import Phrases
    from jobs.brief.render.parts import ArticleView, Difference, EventView, FlagView, Item, Line, View

_INK, _GREY, _LINK = RGBColor(0x1D, 0x1B, 0x19), RGBColor(0x5D, 0x58, 0x52), RGBColor(0x0B, 0x5A, 0x72)
_LAYOUT = re.compile(r"[\t\r\n]")
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
_DOCUMENT_DATE = dt.datetime(2000, 1, 1)  # noqa: DTZ001  (python-docx wants a naive time; the brief names its own day)


def brief_docx(found: View, phrases: Phrases) -> bytes:
    """Return brief.docx."""
    return _Writer(found, phrases).bytes()


class _Writer:
    def __init__(self, found: View, phrases: Phrases) -> None:
        self._view = found
        self._text = phrases.text
        self._document: Any = Document()
        self._cited: dict[str, Line] = {}
        self._bookmarks = 0

    def bytes(self) -> bytes:
        self._setup()
        _run(self._paragraph("Title"), self._text("brief.title"))
        _run(self._paragraph(), f"{self._text('brief.as_of', date=self._view.day)} · {self._view.counts}")
        self._grey(self._text("brief.machine"))
        if len(self._view.events) > 1:
            self._head("brief.contents", 2)
            for event in self._view.events:
                _run(self._paragraph("ListBullet"), f"{event.id} {event.headline}")
        for event in self._view.events:
            self._event(event)
        if self._view.outside:
            self._head("brief.unclustered", 1)
            for article in self._view.outside:
                self._source(article)
        self._head("brief.articles", 1)
        for article in self._view.articles:
            self._article(article)
        self._review()
        self._appendix()
        self._head("brief.inputs", 1)
        _run(self._paragraph(), self._text("brief.accounting", **self._view.accounting.model_dump()))
        self._grey(f"{self._view.run_id} · {self._view.signature}")
        return _same_bytes(self._document)

    def _setup(self) -> None:
        core = self._document.core_properties
        core.title = f"{self._text('brief.title')} {self._view.day}"
        core.author = core.last_modified_by = "press-brief"
        core.comments, core.subject, core.keywords = "", "", ""
        core.created = core.modified = _DOCUMENT_DATE
        normal = self._document.styles["Normal"]
        normal.font.size = Pt(10.5)
        normal.font.name = "Georgia"
        normal.paragraph_format.space_after = Pt(4)
        for name, size in (("Title", 22), ("Heading 1", 17), ("Heading 2", 12)):
            style = self._document.styles[name]
            style.font.name, style.font.size, style.font.color.rgb = "Georgia", Pt(size), _INK
            # The template's theme fonts would win over the name.
            fonts = style.element.rPr.rFonts
            for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
                fonts.attrib.pop(qn(f"w:{theme}"), None)
        for section in self._document.sections:
            section.page_width, section.page_height = Mm(210), Mm(297)
            section.left_margin = section.right_margin = Mm(22)
            section.top_margin = section.bottom_margin = Mm(20)

    def _head(self, identity: str, level: int) -> None:
        _run(self._paragraph(f"Heading{level}"), self._text(identity))

    def _paragraph(self, style: str | None = None) -> Any:
        """Return a new paragraph; its style is set by id, since python-docx searches all styles for a name."""
        paragraph = self._document.add_paragraph()
        if style:
            paragraph._p.style = style  # noqa: SLF001
        return paragraph

    def _grey(self, text: str) -> Any:
        paragraph = self._paragraph()
        _run(paragraph, text, grey=True)
        return paragraph

    def _event(self, event: EventView) -> None:
        _run(self._paragraph("Heading1"), f"{event.id} {event.headline}")
        self._statement(
            self._paragraph(),
            event.lead.text,
            event.lead,
        )
        self._list("brief.key_points", event.key_points, badge=True)
        if event.quotes:
            self._head("brief.quotes", 2)
            for item in event.quotes:
                paragraph = self._paragraph("ListBullet")
                _run(paragraph, f"{item.id} ", grey=True)
                _run(paragraph, item.head, bold=True)
                role = f", {item.note}" if item.note else ""
                _run(paragraph, f"{role} ({item.badge}): ")
                self._statement(paragraph, item.text, item)
        if event.figures:
            self._head("brief.figures", 2)
            self._figures(event.figures)
        if event.timeline:
            self._head("brief.timeline", 2)
            for item in event.timeline:
                paragraph = self._paragraph("ListBullet")
                _run(paragraph, f"{item.id} ", grey=True)
                _run(paragraph, f"{item.head}: ", bold=True)
                self._statement(paragraph, item.text, item)
        if event.differences:
            self._head("brief.discrepancies", 2)
            for found in event.differences:
                self._difference(found)
        self._list("brief.single_source", event.single)
        if event.entities:
            self._head("brief.entities", 2)
            for item in event.entities:
                paragraph = self._paragraph("ListBullet")
                _run(paragraph, f"{item.id} ", grey=True)
                _run(paragraph, item.head, bold=True)
                _run(paragraph, f", {item.text} " if item.text else " ")
                if item.note:
                    _run(paragraph, f"({item.note}) ", italic=True, language="vi-VN")
                self._cites(paragraph, item.cites, MOST_CITED)
        self._head("brief.sources", 2)
        for article in event.sources:
            self._source(article)

    def _list(self, identity: str, items: Sequence[Item], *, badge: bool = False) -> None:
        if not items:
            return
        self._head(identity, 2)
        for item in items:
            paragraph = self._paragraph("ListBullet")
            _run(paragraph, f"{item.id} ", grey=True)
            self._statement(paragraph, f"{item.text} ({item.badge})" if badge else item.text, item)

    def _statement(self, paragraph: Any, text: str, item: Item) -> None:
        _run(paragraph, text)
        self._mark(paragraph, item)
        _run(paragraph, " ")
        self._cites(paragraph, item.cites)

    def _mark(self, paragraph: Any, item: Item) -> None:
        if item.flagged:
            _run(paragraph, " ")
            run = _run(paragraph, f"⚑ {self._text('brief.check')}", bold=True)
            run.font.highlight_color = WD_COLOR_INDEX.YELLOW

    def _cites(self, paragraph: Any, lines: Sequence[Line], most: int | None = None) -> None:
        shown = lines if most is None else lines[:most]
        for line in shown:
            self._cited[line.label] = line
            link = OxmlElement("w:hyperlink")
            link.set(qn("w:anchor"), _anchor(line))
            link.append(_run(paragraph, f"[{line.label}]", link=True)._r)  # noqa: SLF001  (python-docx has no public way)
            paragraph._p.append(link)  # noqa: SLF001
        if len(shown) < len(lines):
            _run(paragraph, f" {self._text('brief.more', count=len(lines) - len(shown))}", grey=True)

    def _table(self, columns: Sequence[str]) -> Any:
        table = self._document.add_table(rows=1, cols=len(columns), style="Table Grid")
        for cell, identity in zip(table.rows[0].cells, columns, strict=True):
            cell.text = self._text(identity)
        return table

    def _figures(self, items: Sequence[Item]) -> None:
        table = self._table(("column.id", "column.figure", "column.what", "column.sources"))
        for item in items:
            cells = table.add_row().cells
            cells[0].text, cells[1].text, cells[2].text = item.id, item.head, item.text
            self._cites(cells[3].paragraphs[0], item.cites)
            self._mark(cells[3].paragraphs[0], item)

    def _difference(self, found: Difference) -> None:
        paragraph = self._paragraph()
        _run(paragraph, f"{found.item.id} ", grey=True)
        _run(paragraph, f"{found.kind}: ", bold=True)
        _run(paragraph, found.item.text)
        self._mark(paragraph, found.item)
        table = self._table(("column.value", "column.written", "column.sources"))
        for choice in found.choices:
            cells = table.add_row().cells
            preferred = f" ({self._text('brief.preferred')})" if choice.preferred else ""
            cells[0].text = choice.text + preferred
            _run(cells[1].paragraphs[0], choice.vi, language="vi-VN")
            self._cites(cells[2].paragraphs[0], choice.cites)
        _run(self._paragraph(), found.reason)

    def _source(self, article: ArticleView) -> None:
        paragraph = self._paragraph("ListBullet")
        _run(paragraph, f"[{article.number}] ", bold=True)
        _run(paragraph, f"{article.outlet}, {article.date}: ")
        self._title(paragraph, article.title_en, article.url)
        _run(paragraph, f" · {article.path}", grey=True)
        if article.copy_of:
            _run(paragraph, f" · {article.copy_of}", italic=True)

    def _title(self, paragraph: Any, text: str, url: str | None) -> None:
        if url is None:
            _run(paragraph, text)
            return
        link = OxmlElement("w:hyperlink")
        identity = paragraph.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        link.set(qn("r:id"), identity)
        link.append(_run(paragraph, text, link=True)._r)  # noqa: SLF001
        paragraph._p.append(link)  # noqa: SLF001

    def _article(self, article: ArticleView) -> None:
        _run(self._paragraph("Heading2"), f"[{article.number}] {article.title_en}")
        parts = [article.title_vi, article.outlet, article.date]
        if article.author:
            parts.append(self._text("brief.by", author=article.author))
        paragraph = self._grey(" · ".join([*parts, ""]))
        self._title(paragraph, article.url or article.path, article.url)
        if article.copy_of:
            self._grey(article.copy_of)
        table = self._table(("brief.summary_vi", "brief.summary_en"))
        for vi, en in article.summaries:
            cells = table.add_row().cells
            for cell, item, language in ((cells[0], vi, "vi-VN"), (cells[1], en, "en-GB")):
                if item is not None:
                    _run(cell.paragraphs[0], item.text, language=language)
                    if language == "en-GB":
                        self._mark(cell.paragraphs[0], item)
                    _run(cell.paragraphs[0], " ")
                    self._cites(cell.paragraphs[0], item.cites)

    def _review(self) -> None:
        self._head("brief.review", 1)
        if not self._view.to_review and not self._view.statements_to_review:
            _run(self._paragraph(), self._text("brief.review_none"))
        if self._view.statements_to_review:
            self._head("brief.review_statements", 2)
        for item in self._view.statements_to_review:
            paragraph = self._paragraph("ListBullet")
            _run(paragraph, f"{item.id} ", grey=True)
            _run(paragraph, f"{item.statement} ")
            self._cites(paragraph, item.cites)
            self._flags(item.flags)
        for article in self._view.to_review:
            _run(self._paragraph("Heading2"), f"[{article.number}] {article.outlet}, {article.title_en}")
            for line in article.flagged:
                paragraph = self._paragraph("ListBullet")
                self._cites(paragraph, [line])
                _run(paragraph, f" {line.en} ")
                _run(paragraph, line.vi, italic=True, language="vi-VN")
                self._flags(line.flags)

    def _flags(self, flags: Sequence[FlagView]) -> None:
        for flag in flags:
            below = self._paragraph("ListBullet2")
            _run(below, flag.code, bold=True)
            _run(below, f": {flag.detail}")

    def _appendix(self) -> None:
        self._head("brief.cited", 1)
        table = self._table(("column.id", "brief.vietnamese", "brief.english"))
        for line in sorted(self._cited.values(), key=lambda item: (item.number, item.n)):
            cells = table.add_row().cells
            self._bookmark(cells[0].paragraphs[0], _anchor(line))
            _run(cells[0].paragraphs[0], f"[{line.label}]")
            _run(cells[1].paragraphs[0], line.vi, language="vi-VN")
            _run(cells[2].paragraphs[0], line.en)

    def _bookmark(self, paragraph: Any, name: str) -> None:
        self._bookmarks += 1
        for tag in ("w:bookmarkStart", "w:bookmarkEnd"):
            mark = OxmlElement(tag)
            mark.set(qn("w:id"), str(self._bookmarks))
            if tag.endswith("Start"):
                mark.set(qn("w:name"), name)
            paragraph._p.append(mark)  # noqa: SLF001


def _anchor(line: Line) -> str:
    return f"a{line.number}_s{line.n}"


def _run(
    paragraph: Any,
    text: str,
    *,
    bold: bool = False,
    italic: bool = False,
    grey: bool = False,
    link: bool = False,
    language: str | None = None,
) -> Any:
    # python-docx searches a new run for what to clear before it sets its text; only marks of layout need that.
    plain = text if text and not _LAYOUT.search(text) else None
    run = paragraph.add_run(None if plain else text)
    if plain:
        run._r.add_t(plain)  # noqa: SLF001
    run.bold, run.italic = bold or None, italic or None
    if grey or link:
        run.font.color.rgb = _LINK if link else _GREY
    if language:
        mark = OxmlElement("w:lang")
        mark.set(qn("w:val"), language)
        run._r.get_or_add_rPr().append(mark)  # noqa: SLF001
    return run


def _same_bytes(document: Any) -> bytes:
    """Return the saved document with its parts in order and without the time of writing."""
    saved, out = io.BytesIO(), io.BytesIO()
    document.save(saved)
    with zipfile.ZipFile(saved) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            entry = zipfile.ZipInfo(name, _ZIP_EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            after.writestr(entry, before.read(name))
    return out.getvalue()
