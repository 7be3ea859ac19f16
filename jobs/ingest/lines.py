"""What the readers of press text share: the stretches of a text with their roles, and the press rules as data."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jobs.records import Role

_DATA = Path(__file__).resolve().parent / "press.toml"
UPPER = "A-ZĐÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ"
FINAL = re.compile(r"[.!?…][\"'”’»)\]]*$|\./\.$|:$")
_SYLLABLE = re.compile(r"\w+")


@dataclass
class Line:
    """A stretch [start, end) of the working text with its role; role None: sentences are still to be told."""

    start: int
    end: int
    role: Role | None = None
    final: bool = True


@cache
def rules() -> dict[str, Any]:
    """Return the press rules as data."""
    return tomllib.loads(_DATA.read_text(encoding="utf-8"))


def syllables(text: str) -> int:
    """Return the number of syllables of `text`."""
    return len(_SYLLABLE.findall(text))


def pairs(content: str) -> set[tuple[str, str]]:
    """Return the pairs of neighbouring syllables, folded."""
    items = [item.lower() for item in _SYLLABLE.findall(content)]
    return set(pairwise(items))
