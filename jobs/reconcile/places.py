"""Places of a text: those of the term base, and whatever is named after a word such as `huyện` or `phường`."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from jobs.records import Mention
from jobs.vietnamese.names import UPPER

if TYPE_CHECKING:
    from jobs.translate.glossary import TermBase

_HEADS = (
    "tỉnh|thành phố|TP|thị xã|thị trấn|huyện|quận|phường|xã|thôn|bản|ấp|làng|buôn|đảo|quần đảo|bang|cảng|sân bay|"
    "cửa khẩu|ga|sân vận động|sân|khu công nghiệp|hồ|sông|núi|đèo|vịnh|biển|đường|phố"
)
_WORD = rf"[{UPPER}][^\W\d_]*"
# "Nhà xuất bản Giáo dục" is no hamlet.
_NO_HAMLET = r"(?<!xuất )(?<!văn )(?<!phiên )(?<!kịch )(?<!ấn )(?<!nguyên )(?<!Nhật )(?<!nhật )(?<!dị )"
_KIND = r"(?:\s+quốc tế)?"  # "sân bay quốc tế Nội Bài"
_AFTER_HEAD = re.compile(
    rf"{_NO_HAMLET}\b(?P<head>(?i:{_HEADS}))\.?{_KIND}\s+(?P<name>{_WORD}(?:\s+{_WORD}){{0,2}})(?!\w)"
)
_HEAD_BEFORE = re.compile(rf"{_NO_HAMLET}\b(?P<head>(?i:{_HEADS}))\.?{_KIND}\s+$")
# What holds countries: none of them contradicts one of these.
_REGIONS = frozenset(
    {
        "đông nam á", "đông á", "nam á", "trung á", "tây á", "châu á", "châu âu", "châu phi", "châu mỹ", "bắc mỹ",
        "nam mỹ", "mỹ latinh", "mỹ la-tinh", "đông âu", "tây âu", "bắc âu", "nam âu", "trung đông", "bắc phi",
        "châu đại dương", "thái bình dương", "đông dương", "vùng vịnh", "balkan", "caribe", "eu",
    }
)  # fmt: skip
# One country under two names of the term base.
_ONE_PLACE = {
    "us": "united states",
    "uk": "united kingdom",
    "britain": "united kingdom",
    "great britain": "united kingdom",
}


def place_key(value: str) -> str:
    """Return what a place is compared by: one key for a country with two names."""
    lower = value.lower()
    return _ONE_PLACE.get(lower, lower)


def head_before(text: str, at: int) -> str | None:
    """Return the word before position `at` that says what kind of place follows (`phường`, `sân bay`), or None."""
    match = _HEAD_BEFORE.search(text, max(0, at - 32), at)
    return {"tp": "thành phố"}.get(match["head"].lower(), match["head"].lower()) if match else None


@cache
def term_base() -> TermBase:
    """Return the shipped term base: what two sources call differently does not hang on a user's spellings."""
    from jobs.translate.glossary import load_glossary

    return load_glossary()


@cache
def _countries() -> frozenset[str]:
    return frozenset(entry.vi.lower() for entry in term_base().entries.values() if entry.kind == "country")


def is_country(name: str) -> bool:
    """Return whether `name` is a country of the term base: a city and its country are no rivals."""
    return name.lower() in _countries()


@cache
def _provinces() -> frozenset[str]:
    return frozenset(entry.vi.lower() for entry in term_base().entries.values() if "provinces" in entry.place)


def within(country: str, place: str) -> bool:
    """Return whether `place`, which is no country, may lie in `country`: Vietnam has its own, others have the rest."""
    if not is_country(country) or is_country(place):
        return False
    return (country.lower() == "việt nam") == (place.lower() in _provinces())


def is_region(name: str) -> bool:
    """Return whether `name` is a part of the world that holds several countries."""
    return name.lower() in _REGIONS


def places(text: str) -> tuple[Mention, ...]:
    """Return the places of `text` in order; `value` is the English name or the lower-case Vietnamese one."""
    known = [item for item in term_base().find(text) if item.kind == "place"]
    covered = [(item.start, item.end) for item in known]
    found = list(known)
    for match in _AFTER_HEAD.finditer(text):
        start, end = match.span("name")
        if all(end <= begin or start >= stop for begin, stop in covered):
            name = " ".join(match["name"].split())
            found.append(Mention(kind="place", start=start, end=end, text=match["name"], value=name.lower()))
    return tuple(sorted(found, key=lambda item: item.start))
