"""A web page to one article: bytes in, `Extracted` out.

trafilatura finds the article's text. Ours is what a press page needs besides: the lead ("sapo") that stands only in
the description, metadata from JSON-LD and meta tags, captions told apart, and what a reader of the page does not
see left out. Raises `InputError`.
"""

from __future__ import annotations

import html
import json
import re
from typing import Any

from jobs.errors import InputError
from jobs.ingest.formats import MAX_CHARACTERS, Extracted, as_date, decoded
from jobs.ingest.instructions import order
from jobs.ingest.lines import rules

_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|(?:font-size|opacity)\s*:\s*0(?:\.0+)?(?![.\d])"
    r"|(?:^|;)\s*(?:max-)?(?:height|width)\s*:\s*0(?![.\d])|(?:text-indent|left)\s*:\s*-\d{3,}"
    r"|clip\s*:\s*rect\(\s*0",
    re.IGNORECASE,
)
_MAX_TAGS = 50_000  # the heaviest press pages have 10,000
_MAX_PAGE_TEXT = 1_000_000  # characters a reader could see, menus included
_SHORT = 200  # characters; less than a lead and a sentence is not what the page is about
_BEGINNING = 30  # characters: the name of a site stands before its slogan
_SYLLABLE = re.compile(r"\w+")


def read_page(data: bytes) -> Extracted:
    """Return the article of a page.

    Raises:
        InputError: not a page, or no article in it.

    """
    text, notes = decoded(data)
    if text.count("<") > _MAX_TAGS:
        raise InputError("too deeply or densely marked up to be an article page")
    tree = _parse(text)
    meta = _metadata(tree)
    captions = _drop_unseen(tree)
    body = _body(tree)
    title = meta["title"] or None
    first, _, rest = body.partition("\n")
    if title and _key(first) == _key(title):
        body = rest
    lead = _lead(meta["description"], body)
    if lead:
        body = f"{lead}\n{body}"
    if len(body) > MAX_CHARACTERS:
        raise InputError(f"{len(body)} characters: not one article (limit {MAX_CHARACTERS})")
    return Extracted(
        body,
        title=title,
        date=as_date(meta["date"]),
        source=meta["source"] or None,
        author=meta["author"] or None,
        url=meta["url"] or None,
        captions=captions,
        notes=notes,
        order=order(text),
    )


def _parse(text: str) -> Any:
    from lxml import etree
    from lxml import html as lxml_html

    # lxml refuses a str that declares an encoding; the text is decoded already.
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    try:
        parser = lxml_html.HTMLParser(huge_tree=False, recover=True, remove_comments=True, remove_pis=True)
        tree = lxml_html.document_fromstring(text, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise InputError(f"not a readable HTML page: {error}") from None
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        # libxml2 stops at 256 levels or 10 MB of one text; what comes after would be lost without a word.
        raise InputError("too deeply or densely marked up to be an article page")
    return tree


def _body(tree: Any) -> str:
    import trafilatura

    seen = sum(len(part) for part in tree.itertext())
    if seen > _MAX_PAGE_TEXT:
        raise InputError(f"{seen} characters: not one article (limit {MAX_CHARACTERS})")
    paragraphs = [" ".join("".join(node.itertext()).split()) for node in tree.xpath("//p[not(.//p)]")]
    document = trafilatura.bare_extraction(
        tree, include_comments=False, include_tables=False, favor_precision=True, with_metadata=False
    )
    body = (document.text if document is not None else None) or ""
    if len(body) < _SHORT:
        # Very short pieces are beneath trafilatura's notice: the longer paragraphs, then.
        body = "\n".join(item for item in paragraphs if len(item) > 40)
    if not body.strip():
        raise InputError("no article text in the page")
    return str(body)


def _lead(description: str, body: str) -> str | None:
    """Return the lead when only the description has it; not a site's slogan, not the half of a sentence."""
    lead = html.unescape(description).strip()
    if cut := re.search(r"(?:\.{3,}|…)\s*(?:\[\+\])?$", lead):
        whole = re.match(r".*[.!?](?=\s)", lead[: cut.start()])
        lead = whole[0] if whole else ""
    words = _key(lead).split()
    if len(words) < 8 or _key(lead)[:60] in _key(body):
        return None
    known = set(_key(body).split())
    # A lead takes words from the story: at least a fifth of them even where the story is three sentences long.
    if _is_slogan(lead) or sum(word in known for word in words) < 0.2 * len(words):
        return None
    return lead if re.search(r"[.!?][\"'”’»)]*$", lead) else f"{lead}."


def _is_slogan(text: str) -> bool:
    """Return whether a description praises the site: it begins so, or does so twice."""
    lowered = text.lower()
    places = [lowered.find(word) for word in rules()["slogans"] if word in lowered]
    return len(places) > 1 or any(place < _BEGINNING for place in places)


def _key(text: str) -> str:
    return " ".join(_SYLLABLE.findall(text.lower()))


def _metadata(tree: Any) -> dict[str, str]:
    def first(*paths: str) -> str:
        for path in paths:
            for value in tree.xpath(path):
                plain = " ".join(str(value).split())
                if plain:
                    return plain[:1000]
        return ""

    def meta(name: str) -> str:
        return f"//meta[@property='{name}' or @name='{name}' or @itemprop='{name}']/@content"

    linked = _linked_data(tree)
    return {
        "title": _headline(tree, first(meta("og:title")) or linked["headline"], first("//title/text()")),
        "description": first(meta("description"), meta("og:description")) or linked["description"],
        "date": first(meta("article:published_time"), meta("datePublished"), meta("pubdate"))
        or linked["datePublished"]
        or first("//time/@datetime"),
        "source": first(meta("og:site_name"), meta("application-name")) or linked["publisher"],
        "author": first(meta("author"), meta("article:author")) or linked["author"],
        "url": first("//link[@rel='canonical']/@href", meta("og:url")),
    }


def _headline(tree: Any, named: str, page_title: str) -> str:
    """Return the heading of the article; a first <h1> may be the site's logo."""
    headings = [" ".join("".join(node.itertext()).split())[:300] for node in tree.xpath("//h1")[:10]]
    named = named or re.split(r" [|–-] (?=[^|–-]{2,40}$)", page_title)[0]
    if not any(headings):
        return named
    if not named:
        return max(headings, key=len)
    # The page's own name for the article may be shortened or carry the site's name; its heading is neither.
    return max(headings, key=lambda heading: (_share(heading, named), len(heading)))


def _share(heading: str, named: str) -> float:
    words, known = _key(heading).split(), _key(named).split()
    return 2 * len(set(words) & set(known)) / (len(set(words)) + len(set(known)) or 1)


def _linked_data(tree: Any) -> dict[str, str]:
    """Return what the page's JSON-LD says of the article."""
    found = dict.fromkeys(("headline", "description", "datePublished", "publisher", "author"), "")
    for script in tree.xpath("//script[@type='application/ld+json']/text()")[:10]:
        if len(script) > 100_000:
            continue
        try:
            value = json.loads(script, strict=False)
        except (ValueError, RecursionError):
            continue
        records = value if isinstance(value, list) else [value]
        records += [item for one in records if isinstance(one, dict) for item in _as_list(one.get("@graph"))]
        for record in records:
            if isinstance(record, dict) and "Article" in str(record.get("@type", "")):
                for key in found:
                    found[key] = found[key] or _name(record.get(key))
    return found


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _name(value: Any) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get("name", "")
    return " ".join(html.unescape(value).split())[:1000] if isinstance(value, str) else ""


def _drop_unseen(tree: Any) -> tuple[str, ...]:
    """Remove what a reader of the page does not see, and figures; return the captions of the figures."""
    for node in list(tree.iter()):
        hidden = node.get("hidden") is not None or node.get("aria-hidden") == "true"
        if (hidden or _HIDDEN.search(node.get("style") or "")) and node.tag not in {"html", "body"}:
            _drop(node)
    pictured = "contains(translate(@class, 'CAPTION', 'caption'), 'caption')"
    outermost = (
        f"//*[(self::figcaption or {pictured}) and not(ancestor::figcaption or ancestor::*[{pictured}])]"
    )
    captions = []
    for node in tree.xpath(outermost):
        captions.append(" ".join("".join(node.itertext()).split()))
        _drop(node)
    for node in tree.xpath("//figure"):
        _drop(node)
    return tuple(item for item in captions if item)


def _drop(node: Any) -> None:
    if node.getparent() is not None:
        node.drop_tree()
