"""The persons of an article: its texts in, who later short forms and bare titles mean out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobs.records import Record
from jobs.vietnamese.names import names, patterns, rules

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jobs.records import Mention


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
        found = list(patterns()["title_alone"].finditer(text))
        # The title must be the subject: it begins the clause or follows a comma, and stands close to its end.
        found = [item for item in found if len(text[item.end() :].split()) <= 4]
        if not found:
            return None
        title = found[-1]["role"].lower()
        hits = [
            key for key, roles in self._roles.items() if any(role.lower().startswith(title) for role in roles)
        ]
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
