"""One reader a format: decoded content in, plain text and metadata out.

For .html .docx .pdf and JSON the text returned here is the "decoded input text" that sentence offsets refer to;
for .txt and .md it is the file's own text. Raises `InputError`.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import re
from dataclasses import dataclass
from typing import Any

from jobs.errors import InputError
from jobs.ingest.decode import decode

_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?!\.?\d*[1-9])|opacity\s*:\s*0(?!\.?\d*[1-9])"
    r"|(?:^|;)\s*(?:max-)?(?:height|width)\s*:\s*0(?!\.?\d*[1-9])|text-indent\s*:\s*-\d{3,}|left\s*:\s*-\d{3,}"
    r"|clip\s*:\s*rect\(\s*0",
    re.IGNORECASE,
)


@dataclass
class Extracted:
    """Text of one article and what the container says about it."""

    text: str
    title: str | None = None
    date: dt.date | None = None
    source: str | None = None
    author: str | None = None
    url: str | None = None
    captions: tuple[str, ...] = ()


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
    return [Extracted(decode(data)[0])]


def read_markdown(data: bytes) -> list[Extracted]:
    """Markdown: front matter as metadata, the first heading as title, the rest as paragraphs."""
    from markdown_it import MarkdownIt

    text = decode(data)[0]
    meta: dict[str, str] = {}
    if match := re.match(r"\A---\s*\n(.*?)\n---\s*\n", text, re.DOTALL):
        for line in match[1].splitlines():
            key, _, value = line.partition(":")
            meta[key.strip().lower()] = value.strip().strip("\"'")
        text = text[match.end() :]
    title = meta.get("title")
    lines: list[str] = []
    heading = None
    for token in MarkdownIt("commonmark", {"html": False}).parse(text):
        if token.type == "heading_open":
            heading = token.tag
        elif token.type == "heading_close":
            heading = None
        elif token.type == "inline":
            plain = "".join(
                "\n" if part.type in {"softbreak", "hardbreak"} and part.type == "hardbreak" else " "
                if part.type == "softbreak"
                else part.content
                for part in token.children or []
                if part.type in {"text", "code_inline", "softbreak", "hardbreak"}
            )
            if heading == "h1" and title is None:
                title = plain.strip()
            else:
                lines.append(plain)
    return [
        Extracted(
            "\n\n".join(lines),
            title=title,
            date=as_date(meta.get("date")),
            source=meta.get("source"),
            author=meta.get("author"),
            url=meta.get("url"),
        )
    ]


def read_html(data: bytes) -> list[Extracted]:
    """A page: trafilatura finds the article; the lead is put back when only the description has it."""
    import trafilatura
    from lxml import etree
    from lxml import html as lxml_html

    text, _ = decode(data)
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    if text.count("<") > 200_000:
        raise InputError("too deeply or densely marked up to be an article page")
    try:
        parser = lxml_html.HTMLParser(huge_tree=False, recover=True)
        tree = lxml_html.document_fromstring(text, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise InputError(f"not a readable HTML page: {error}") from None
    meta = _page_metadata(tree)
    captions = _drop_unseen(tree)
    document = trafilatura.bare_extraction(
        tree, include_comments=False, include_tables=False, favor_precision=True, with_metadata=False
    )
    body = (document.text if document is not None else None) or ""
    if len(body) < 200:
        body = "\n".join(
            " ".join(node.text_content().split())
            for node in tree.iter("p")
            if len(" ".join(node.text_content().split())) > 40
        )
    if not body.strip():
        raise InputError("no article text in the page")
    lead = meta["description"]
    if lead and _key(lead)[:60] not in _key(body):
        body = f"{lead}\n{body}"
    title = meta["title"] or None
    if title and _key(body).startswith(_key(title)):
        first, _, rest = body.partition("\n")
        if _key(first) == _key(title):
            body = rest
    return [
        Extracted(
            body,
            title=title,
            date=as_date(meta["date"]),
            source=meta["source"] or None,
            author=meta["author"] or None,
            url=meta["url"] or None,
            captions=captions,
        )
    ]


def _key(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().lower()


def _page_metadata(tree: Any) -> dict[str, str]:
    def first(*paths: str) -> str:
        for path in paths:
            for value in tree.xpath(path):
                plain = " ".join(str(value).split())
                if plain:
                    return plain
        return ""

    def meta(name: str) -> str:
        return f"//meta[@property='{name}' or @name='{name}' or @itemprop='{name}']/@content"

    title = first(meta("og:title"), "//h1//text()", "//title/text()")
    source = first(meta("og:site_name"), meta("application-name"))
    heading = " ".join(" ".join(tree.xpath("(//h1)[1]//text()")).split())
    return {
        "title": heading or re.split(r"\s+[|–-]\s+(?=[^|–-]{2,40}$)", title)[0],
        "description": first(meta("description"), meta("og:description")),
        "date": first(meta("article:published_time"), meta("datePublished"), meta("pubdate"), "//time/@datetime"),
        "source": source,
        "author": first(meta("author"), meta("article:author")),
        "url": first("//link[@rel='canonical']/@href", meta("og:url")),
    }


def _drop_unseen(tree: Any) -> tuple[str, ...]:
    """Remove what a reader of the page does not see, and figures; return the captions of the figures."""
    captions = []
    for node in list(tree.iter()):
        if not isinstance(node.tag, str):
            continue
        hidden = node.get("hidden") is not None or node.get("aria-hidden") == "true"
        if hidden or _HIDDEN.search(node.get("style") or ""):
            if node.getparent() is not None and node.tag not in {"html", "body"}:
                node.drop_tree()
            continue
        if node.tag in {"figcaption"} or "caption" in (node.get("class") or "").lower():
            captions.append(" ".join(node.text_content().split()))
    for node in tree.xpath("//figure | //figcaption | //*[contains(@class, 'caption')]"):
        if node.getparent() is not None:
            node.drop_tree()
    return tuple(item for item in captions if item)


def read_json(data: bytes) -> list[Extracted]:
    """One record, or an array of records, of `title, text, date, source, author, url`."""
    text, _ = decode(data)
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"not valid JSON: {error}") from None
    return [_record(item) for item in (value if isinstance(value, list) else [value])]


def _record(value: Any) -> Extracted:
    if not isinstance(value, dict):
        raise InputError("a record must be an object with at least `text`")
    text = value.get("text")
    if not isinstance(text, str) or not text.strip():
        raise InputError("the record has no `text`")

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
    )


def read_docx(data: bytes) -> list[Extracted]:
    """A Word document: its paragraphs; a Title or Heading 1 paragraph as title."""
    import zipfile

    import docx
    from docx.opc.exceptions import PackageNotFoundError

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(item.file_size for item in archive.infolist()) > 200_000_000:
                raise InputError("the document unpacks to more than 200 MB")
        document = docx.Document(io.BytesIO(data))
    except (zipfile.BadZipFile, PackageNotFoundError, KeyError, ValueError) as error:
        raise InputError(f"not a readable .docx file: {error}") from None
    title = None
    lines = []
    for paragraph in document.paragraphs:
        style = paragraph.style.name if paragraph.style is not None else ""
        if title is None and style in {"Title", "Heading 1"} and paragraph.text.strip():
            title = paragraph.text.strip()
        elif paragraph.text.strip():
            lines.append(paragraph.text)
    properties = document.core_properties
    author = properties.author if properties.author not in {"", "python-docx"} else None
    return [Extracted("\n".join(lines), title=title, author=author)]


def read_pdf(data: bytes) -> list[Extracted]:
    """A PDF with a text layer: lines joined into paragraphs."""
    import logging

    import pypdf
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.ERROR)
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted:
            raise InputError("the PDF is encrypted")
        pages = [page.extract_text() for page in reader.pages[:200]]
    except InputError:
        raise
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise InputError(f"not a readable PDF: {error}") from None
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


READERS = {
    ".txt": read_text,
    ".md": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".json": read_json,
    ".docx": read_docx,
    ".pdf": read_pdf,
}
