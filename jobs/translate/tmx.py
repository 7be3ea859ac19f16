"""TMX 1.4b: aligned pairs to XML and back. Entities and external references are refused."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jobs import __version__
from jobs.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_NOT_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def write_tmx(pairs: Iterable[tuple[str, str, Mapping[str, str]]]) -> bytes:
    """Return TMX of (Vietnamese, English, properties) pairs, the same bytes for the same pairs."""
    from lxml import etree

    root = etree.Element("tmx", version="1.4")
    header = {
        "creationtool": "press-brief",
        "creationtoolversion": __version__,
        "segtype": "sentence",
        "o-tmf": "press-brief",
        "adminlang": "en",
        "srclang": "vi",
        "datatype": "plaintext",
    }
    etree.SubElement(root, "header", header)
    body = etree.SubElement(root, "body")
    for vietnamese, english, properties in pairs:
        unit = etree.SubElement(body, "tu")
        for name in sorted(properties):
            prop = etree.SubElement(unit, "prop", type=f"x-{name}")
            prop.text = _NOT_XML.sub("", properties[name])
        for language, text in (("vi", vietnamese), ("en", english)):
            variant = etree.SubElement(unit, "tuv", {_LANG: language})
            etree.SubElement(variant, "seg").text = _NOT_XML.sub("", text)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def read_tmx(data: bytes, place: str) -> Iterator[tuple[str, str]]:
    """Yield the Vietnamese-English pairs of a TMX file.

    Raises:
        UsageError: not well-formed, not TMX, or a document type with entities.

    """
    from lxml import etree

    if b"<!ENTITY" in data:
        raise UsageError(f"{place}: declares entities, which are refused")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise UsageError(f"{place}: not well-formed XML: {error}") from None
    if etree.QName(root).localname != "tmx":
        raise UsageError(f"{place}: the root element is <{etree.QName(root).localname}>, not <tmx>")
    for unit in root.iter("tu"):
        found: dict[str, str] = {}
        for variant in unit.iter("tuv"):
            language = (variant.get(_LANG) or variant.get("lang") or "").lower()[:2]
            segment = variant.find("seg")
            if segment is not None:
                found[language] = " ".join("".join(map(str, segment.itertext())).split())
        if found.get("vi") and found.get("en"):
            yield found["vi"], found["en"]
