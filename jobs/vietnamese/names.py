"""Persons in Vietnamese press text: text in, mentions with their certain English form and role out.

A person is a run of two to four capitalised syllables that begins with a Vietnamese surname, or a run of capitals
after a title or a pronoun. Later short forms ("ông Hùng", "Thủ tướng") are resolved by `roster`.
"""

from __future__ import annotations

import csv
import re
import tomllib
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from jobs.records import Mention
from jobs.vietnamese.fold import fold
from jobs.vietnamese.spans import either

_DATA = Path(__file__).resolve().parent / "names.toml"
UPPER = "A-ZĐÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ"
_WORD = rf"[{UPPER}][^\W\d_]*(?:['’-][{UPPER}]?[^\W\d_]+)*\.?"
_RUN = rf"{_WORD}(?:\s+{_WORD}){{0,4}}"
_FOREIGN = r"(?:(?:al|el)-)?[A-Z][A-Za-zÀ-ÿĀ-ž'’]*[a-zÀ-ÿĀ-ž](?:-[A-Za-z][a-z]+)*"
_PARTICLES = r"bin|al|von|van|der|den|de|da|do|dos|di|la|el|ibn|bint|du"
# What may stand between a title and its name: the rest of the role, with no stop, quote or verb in it.
_ROLE_REST = r"(?:\s+[^\s,.;:\"“”()]+){0,14}?"


@cache
def rules() -> dict[str, Any]:
    """Return the tables of names.toml."""
    return tomllib.loads(_DATA.read_text(encoding="utf-8"))


@cache
def patterns() -> dict[str, re.Pattern[str]]:
    """Return the compiled patterns by name."""
    table = rules()
    titles = f"(?i:{either(table['titles'])})"
    before = [*table["pronouns"], *table["callings"]]
    pronouns, opening = either(before), either(word[0].upper() + word[1:] for word in before)
    vietnamese = rf"(?:{either(table['surnames'])})(?:\s+[{UPPER}][^\W\d_]+){{1,3}}"
    foreign = rf"{_FOREIGN}(?:\s+(?:(?:{_PARTICLES})\s+)*{_FOREIGN}){{1,4}}(?!\w|\s+[{UPPER}])"
    nation = either(table["nations"])
    between = rf"(?:[A-Z]{{2,}}|Liên [Hh]ợp [Qq]uốc|[{UPPER}]\w+\s(?=[{UPPER}]\w+\s[{UPPER}]\w+\s[A-Z])|nước|của|về|phụ trách|{either(table['nations'])})"  # noqa: E501 - one pattern
    return {
        "vietnamese": re.compile(rf"(?<![\w])(?P<name>{vietnamese})(?!\w)"),
        # In capitals a pronoun begins a sentence; inside one it is part of a name ("Thái Anh Văn", "tỉnh Bà Rịa").
        "pronoun": re.compile(
            rf"(?:(?<!\w)(?P<pronoun>{pronouns})|(?:^|(?<=[.!?:;–-]\s)|(?<=[\"“(]))(?P<opening>{opening}))\s+(?P<name>{foreign}|{_RUN})"
        ),
        "known": re.compile(
            rf"(?<!\w)(?P<name>{either(name for name in table['known'] if ' ' in name)})(?!\w)"
        ),
        "not_pronoun": re.compile(rf"(?:{either(table['not_pronouns'])})\s+$"),
        "titled": re.compile(
            rf"(?<!\w)(?P<role>(?:{titles})(?!\w){_ROLE_REST})\s+(?P<name>{vietnamese})(?!\w)"
        ),
        "foreign": re.compile(
            rf"(?<!\w)(?P<role>(?:{titles})(?!\w)(?:(?:\s+{between}){{0,5}}?|(?:\s+[^\W\d_]+){{1,5}}?\s+(?:{nation}|[A-Z]{{2,}})))(?<!của)(?<!về)\s+(?P<name>{foreign})(?!\w)"
        ),
        "after": re.compile(rf"\s*(?:,|-|–|\()\s*(?P<role>(?:{titles})(?!\w)[^.;:\"“”()]{{0,110}})"),
        "place": re.compile(
            rf"(?:^|\W)(?:(?:{either(table['place_heads'])})(?:\s+số)?|\d+[A-Za-z]?)\s+$", re.IGNORECASE
        ),
        "listed": re.compile(rf"[{UPPER}]\w+\s[-–]\s$"),
        "title_alone": re.compile(rf"(?<!\w)(?P<role>{titles})(?!\w)"),
        "heads": re.compile(rf"(?:(?:{titles})|{either(table['body_heads'])})(?!\w)(?!\s+[{UPPER}]\w*\.)"),
    }


@lru_cache(maxsize=4096)  # translation, events, claims and quotes read the same sentences
def names(text: str) -> tuple[Mention, ...]:
    """Return the persons of `text` in order; `english` is the folded name, `role` the Vietnamese title.

    `english` is None where the letters do not tell how English spells the name (Chinese names read in Vietnamese).
    """
    found: dict[tuple[int, int], Mention] = {}
    found_by = patterns()
    for kind in ("foreign", "titled"):
        for match in found_by[kind].finditer(text):
            _keep(text, match.span("name"), _clean_role(match["role"]), found)
    for match in found_by["pronoun"].finditer(text):
        if found_by["not_pronoun"].search(text[max(0, match.start() - 12) : match.start()]):
            continue
        start, end = _trim(text, *match.span("name"))
        if end > start:
            _keep(text, (start, end), (match["pronoun"] or match["opening"]).lower(), found)
    for match in found_by["known"].finditer(text):
        _keep(text, match.span("name"), None, found)
    for match in found_by["vietnamese"].finditer(text):
        start, end = match.span("name")
        if not _elsewhere(text, start) and not _part_of_body(text, start):
            _keep(text, (start, end), None, found)
    return tuple(found[span] for span in sorted(found))


def _elsewhere(text: str, start: int) -> bool:
    """Return whether the capitals at `start` belong to a place, a street of a list, or a longer run of capitals."""
    before = text[max(0, start - 24) : start]
    found_by = patterns()
    if found_by["place"].search(before):
        return True
    if found_by["listed"].search(before) and not re.search(
        r"(?i:viên|trưởng|tịch|thư|đốc|sĩ|ông|bà)\b", before
    ):
        return True
    first = text[start:].split(" ", 1)[0]
    word = re.search(rf"(?:^|\s)([{UPPER}][^\W\d_]*)\s$", before)
    inside = (
        word is not None
        and not word[1].isupper()
        and not found_by["title_alone"].search(before[word.start() :])
    )
    return inside and first not in rules()["surely_vietnamese"]


def _after_place(text: str, start: int, end: int, role: str | None) -> tuple[int, str | None]:
    """Leave to a place what is its own: "UBND tỉnh Thái Nguyên Nông Văn Tuyên" names Nông Văn Tuyên."""
    words = text[start:end].split(" ")
    before = text[:start].split(" ")[-2:-1]
    if role and before and len(words) > 2 and _plain(f"{before[0]} {words[0]}") in known_places():
        return start + len(words[0]) + 1, f"{role} {words[0]}"
    return start, role


def _keep(text: str, span: tuple[int, int], role: str | None, found: dict[tuple[int, int], Mention]) -> None:
    if _plain(text[slice(*span)]) in known_places():
        return
    start, end = _without_nation(text, *span)
    if start > span[0] and role is not None and role not in {*rules()["pronouns"], *rules()["callings"]}:
        role = f"{role} {text[span[0] : start].strip()}"
    start, role = _after_place(text, start, end, role)
    end = _whole(text, start, end)
    if any(start < other[1] and end > other[0] for other in found):
        return
    table = rules()
    name = " ".join(text[start:end].split())
    first = name.split(" ")[0]
    place = any(name == item or name.startswith(f"{item} ") for item in table["places"])
    if place and (role in {None, "bà"} or role in table["callings"]):
        return
    spoken = _plain(f"{role} {name}")
    if role != "ông" and (
        _plain(name) in known_places() or any(item.startswith(spoken) for item in known_places())
    ):
        return
    if first in table["not_names"] or (" " not in name and (role is None or name in table["nations"])):
        return
    if (
        (name.isupper() and len(name) <= 5)
        or (role is None and _foreign_ending(name))
        or not name[0].isalpha()
    ):
        return
    if role in (None, "ông", "bà"):
        after = patterns()["after"].match(text, end)
        if after:
            role = _clean_role(_cut_role(after["role"]))
    found[start, end] = Mention(
        kind="person",
        start=start,
        end=end,
        text=text[start:end],
        value=fold(name).lower(),
        english=_english(text, name),
        role=role,
    )


@cache
def known_places() -> frozenset[str]:
    """Return the provinces, cities and countries of the shipped term base, without case and tone position."""
    rows: list[list[str]] = []
    for path in sorted((_DATA.parent.parent / "data" / "glossary").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            rows += [
                row for row in csv.reader(stream) if len(row) >= 3 and row[2].strip() in {"place", "country"}
            ]
    persons = {"hồ chí minh"}
    return frozenset(_plain(row[0]) for row in rows) - persons


def _plain(name: str) -> str:
    return name.lower().replace("oà", "òa").replace("oá", "óa").replace("uỷ", "ủy").replace("uý", "úy")


def _without_nation(text: str, start: int, end: int) -> tuple[int, int]:
    """Drop a country before a name: "Syria Bashar al-Assad", "Đài Loan Thái Anh Văn"."""
    words = text[start:end].split(" ")
    for count in (2, 1):
        head, rest = " ".join(words[:count]), words[count:]
        named = _plain(head) in known_places() or head in rules()["nations"]
        foreign = any(_latin(word) and not is_syllable(word) for word in rest)
        if rest and named and (foreign or (count == 2 and len(rest) > 1)):
            return start + len(head) + 1, end
    return start, end


def _whole(text: str, start: int, end: int) -> int:
    """Return the end of a name with what hyphens and initials add: "Kim Jong-un", "Nguyễn Bá M."."""
    more = re.match(r"\s?-\s?[a-z]{2,}\b", text[end:]) if _latin(text[start:end]) else None
    return end + more.end() if more else end


def _latin(name: str) -> bool:
    return name.isascii()


def _foreign_ending(name: str) -> bool:
    """Return whether a surname is followed by no Vietnamese syllable: "Hồ Onega" is a lake."""
    words = name.split(" ")
    return not words[0].isascii() and any(word.isascii() and not is_syllable(word) for word in words[1:])


def _english(text: str, name: str) -> str | None:
    """Return how English spells `name`, or None where a Chinese or Korean reading is possible."""
    table = rules()
    abroad = any(word in text for word in table["sinophone"])
    if name in table["known"] and (abroad or " " in name):
        return str(table["known"][name])
    words = name.split(" ")
    foreign = name.isascii() and not all(is_syllable(word) for word in words)
    ours = words[0] in table["surely_vietnamese"] or (len(words) >= 3 and words[1] in {"Văn", "Thị"})
    return fold(name) if foreign or ours or not abroad else None


# An unmarked Vietnamese syllable; a capitalised ASCII word of another shape is foreign.
_SYLLABLE = re.compile(
    r"(?:b|ch?|d|gh?|gi|h|kh?|l|m|n|ngh?|nh|ph?|qu|r|s|th?|tr|v|x)?(?:a|ai|ao|au|ay|e|eo|i|ia|iu|o|oa|oai|oay|oe|oi|u|ua|ui|uy|uya|y|ya)"
    r"(?:c|ch|m|n|ng|nh|p|t)?",
    re.IGNORECASE,
)


def is_syllable(word: str) -> bool:
    """Return whether `word`, ASCII letters only, could be a Vietnamese syllable without marks ("Minh", "Lan")."""
    return _SYLLABLE.fullmatch(word) is not None


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Drop words of a capital run that begin something else ("ông Hùng Bộ trưởng", "ông Nam. Giám đốc")."""
    words = list(re.finditer(r"\S+", text[start:end]))
    kept = 0
    for index, word in enumerate(words):
        if index and patterns()["heads"].match(text, start + word.start()):
            break
        kept = index + 1
        if word[0].endswith(".") and len(word[0]) > 3:
            break
    if not kept:
        return start, start
    stop = start + words[kept - 1].end()
    return start, stop - 1 if text[stop - 1] == "." and len(words[kept - 1][0]) > 2 else stop


def _cut_role(role: str) -> str:
    """Cut a role after the name where the sentence goes on with its verb."""
    from jobs.vietnamese.quotes import saying_verbs

    verbs = saying_verbs()
    cut = re.split(
        rf",?\s+(?:{verbs}|đã|cũng|sẽ|đến|dự|có|là|phát biểu|chủ trì|tham dự|và phu nhân)\b", role
    )[0]
    parts = re.split(r",\s*", cut)
    kept = [parts[0]]
    titles = tuple(rules()["titles"])
    for part in parts[1:]:
        if not part.startswith(titles):
            break
        kept.append(part)
    return ", ".join(kept)


def _clean_role(role: str) -> str:
    return re.sub(r"\s+(?:ông|bà|đồng chí|là|do|và)$", "", " ".join(role.split())).strip(" ,-–")


def _part_of_body(text: str, start: int) -> bool:
    before = text[max(0, start - 20) : start]
    return (
        bool(re.search(rf"[{UPPER}]\w+\s+$", before))
        and bool(
            re.search(
                rf"(?:{either(rules()['body_heads'])})\s+(?:\w+\s+){{0,3}}$", text[max(0, start - 40) : start]
            )
        )
        and not re.search(rf"(?:{either(rules()['titles'])})\s+[^.,;]*$", text[max(0, start - 90) : start])
    )
