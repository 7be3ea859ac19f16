"""Text that gives orders to a machine: any text of an article in, the first such order out.

No part of the job obeys the text it reads, but an article that tries to be obeyed is no source: `poisoned`
articles keep their own flagged entry and take no part in what is told of the others.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jobs.ingest.working import INVISIBLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobs.records import Article

CODE = "instruction"
_DATA = Path(__file__).resolve().parent / "instructions.toml"
_REACH = 160  # characters from a trigger to either end of its order
_LONGEST = 120  # characters of an order that are shown
# An order stands where a clause of its own begins; in a reported one ("bảo họ hãy bỏ qua ...") a word goes before.
_BEGIN = r"(?:^|(?<=[\n.!?;:,>*\[\](){}|\"“”'’–—-]))[\s\"“'*>-]{0,3}"
_SPACED = re.compile(r"(?<!\w)(?:\w[ .\-_*]){5,}\w(?!\w)")
_TAG = re.compile(r"<!--|-->|</?[a-z][^<>]{0,300}>", re.IGNORECASE)


@cache
def _rules() -> dict[str, Any]:
    return tomllib.loads(_DATA.read_text(encoding="utf-8"))


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    found = []
    for table in (_rules()["english"], _rules()["vietnamese"], _rules()["marks"]):
        found += [_BEGIN + rf"(?P<order>{pattern})" for pattern in table.get("orders", ())]
        found += [rf"(?P<order>{pattern})" for pattern in table["anywhere"]]
    return tuple(re.compile(pattern) for pattern in found)


def order(text: str) -> str | None:
    """Return the first order to a machine in `text`, at most 120 characters of it; None if there is none."""
    plain = INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).lower()
    for version in _versions(plain):
        for start, end in _around_triggers(version):
            for pattern in _patterns():
                match = pattern.search(version, start, end)
                if match:
                    begin = match.start("order")
                    return " ".join(version[begin : begin + _LONGEST].split())
    return None


def _around_triggers(text: str) -> list[tuple[int, int]]:
    """Return the stretches of `text` in which an order can stand; nearly all of a usual article is in none."""
    places = []
    for word in _rules()["triggers"]:
        place = text.find(word)
        while place >= 0:
            places.append(place)
            place = text.find(word, place + 1)
    stretches: list[tuple[int, int]] = []
    for place in sorted(places):
        start, end = max(0, place - _REACH), min(len(text), place + _REACH)
        if stretches and start <= stretches[-1][1]:
            stretches[-1] = stretches[-1][0], end
        else:
            stretches.append((start, end))
    return stretches


def _versions(plain: str) -> Iterator[str]:
    """Yield the text, then without its markup, then with letters that were set apart ("i g n o r e") joined."""
    flat = re.sub(r"[^\S\n]+", " ", plain)
    yield flat
    if "<" in flat:
        yield re.sub(r"[^\S\n]+", " ", _TAG.sub("\n", flat))
    joined = _SPACED.sub(lambda match: re.sub(r"[ .\-_*]", "", match[0]), flat)
    if joined != flat:
        yield joined


def poisoned(article: Article) -> bool:
    """Return whether a sentence of `article` carries the flag of such an order."""
    return any(flag.code == CODE for sentence in article.sentences for flag in sentence.flags)
