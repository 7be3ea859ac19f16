"""Context rules of the term base: a candidate and its neighbours in, whether it is the term out.

Capitals, sentence starts and neighbouring words tell the country `Nga` from a woman's name, the province
`Hòa Bình` from peace and from a deputy prime minister. The word lists stand in `data/glossary/rules.toml`.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

DATA = Path(__file__).resolve().parent.parent / "data" / "glossary"
_START = ".!?…:;\"“”‘'«(-–—[•*"
# Old-style tone placement (hoà, thuý, uỷ) rewritten as new-style (hòa, thúy, ủy); `qu` takes its mark on the y.
_OLD_STYLE = {
    unicodedata.normalize("NFC", first + second + mark): unicodedata.normalize("NFC", first + mark + second)
    for first, second in (("o", "a"), ("o", "e"), ("u", "y"))
    for mark in "\u0300\u0301\u0309\u0303\u0323"
}
_OLD = re.compile("(?<!q)(?:" + "|".join(_OLD_STYLE) + r")(?!\w)")


@cache
def rules() -> dict[str, Any]:
    """Return the tables of rules.toml, lists as sets."""
    table = tomllib.loads((DATA / "rules.toml").read_text(encoding="utf-8"))

    def sets(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: sets(item) for name, item in value.items()}
        return frozenset(value) if isinstance(value, list) else value

    made: dict[str, Any] = sets(table)
    return made


@cache
def _families() -> frozenset[str]:
    from jobs.vietnamese.names import rules as name_rules

    return frozenset[str](name_rules()["surnames"]) - frozenset(rules()["given_name_places"]["not_family"])


@lru_cache(maxsize=1 << 15)
def key(text: str) -> str:
    """Return the form under which words are compared: NFC, lower case, new-style tone marks."""
    lowered = unicodedata.normalize("NFC", text.lower())
    return lowered if lowered.isascii() else _OLD.sub(lambda match: _OLD_STYLE[match[0]], lowered)


def starts_sentence(text: str, start: int) -> bool:
    """Return whether nothing, or a mark after which a sentence may begin, stands before `start`."""
    before = text[:start].rstrip()
    return not before or before[-1] in _START


def case_rank(words: Sequence[str], wanted: Sequence[str], *, initial: bool) -> int | None:
    """Return 0 if the capitals agree, 1 if they differ as newsrooms differ, None if it is another word.

    `Bộ Khoa học và công nghệ`, `Liên hợp quốc`, `bộ Y tế` are what `wanted` spells otherwise; `hòa bình` (peace)
    is not `Hòa Bình`. One- and two-syllable names are strict.
    """
    if any(_acronym(one) and not other.isupper() for one, other in zip(wanted, words, strict=True)):
        return None  # "Ai" is who, not AI
    have = [word[:1].isupper() for word in words]
    want = [word[:1].isupper() for word in wanted]
    if have == want:
        return 0
    many = len(want) >= 3
    if any(want) and not any(have):
        return None
    for place, (capital, expected) in enumerate(zip(have, want, strict=True)):
        if capital == expected:
            continue
        if place == 0:
            held = many and any(one and other for one, other in zip(have[1:], want[1:], strict=True))
            fine = held or (capital and (initial or many or any(want)))
        elif capital:
            fine = have[0] and (want[0] or many)
        else:
            fine = many and (have[0] or any(have[1:]))
        if not fine:
            return None
    return 1


def _acronym(word: str) -> bool:
    return len(word) > 1 and word.isupper() and word != "TP"


class Around:
    """The words beside a candidate: `before` and `after` only where nothing but spaces stands between."""

    def __init__(self, text: str, spans: Sequence[tuple[int, int]], first: int, last: int) -> None:
        start, end = spans[first][0], spans[last][1]
        self.text, self.start, self.end = text, start, end
        self.initial = starts_sentence(text, start)
        self.before = self.second_before = self.after = ""
        if first and not text[spans[first - 1][1] : start].strip():
            self.before = text[slice(*spans[first - 1])]
            if first > 1 and not text[spans[first - 2][1] : spans[first - 1][0]].strip():
                self.second_before = text[slice(*spans[first - 2])]
        if last + 1 < len(spans) and not text[end : spans[last + 1][0]].strip():
            self.after = text[slice(*spans[last + 1])]


def is_country(around: Around, syllable: str) -> bool:
    """Return whether a one-syllable country name is the country here."""
    table = rules()
    before, after = around.before, key(around.after)
    if key(before) in table["before_given_name"] or after in table["not_before"].get(syllable, ()):
        return False
    if around.text[around.start : around.end].isupper() and len(syllable) > 1:
        return False
    # "Hoàng Anh", "Phú Mỹ", but also "Thứ Hai Nga ...", which is given up.
    if before[:1].isupper() and not before.isupper() and key(before) not in table["before_country"]:
        return False
    if around.after[:1].isupper() and (before[:1].isupper() or key(before) not in table["before_country"]):
        return False
    clause = around.initial or (
        syllable in rules()["given_names_first"] and around.text[: around.start].endswith(", ")
    )
    if clause:
        closed = around.text[around.end : around.end + 1] == ")" or _joined_pair(around)
        states = table["verbs_of_states"]
        return closed or (syllable in states["countries"] and after in states["verbs"])
    return True


def _joined_pair(around: Around) -> bool:
    """Return whether another capital stands right after a dash or comma: "Mỹ - Nga", "Anh, Pháp"."""
    return re.match(r"\s?[-–,]\s?[A-ZÂĐÚÝÁ]", around.text[around.end : around.end + 4]) is not None


def is_place(around: Around) -> bool:
    """Return whether a place of two syllables is not a person's given name or a part of a headline in capitals."""
    table = rules()["given_name_places"]
    family = _families()
    if around.before in family or (around.second_before in family and around.before[:1].isupper()):
        return False
    if key(around.before) in table["pronouns"]:
        return False
    loud = [word for word in (around.before, around.after) if len(word) > 1]
    return not (around.text[around.start : around.end].isupper() and any(word.isupper() for word in loud))


def takes_demonym(around: Around) -> bool:
    """Return whether a country right after this word is told by its adjective: `người Hàn Quốc`."""
    heads = rules()["demonym"]["heads"]
    one = key(around.before)
    return one in heads or f"{key(around.second_before)} {one}" in heads


def number_agrees(around: Around, english: str) -> bool:
    """Return whether `english` has the number that the word before it asks for: not "mỗi member states"."""
    table = rules()["number"]
    before = key(around.before)
    plural = english.endswith("s") and not english.endswith("ss")
    return before not in table["one" if plural else "several"]


def is_whole(around: Around, keys: Sequence[str]) -> bool:
    """Return whether the words beside a term do not make it a part of something else."""
    table = rules()
    before, after = key(around.before), key(around.after)
    if before in table["not_after"]["*"] or before in table["not_after"].get(keys[0], ()):
        return False
    last = around.text[around.start : around.end].rsplit(None, 1)[-1]
    return not (last[:1].islower() and after in table["cut_before"].get(keys[-1], ()))


def has_form_abroad(english: str) -> bool:
    """Return whether `english` may be called otherwise in another country."""
    return any(
        english == form or (form.startswith("of ") and form in english) for form in rules()["abroad"]["forms"]
    )


def abroad(english: str, country: str) -> str:
    """Return the name of an institution in front of `country`: Vietnam's word only where it is theirs too."""
    table = rules()["abroad"]
    if country == "Vietnam" or country in table["keep"].get(english, ()):
        return english
    for form, other in table["forms"].items():
        english = english.replace(form, other)
    return english
