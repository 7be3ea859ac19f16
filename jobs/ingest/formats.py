"""One reader a format: decoded content in, plain text and metadata out.

For .html .docx .pdf and JSON the text returned here is the "decoded input text" that sentence offsets refer to;
for .txt and .md it is the file's own text. Raises `InputError`.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from jobs.errors import InputError
from jobs.ingest.decode import DAMAGED, decode

MAX_CHARACTERS = 200_000  # the longest press articles have 60,000; beyond is a dump of many
MAX_RECORDS = 20_000  # of one file
_MAX_PAGES = 200
_MAX_DOCX, _MAX_DOCX_TEXT = (
    100_000_000,
    10_000_000,
)  # unpacked bytes; an article with photos has 30 MB and 0.3 MB
_MAX_VALUES = 400_000  # brackets in one JSON file: each becomes an object of 60 bytes and more


@dataclass
class Extracted:
    """Text of one article and what the container says about it; `order` is one to machines in its markup."""

    text: str
    title: str | None = None
    date: dt.date | None = None
    source: str | None = None
    author: str | None = None
    url: str | None = None
    captions: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    order: str | None = None


def decoded(data: bytes) -> tuple[str, tuple[str, ...]]:
    """Return the text of `data`, and what a reader should know about how it was read.

    Raises:
        InputError: as `decode`.

    """
    text, encoding = decode(data)
    if encoding == DAMAGED:
        return text, (f"damaged UTF-8: {text.count(chr(0xFFFD))} unreadable places",)
    if encoding.startswith("utf"):
        return text, ()
    return text, (f"read as {encoding}, a legacy encoding",)


def refuse_long(text: str) -> None:
    """Raise `InputError` for what is too long to be one article."""
    if len(text) > MAX_CHARACTERS:
        raise InputError(f"{len(text)} characters: not one article (limit {MAX_CHARACTERS})")


def as_date(value: Any) -> dt.date | None:
    """Return the day of an ISO or day-first date in `value`, or None."""
    if not isinstance(value, str):
        return None
    if match := re.match(r"\s*(\d{4})-(\d{2})-(\d{2})", value):
        year, month, day = (int(part) for part in match.groups())
    elif match := re.match(r"\s*(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", value):
        day, month, year = (int(part) for part in match.groups())
    else:
        return None
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def read_text(data: bytes) -> list[Extracted]:
    """Plain text."""
    text, notes = decoded(data)
    refuse_long(text)
    return [Extracted(text, notes=notes)]


def read_markdown(data: bytes) -> list[Extracted]:
    """Markdown: front matter as metadata, the first heading as title, the rest as paragraphs."""
    from markdown_it import MarkdownIt

    text, notes = decoded(data)
    refuse_long(text)
    meta: dict[str, str] = {}
    if match := re.match(r"\A---[ \t]*\r?\n(.*?)\n---[ \t]*\r?\n", text, re.DOTALL):
        for line in match[1].splitlines():
            key, _, value = line.partition(":")
            meta[key.strip().lower()] = value.strip().strip("\"'")
        text = text[match.end() :]
    title = meta.get("title")
    lines: list[str] = []
    heading = None
    marker = ""
    for token in MarkdownIt("commonmark", {"html": False}).parse(text):
        if token.type == "heading_open":
            heading = token.tag
        elif token.type == "heading_close":
            heading = None
        elif token.type == "list_item_open":
            marker = "- "
        elif token.type == "inline":
            breaks = {"softbreak": " ", "hardbreak": "\n"}
            plain = "".join(
                breaks.get(part.type, part.content)
                for part in token.children or []
                if part.type in {"text", "code_inline", *breaks}
            )
            if heading == "h1" and title is None:
                title = plain.strip()
            else:
                lines.append(marker + plain)
            marker = ""
    return [
        Extracted(
            "\n\n".join(lines),
            title=title,
            date=as_date(meta.get("date")),
            source=meta.get("source"),
            author=meta.get("author"),
            url=meta.get("url"),
            notes=notes,
        )
    ]


def read_json(data: bytes) -> list[Extracted | InputError]:
    """One record, or an array of records, of `title, text, date, source, author, url`; a bad one as its error."""
    text, notes = decoded(data)
    if text.count("[") + text.count("{") > _MAX_VALUES:
        raise InputError("too many values for a file of articles")
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"not valid JSON: {error}") from None
    records = value if isinstance(value, list) else [value]
    if len(records) > MAX_RECORDS:
        raise InputError(f"{len(records)} records in one file (limit {MAX_RECORDS}): split it")
    return [_record(item, notes) for item in records] or [InputError("empty file")]


def _record(value: Any, notes: tuple[str, ...]) -> Extracted | InputError:
    if not isinstance(value, dict):
        return InputError("a record must be an object with at least `text`")
    text = value.get("text")
    if not isinstance(text, str) or not text.strip():
        return InputError("the record has no `text`")

    def plain(key: str) -> str | None:
        item = value.get(key)
        return item.strip() or None if isinstance(item, str) else None

    return Extracted(
        text,
        title=plain("title"),
        date=as_date(value.get("date")),
        source=plain("source"),
        author=plain("author"),
        url=plain("url"),
        notes=notes,
    )


def read_docx(data: bytes) -> list[Extracted]:
    """A Word document: its paragraphs; a Title or Heading 1 paragraph as title."""
    import zipfile

    import docx
    from docx.opc.exceptions import PackageNotFoundError
    from lxml import etree

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            sizes = {item.filename: item.file_size for item in archive.infolist()}
        texts = sum(size for name, size in sizes.items() if name.endswith((".xml", ".rels")))
        if texts > _MAX_DOCX_TEXT or sum(sizes.values()) > _MAX_DOCX:
            raise InputError(f"the document unpacks to {sum(sizes.values()) // 1_000_000} MB: not an article")
        document = docx.Document(io.BytesIO(data))
        title, lines = _paragraphs(document)
        properties = document.core_properties
        author = properties.author if properties.author not in {"", "python-docx"} else None
    except (
        zipfile.BadZipFile,
        zlib.error,
        PackageNotFoundError,
        etree.LxmlError,
        KeyError,
        ValueError,
    ) as error:
        raise InputError(f"not a readable .docx file: {error}") from None
    if not lines:
        raise InputError("the document has no text")
    return [Extracted("\n".join(lines), title=title, author=author)]


def _paragraphs(document: Any) -> tuple[str | None, list[str]]:
    title = None
    lines = []
    for paragraph in document.paragraphs:
        text = paragraph.text
        if not text.strip():
            continue
        style = paragraph.style.name if paragraph.style is not None else ""
        if title is None and style in {"Title", "Heading 1"}:
            title = text.strip()
        else:
            lines.append("- " + text if style.startswith("List") else text)
    return title, lines


def read_pdf(data: bytes) -> list[Extracted]:
    """A PDF with a text layer: lines joined into paragraphs."""
    import logging

    import pypdf
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        pages = [] if reader.is_encrypted else [page.extract_text() for page in reader.pages[:_MAX_PAGES]]
    except (PyPdfError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(f"not a readable PDF: {error}") from None
    if not pages:
        raise InputError("the PDF is encrypted" if reader.is_encrypted else "the PDF has no pages")
    text = _join_lines("\n".join(pages))
    if not text.strip():
        raise InputError("the PDF has no text layer (scanned pages?)")
    return [Extracted(text)]


def _join_lines(text: str) -> str:
    """Join lines that a page layout broke: a line that ends without a stop goes on in the next."""
    paragraphs: list[str] = []
    longest = max((len(line) for line in text.splitlines()), default=0)
    open_line = False
    for line in (item.strip() for item in text.splitlines()):
        if not line:
            open_line = False
        elif open_line and paragraphs:
            joint = "" if paragraphs[-1].endswith("-") and line[:1].islower() else " "
            paragraphs[-1] = (paragraphs[-1][:-1] if not joint else paragraphs[-1]) + joint + line
        else:
            paragraphs.append(line)
        if line:
            # A line much shorter than the widest one ends its paragraph.
            open_line = not re.search(r"[.!?…:][\"”)]?$", line) and len(line) > 0.6 * longest
    return "\n".join(paragraphs)


def read_html(data: bytes) -> list[Extracted]:
    """A web page; see `jobs.ingest.page`."""
    from jobs.ingest.page import read_page

    return [read_page(data)]


# What runs in the process itself: formats whose cost is bounded by their length.
READERS: dict[str, Callable[[bytes], Sequence[Extracted | InputError]]] = {
    ".txt": read_text,
    ".md": read_markdown,
    ".json": read_json,
}
# What foreign parsers read: they run in a process of their own (`jobs.ingest.guard`).
FOREIGN: dict[str, Callable[[bytes], Sequence[Extracted]]] = {
    ".html": read_html,
    ".htm": read_html,
    ".docx": read_docx,
    ".pdf": read_pdf,
}
