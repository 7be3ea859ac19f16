"""Compounds that rules put into English whole, because the order of words differs in the two languages.

`Hội nghị Bộ trưởng Số ASEAN (ADGMIN) lần thứ 6` becomes `6th ASEAN Digital Ministers' Meeting (ADGMIN)`, `Bộ trưởng Bộ
Y tế Đào Hồng Lan` `Minister of Health Dao Hong Lan`, `do Việt Nam đăng cai` `hosted by Vietnam`, `trên 91,2%` `over
91.2%`, `Sáng 15/1,` `On the morning of January 15`. A model that carries English spans over as they stand gets such an
order right only when the whole stands in one.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from jobs.records import Mention
from jobs.translate.roles import role_in_english
from jobs.vietnamese.fold import fold
from jobs.vietnamese.names import UPPER
from jobs.vietnamese.spans import either
from jobs.vietnamese.wordnumbers import units

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobs.translate.glossary import TermBase

_DATA = Path(__file__).resolve().parent / "compounds.toml"
_AGENTS = frozenset({"body", "place", "acronym"})
_ACRONYM = re.compile(r"\b[A-Z][A-Z0-9]{2,9}\b")
_GLOSS = re.compile(r"\s*\([A-Z][A-Z0-9]{1,9}\)")
_TIMES = re.compile(r"\s+lần(?:\s+thứ)?\s+")
_HEAD = re.compile(r"(?:Hội nghị|Diễn đàn|Kỳ họp|Phiên họp)\s+$")
_AMOUNTS = frozenset({"percent", "money", "measure"})
_MEETING = re.compile(r"(?:Hội nghị|Diễn đàn|Đại hội|Kỳ họp|Hội thảo)\b")
_COUNTS = {"trên": 100, "gần": 10}
_NUMBERED_KINDS = frozenset({"body", "term", "document", "acronym"})


def compounds(
    text: str,
    figures: Sequence[Mention],
    persons: Sequence[Mention],
    terms: Sequence[Mention],
    base: TermBase,
) -> tuple[Mention, ...]:
    """Return the compounds of `text`; each is a mention of kind `term` over the whole span."""
    meetings = numbered(text, figures, terms)
    return (
        *_parts(text, meetings, terms),
        *meetings,
        *_titled(text, persons, base),
        *_approximate(text, figures),
        *_agents(text, persons, terms),
        *_opening_date(text, figures),
        *_local_bodies(text, persons, base),
    )


def ordinal(value: int) -> str:
    """Return an English ordinal in figures: 1st, 2nd, 3rd, 4th, 11th."""
    ending = "th" if 10 <= value % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    return f"{value}{ending}"


def numbered(text: str, figures: Sequence[Mention], terms: Sequence[Mention]) -> list[Mention]:
    """Return the meetings of `text` that are named with their number."""
    found = []
    names = [
        (_with_head(text, item.start) if item.kind == "acronym" else item.start, item.end, item.english)
        for item in terms
        if item.kind in _NUMBERED_KINDS and item.english
    ]
    for match in _ACRONYM.finditer(text):
        if all(match.end() <= start or match.start() >= end for start, end, _ in names):
            names.append((_with_head(text, match.start()), match.end(), match[0]))
    for figure in figures:
        if figure.kind != "ordinal" or not figure.value.isdigit():
            continue
        for start, end, english in names:
            gloss = _GLOSS.match(text, end)
            stop = gloss.end() if gloss else end
            times = _TIMES.match(text, stop)
            if times is None or times.end() != figure.start:
                continue
            after = _GLOSS.match(text, figure.end)
            inner = gloss[0] if gloss else after[0] if after else ""
            last = after.end() if after and not gloss else figure.end
            whole = f"{ordinal(int(figure.value))} {english}{inner}"
            found.append(_mention(text, start, last, whole))
    return found


def _with_head(text: str, start: int) -> int:
    """Return where an acronym at `start` begins with the noun that it holds itself: `Hội nghị ADGMIN`."""
    head = _HEAD.search(text[:start])
    return head.start() if head else start


def _parts(text: str, counted: Sequence[Mention], terms: Sequence[Mention]) -> list[Mention]:
    """Return `lễ khai mạc Hội nghị X` as `opening ceremony of the X`."""
    found = []
    meetings = [*counted, *(item for item in terms if item.kind == "body" and _MEETING.match(item.text))]
    for meeting in meetings:
        before = text[: meeting.start].rstrip()
        for words, english in _rules()["part_of"].items():
            start = len(before) - len(words)
            if before.lower().endswith(words) and not text[max(0, start - 1) : start].strip():
                whole = f"{english} {meeting.english}"
                whole = whole if start else whole[0].upper() + whole[1:]
                found.append(_mention(text, start, meeting.end, whole))
    return found


def _titled(text: str, persons: Sequence[Mention], base: TermBase) -> list[Mention]:
    found = []
    for person in persons:
        if not person.role or not person.english:
            continue
        start = person.start - len(person.role) - 1
        if start < 0 or text[start : person.start - 1] != person.role:
            continue
        role = role_in_english(person.role, base)
        if role is None or "," in role:
            continue
        if role.endswith(" of Vietnam"):
            role = f"Vietnam's {role.removesuffix(' of Vietnam')}"
        found.append(_mention(text, start, person.end, f"{role} {person.english}"))
    return found


def _approximate(text: str, figures: Sequence[Mention]) -> list[Mention]:
    found = []
    table: dict[str, str] = units()["approx_english"]
    for figure in figures:
        if not figure.approx or not figure.english:
            continue
        before = text[: figure.start].rstrip()
        for words in sorted(table, key=lambda item: (-len(item), item)):
            start = len(before) - len(words)
            if not before.lower().endswith(words) or text[max(0, start - 1) : start].strip():
                continue
            # Before a small count "trên" is as often "on", "gần" as often "near".
            least = _COUNTS.get(words, 0)
            if figure.kind in _AMOUNTS or (figure.value.isdigit() and int(figure.value) >= least):
                found.append(_mention(text, start, figure.end, f"{table[words]} {figure.english}"))
            break
    return found


@cache
def _rules() -> dict[str, dict[str, str]]:
    return tomllib.loads(_DATA.read_text(encoding="utf-8"))


@cache
def _agent_verbs() -> tuple[dict[str, str], re.Pattern[str]]:
    table = _rules()["agent"]
    return table, re.compile(rf"\s+({either(table)})(?!\w)")


def _agents(text: str, persons: Sequence[Mention], terms: Sequence[Mention]) -> list[Mention]:
    """Return `do Việt Nam đăng cai` as `hosted by Vietnam`, where the agent is one name."""
    table, verb = _agent_verbs()
    found = []
    for agent in (*persons, *(item for item in terms if item.kind in _AGENTS)):
        if not agent.english or not re.search(r"(?<!\w)do\s+$", text[: agent.start]):
            continue
        match = verb.match(text, agent.end)
        if match:
            start = text.rindex("do", 0, agent.start)
            whole = f"{table[match[1]]} {agent.english}"
            # "Hội nghị do ..." at the head of a sentence: alone, the participle takes the place of its noun.
            head = text[:start].strip().lower()
            if head in _rules()["head"]:
                # Before a comma it stands in apposition, and the verb comes after it.
                mark = "," if text[match.end() : match.end() + 1] == "," else ""
                start, whole = 0, f"The {_rules()['head'][head]}{mark} {whole}"
            found.append(_mention(text, start, match.end(), whole))
    return found


def _opening_date(text: str, figures: Sequence[Mention]) -> list[Mention]:
    """Return the day at the head of a sentence with its preposition."""
    for date in figures:
        words = text[: date.start].strip()
        head = _rules()["part_of_day"].get(words)
        single = date.kind == "date" and date.precision == "day" and "/" not in date.value
        if head and single and date.english and text[date.end : date.end + 1] == ",":
            return [_mention(text, 0, date.end, f"{head} {date.english}")]
    return []


@cache
def _local() -> re.Pattern[str]:
    bodies, levels = either(_rules()["local_body"]), either(_rules()["local_level"])
    place = rf"[{UPPER}][^\W\d_]*(?:\s[{UPPER}][^\W\d_]*){{0,3}}"
    return re.compile(rf"(?<!\w)(?P<body>{bodies}) (?P<level>{levels})\s?(?P<place>{place})(?!\w)")


def _local_bodies(text: str, persons: Sequence[Mention], base: TermBase) -> list[Mention]:
    """Return `UBND tỉnh Thái Nguyên` as `Thai Nguyen Provincial People's Committee`."""
    found = []
    for match in _local().finditer(text):
        level, body = _rules()["local_level"][match["level"]], _rules()["local_body"][match["body"]]
        # The name of an official may follow at once; a place that the term base knows ends where it says.
        starts = [person.start for person in persons if match.start("place") < person.start < match.end()]
        words = text[match.start("place") : min([match.end(), *starts])].split()
        known = [
            (count, english)
            for count in range(len(words), 0, -1)
            for name in (" ".join(words[:count]),)
            if (english := base.english(f"{match['level']} {name}") or base.english(name))
        ]
        count, place = known[0] if known else (len(words), fold(" ".join(words)))
        end = match.start("place") + len(" ".join(words[:count]))
        place = place.removesuffix(" Province").removesuffix(f" {level}")
        found.append(_mention(text, match.start(), end, f"{place} {level} {body}"))
    return found


def _mention(text: str, start: int, end: int, english: str) -> Mention:
    return Mention(
        kind="term", start=start, end=end, text=text[start:end], value=english.lower(), english=english
    )
