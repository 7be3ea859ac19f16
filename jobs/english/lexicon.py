"""Words of English: a text in, the words that no English text would hold out.

Small models build words from pieces ("harmonony", "transliminated"). A word counts as English if it stands in
`data/english_words.txt` (73,000 words met at least twice in the news, law and dictionary texts that the bundled
model was trained on), comes from such a word by a regular ending or prefix, or is a compound with a usual head.
Words with a capital, short ones, and words of the source are left alone: they may be names.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from jobs.vietnamese.fold import fold

_WORDS = Path(__file__).resolve().parent.parent / "data" / "english_words.txt"
_RULES = Path(__file__).resolve().parent / "lexicon.toml"
_LETTERS = re.compile(r"[^\W\d_]+")
_POSSESSIVE = re.compile(r"['’]s\b")
_TRIPLED = re.compile(r"([a-z])\1\1")
_WRONG_PLURAL = re.compile(r"[^aeiou]ys$")  # "prioritys"
_SHORTEST = 4  # letters; shorter strings are too often abbreviations


@cache
def rules() -> dict[str, Any]:
    """Return the tables of lexicon.toml."""
    return tomllib.loads(_RULES.read_text(encoding="utf-8"))


@cache
def words() -> frozenset[str]:
    """Return the known words, lower case."""
    return frozenset(_WORDS.read_text(encoding="utf-8").split())


def made_up(english: str, source: str) -> list[str]:
    """Return the words of `english` that are none, in order, each once; words of `source` are no concern."""
    found: list[str] = []
    own: set[str] | None = None
    for match in _LETTERS.finditer(_POSSESSIVE.sub("", english)):
        word = match[0]
        if _TRIPLED.search(word) and word not in found:
            found.append(word)
        if (
            not word.isascii()
            or not word[0].islower()
            or len(word) < _SHORTEST
            or word in found
            or is_word(word.lower())
        ):
            continue
        if own is None:
            own = set(_LETTERS.findall(fold(source).lower()))
        if word.lower() not in own:
            found.append(word)
    return found


@cache
def is_word(word: str) -> bool:
    """Return whether `word`, in lower case, is English."""
    if len(word) == _SHORTEST:  # so short a word is known, or the plural of one that is
        return word in words() or (word[-1] == "s" and word[:-1] in words())
    return (
        _derived(word)
        or any(
            word.startswith(prefix) and len(word) - len(prefix) >= 4 and _derived(word[len(prefix) :])
            for prefix in rules()["prefixes"]
        )
        or _compound(word)
    )


def _derived(word: str) -> bool:
    known = words()
    if word in known:
        return True
    if _WRONG_PLURAL.search(word):
        return False
    for ending, instead in rules()["endings"]:
        if not word.endswith(ending) or len(word) - len(ending) < 3:
            continue
        base = word[: -len(ending)] + instead
        if base in known:
            return True
        doubled = ending in rules()["doubling"] and len(base) > 3 and base[-1] == base[-2]
        if doubled and base[:-1] in known:
            return True
    return False


def _compound(word: str) -> bool:
    known, table = words(), _parts()
    for cut in range(3, len(word) - 2):
        first, last = word[:cut], word[cut:]
        if first.endswith(last):
            continue  # "sunlightlight"
        head = last in table["heads"] or (last[-1] == "s" and last[:-1] in table["heads"])
        if (head and first in known) or (first in table["firsts"] and len(last) >= 4 and _derived(last)):
            return True
    return False


@cache
def _parts() -> dict[str, frozenset[str]]:
    return {name: frozenset(rules()[name]) for name in ("heads", "firsts")}
