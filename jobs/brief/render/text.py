"""Text of articles made safe to show: one visible line of printable characters, escaped for each format.

Nothing from an article, a file name or a model may become markup, a link or a formula, reorder the text around it
or make a file unreadable. All functions are pure.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, urlsplit

# Zero-width joiner and non-joiner shape letters of some scripts, the soft hyphen is a hyphen: none reorders text.
_HARMLESS = {"\u00ad", "\u200c", "\u200d"}
_HIDDEN = {"Cc", "Cf", "Cn", "Co", "Cs"}
_SPACE = re.compile(r"\s+")
# What may begin or end a span, a link, a cell, an entity, a formula, a mention or a footnote.
_MARKDOWN = re.compile(r"[\\`*_{}\[\]<>&|~$@^]")
# What opens a block at the begin of a line: heading, quotation, list, rule, underline of a heading, table.
_BLOCK = re.compile(r"^(?:[#+=:-]|\d+(?=[.)](?:\s|$)))")
# GitHub and others make links of bare addresses: http://, www., mailto:, example.com.
_SCHEME = re.compile(r"(?<=[A-Za-z]):(?=//)|(?<=mailto):|(?<=xmpp):", re.IGNORECASE)
_HOST = re.compile(r"(?<=[A-Za-z])\.(?=[A-Za-z])")
# Full-width forms too: some spreadsheets read them as the plain ones.
_FORMULA = re.compile(r"^[=+\-@|%\uff1d\uff0b\uff0d\uff20]")


def clean(text: str | None) -> str:
    """Return `text` on one line, hidden characters replaced by their name such as `[U+202E]`."""
    flat = _SPACE.sub(" ", text or "").strip()
    return flat if flat.isprintable() else "".join(_visible(char) for char in flat)


def _visible(char: str) -> str:
    hidden = unicodedata.category(char) in _HIDDEN and char not in _HARMLESS
    return f"[U+{ord(char):04X}]" if hidden or ord(char) & 0xFFFE == 0xFFFE else char


def markdown(text: str | None) -> str:
    """Return `text` escaped so that a Markdown reader shows it as it stands, wherever it is put."""
    escaped = _MARKDOWN.sub(r"\\\g<0>", clean(text))
    escaped = _HOST.sub(r"\\.", _SCHEME.sub(r"\\:", escaped))
    if match := _BLOCK.match(escaped):
        end = match.end()
        digits = escaped[:end].isdigit()
        escaped = escaped[:end] + "\\" + escaped[end:] if digits else "\\" + escaped
    return escaped


def formula_free(text: str | None) -> str:
    """Return `text` so that a spreadsheet takes it for text: OWASP's leading apostrophe."""
    plain = clean(text)
    return f"'{plain}" if _FORMULA.match(plain) else plain


def web_address(url: str | None) -> str | None:
    """Return `url`, percent-encoded, if it is an http or https address; else None."""
    plain = (url or "").strip()
    if plain != clean(plain) or any(char.isspace() for char in plain):
        return None
    try:
        parts = urlsplit(plain)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or "\\" in plain:
        return None
    # Brackets and quotation marks would end a link early in one of the formats.
    return quote(plain, safe="/:?#@!$&*+,;=%~-._")
