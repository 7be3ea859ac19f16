"""Persons in Vietnamese press text: text in, mentions with their certain English form and role out.

A person is a run of two to four capitalised syllables that begins with a Vietnamese surname, or a run of capitals
after a title or a pronoun. Later short forms ("ông Hùng", "Thủ tướng") are resolved over an article.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jobs.records import Mention, Record
from jobs.vietnamese.fold import fold
from jobs.vietnamese.spans import either

if TYPE_CHECKING:
    from collections.abc import Iterable

_DATA = Path(__file__).resolve().parent / "names.toml"
UPPER = "A-ZĐÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ"
_WORD = rf"[{UPPER}][^\W\d_]*(?:['’-][{UPPER}]?[^\W\d_]+)*\.?"
_RUN = rf"{_WORD}(?:\s+{_WORD}){{0,4}}"
# What may stand between a title and its name: the rest of the role, with no stop, quote or verb in it.
_ROLE_REST = r"(?:\s+[^\s,.;:\"“”()]+){0,14}?"


@cache
def rules() -> dict[str, Any]:
    """Return the tables of names.toml."""
    return tomllib.loads(_DATA.read_text(encoding="utf-8"))


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    table = rules()
    titles, pronouns = either(table["titles"]), either(table["pronouns"])
    surnames = either(table["surnames"])
    vietnamese = rf"(?:{surnames})(?:\s+[{UPPER}][^\W\d_]+){{1,3}}"
    return {
        "vietnamese": re.compile(rf"(?<![\w])(?P<name>{vietnamese})(?!\w)"),
        "pronoun": re.compile(rf"(?<!\w)(?P<pronoun>{pronouns})\s+(?P<name>{_RUN})"),
        "titled": re.compile(rf"(?<!\w)(?P<role>(?:{titles})(?!\w){_ROLE_REST})\s+(?P<name>{vietnamese})(?!\w)"),
        "foreign": re.compile(
            rf"(?<!\w)(?P<role>(?:{titles})(?!\w)(?:\s+(?:[A-Z]{{2,}}|Liên [Hh]ợp [Qq]uốc|[{UPPER}]\w+\s(?=[{UPPER}]\w+\s[{UPPER}]\w+\s[A-Z])|nước|của|về|phụ trách)){{0,5}}?)\s+(?P<name>[A-Z][a-z]+(?:\s+[A-Z][a-z'-]+){{1,4}})(?!\w)"
        ),
        "after": re.compile(rf"\s*(?:,|-|–|\()\s*(?P<role>(?:{titles})(?!\w)[^.;:\"“”()]{{0,110}})"),
        "place": re.compile(rf"(?:{either(table['place_heads'])})\s+$", re.IGNORECASE),
        "title_alone": re.compile(rf"(?<!\w)(?P<role>{titles})(?!\w)"),
    }


def names(text: str) -> tuple[Mention, ...]:
    """Return the persons of `text` in order; `english` is the folded name, `role` the Vietnamese title."""
    found: dict[tuple[int, int], Mention] = {}
    patterns = _patterns()
    for kind in ("foreign", "titled"):
        for match in patterns[kind].finditer(text):
            _keep(text, match.span("name"), _clean_role(match["role"]), found)
    for match in patterns["pronoun"].finditer(text):
        start, end = _trim(text, *match.span("name"))
        if end > start:
            _keep(text, (start, end), match["pronoun"].lower(), found)
    for match in patterns["vietnamese"].finditer(text):
        before = text[max(0, match.start() - 24) : match.start()]
        if not patterns["place"].search(before) and not _part_of_body(text, match.start()):
            _keep(text, match.span("name"), None, found)
    return tuple(found[span] for span in sorted(found))


def _keep(text: str, span: tuple[int, int], role: str | None, found: dict[tuple[int, int], Mention]) -> None:
    start, end = span
    for other in list(found):
        if start < other[1] and end > other[0]:
            return
    name = " ".join(text[start:end].split())
    first = name.split(" ")[0]
    if name.startswith(tuple(rules()["places"])) and not re.search(r"(?:ông|bà|Chủ tịch|đồng chí)\s*$", text[:start]):
        return
    if first in rules()["not_names"] or (" " not in name and role is None) or name.isupper() and len(name) <= 5:
        return
    if role in (None, "ông", "bà"):
        after = _patterns()["after"].match(text, end)
        if after:
            role = _clean_role(_cut_role(after["role"]))
    found[span] = Mention(
        kind="person", start=start, end=end, text=text[start:end], value=fold(name).lower(), english=fold(name), role=role
    )


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Drop words of a capital run that begin something else ("ông Hùng Bộ trưởng", "ông Nam, Giám đốc")."""
    words = list(re.finditer(r"\S+", text[start:end]))
    heads = {head.split(" ")[0] for head in [*rules()["titles"], *rules()["body_heads"]]}
    kept = 0
    for index, word in enumerate(words):
        if index and word[0] in heads:
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
    cut = re.split(rf",?\s+(?:{verbs}|đã|cũng|sẽ|đến|dự|có|là|phát biểu|chủ trì|tham dự|và phu nhân)\b", role)[0]
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
    return bool(re.search(rf"[{UPPER}]\w+\s+$", before)) and bool(
        re.search(rf"(?:{either(rules()['body_heads'])})\s+(?:\w+\s+){{0,3}}$", text[max(0, start - 40) : start])
    ) and not re.search(rf"(?:{either(rules()['titles'])})\s+[^.,;]*$", text[max(0, start - 90) : start])


class Person(Record):
    """A person of an article: the full name, its folded form, the spellings and roles met."""

    key: str
    name_en: str
    variants: tuple[str, ...]
    roles: tuple[str, ...]


class Roster:
    """The persons of one article; resolves later short forms and bare titles to them."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._names: dict[str, str] = {}
        self._variants: dict[str, list[str]] = {}
        self._roles: dict[str, list[str]] = {}
        for text in texts:
            for mention in names(text):
                self._add(mention)

    def _add(self, mention: Mention) -> None:
        key = self.resolve(mention.value)
        if key is None:
            if " " not in mention.value:
                return
            key = mention.value
            self._names[key] = mention.english or mention.text
        variants = self._variants.setdefault(key, [])
        if mention.text not in variants:
            variants.append(mention.text)
        if mention.role and mention.role not in rules()["pronouns"]:
            roles = self._roles.setdefault(key, [])
            if mention.role not in roles:
                roles.append(mention.role)

    def resolve(self, value: str) -> str | None:
        """Return the key of the one person whose name `value` is, ends or (for foreigners) starts; else None."""
        if value in self._names:
            return value
        parts = value.split(" ")
        hits = [
            key
            for key in self._names
            if key.split(" ")[-len(parts) :] == parts or key.split(" ")[: len(parts)] == parts
        ]
        return hits[0] if len(hits) == 1 else None

    def by_role(self, text: str) -> str | None:
        """Return the one person whose role begins with the title that stands in `text`, else None."""
        found = list(_patterns()["title_alone"].finditer(text))
        # The title must be the subject: it begins the clause or follows a comma, and stands close to its end.
        found = [item for item in found if len(text[item.end() :].split()) <= 4]
        if not found:
            return None
        title = found[-1]["role"].lower()
        hits = [key for key, roles in self._roles.items() if any(role.lower().startswith(title) for role in roles)]
        return hits[0] if len(hits) == 1 else None

    def name(self, key: str) -> str:
        """Return the English form of the name."""
        return self._names[key]

    def roles(self, key: str) -> tuple[str, ...]:
        """Return the Vietnamese roles met, in order."""
        return tuple(self._roles.get(key, ()))

    def persons(self) -> tuple[Person, ...]:
        """Return everybody, in order of appearance."""
        return tuple(
            Person(key=key, name_en=name, variants=tuple(self._variants[key]), roles=self.roles(key))
            for key, name in self._names.items()
        )
