"""Quoted titles: themes, slogans and names of programmes that a Vietnamese sentence sets in quotation marks.

A title is one thing in whatever sentence it stands, unlike quoted speech: it follows a word for what is titled
(`chủ đề`, `phong trào`, `mang tên`) and does not end as a sentence does.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

from jobs.records import Mention
from jobs.vietnamese.spans import either

_DATA = Path(__file__).resolve().parent / "titles.toml"
_LEAST, _MOST = 3, 24  # syllables: shorter is a word set off, longer a quotation


@cache
def _pattern() -> re.Pattern[str]:
    table = tomllib.loads(_DATA.read_text(encoding="utf-8"))
    # "chủ đề của hội nghị năm nay là: ..." - a few words may stand between, but no other clause.
    return re.compile(
        rf"(?<!\w)(?:{either(table['heads'])})(?:\s+\w+){{0,6}}?\s*:?\s*[\"“«](?P<title>[^\"“”«»]+)[\"”»]",
        re.IGNORECASE,
    )


def titles(text: str) -> tuple[Mention, ...]:
    """Return the quoted titles of `text`, without their quotation marks; English is known of those not Vietnamese."""
    found = []
    for match in _pattern().finditer(text):
        title = match["title"]
        if title == title.strip() and _LEAST <= len(title.split()) <= _MOST and title[-1] not in ".,;:?!…":
            start, end = match.span("title")
            foreign = title if title.isascii() else None
            found.append(
                Mention(kind="document", start=start, end=end, text=title, value=title, english=foreign)
            )
    return tuple(found)
