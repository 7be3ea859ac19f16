"""Roles in English by the term base alone: a Vietnamese title in, its English or None out. No model is asked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jobs.translate.glossary import TermBase

_JOINTS = {"của", "nước", "kiêm", "và", "-", "–", "về", "tại"}
_WORD = re.compile(r"[\w-]+")


def role_in_english(role_vi: str | None, terms: TermBase) -> str | None:
    """Return the English of a role if the term base covers all of it, part by part; else None."""
    if not role_vi:
        return None
    if whole := terms.english(role_vi):
        return whole
    parts = []
    for part in re.split(r",\s*", role_vi):
        english = _part(part, terms)
        if english is None:
            break  # what is certain stands; the rest of a long role is left out rather than guessed
        parts.append(english)
    return ", ".join(parts) or None


def _part(part: str, terms: TermBase) -> str | None:
    whole = terms.english(part)
    if whole:
        return whole
    if match := re.fullmatch(r"(Bộ trưởng|Thứ trưởng|Quyền Bộ trưởng) (Bộ .+?)( Việt Nam)?", part):
        body = terms.english(match[2])
        head = {
            "Bộ trưởng": "Minister",
            "Thứ trưởng": "Deputy Minister",
            "Quyền Bộ trưởng": "Acting Minister",
        }[match[1]]
        if body and body.startswith("Ministry of "):
            return f"{head} of {body.removeprefix('Ministry of ')}" + (" of Vietnam" if match[3] else "")
    found = terms.find(part)
    if not found:
        return None
    rest = part
    for mention in reversed(found):
        rest = rest[: mention.start] + " " + rest[mention.end :]
    if any(word not in _JOINTS and not word.isupper() for word in _WORD.findall(rest)):
        return None
    acronyms = [word for word in _WORD.findall(rest) if word.isupper()]
    pieces = [mention.english or "" for mention in found] + acronyms
    return " of ".join(pieces)
