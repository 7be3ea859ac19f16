"""Checks of one pair: Vietnamese, English and what was found in the Vietnamese in, flags out.

Each flag has a code of `data/checks.toml`, whose weights make the quality estimate (0 is clean), and a detail
that a person understands. Checks do not change anything; `repair` and the brief act on them.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jobs.records import Flag

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jobs.english import FigureMatch
    from jobs.records import Mention
    from jobs.translate.express import Understood

_WORD = re.compile(r"\w+(?:['’]\w+)?")
_MARKED_WORD = re.compile(r"\b\w*[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]\w*\b", re.IGNORECASE)
_RULES = Path(__file__).resolve().parent.parent / "data" / "checks.toml"


@cache
def rules() -> dict[str, Any]:
    """Return the check rules that ship with the job."""
    return tomllib.loads(_RULES.read_text(encoding="utf-8"))


def weight(flags: Iterable[Flag]) -> int:
    """Return the quality estimate of a pair: the sum of its flags' weights, 0 for a clean one."""
    weights: dict[str, int] = rules()["weights"]
    return sum(weights.get(flag.code, 0) for flag in flags)


def check_pair(vi: str, en: str, understood: Understood) -> tuple[Flag, ...]:
    """Return every finding about `en` as a translation of `vi`, in a fixed order."""
    if not en.strip():
        return (Flag(code="empty", detail="no English was produced"),)
    flags = [
        *_figures(figure_match(vi, en, understood)),
        *_names(understood.names, en),
        *_terms(understood.terms, en),
        *_negation(vi, en),
        *_length(vi, en),
        *_repetition(vi, en),
        *_leftover(vi, en),
        *_quotes(vi, en),
    ]
    return tuple(flags)


def figure_match(vi: str, en: str, understood: Understood) -> FigureMatch:
    """Compare the figures of both sides."""
    from jobs.english import figures, match_figures

    return match_figures(understood.figures, figures(en), vi, en)


def _figures(match: FigureMatch) -> list[Flag]:
    flags = [
        Flag(code="figure_altered", detail=f"“{vi.text}” became “{en.text}”") for vi, en in match.altered
    ]
    flags += [
        Flag(code="figure_missing", detail=f"“{mention.text}” is not in the English")
        for mention in match.missing
    ]
    flags += [
        Flag(code="figure_added", detail=f"“{mention.text}” is not in the Vietnamese")
        for mention in match.added
    ]
    return flags


def _names(names: Sequence[Mention], en: str) -> list[Flag]:
    from jobs.english.names import name_present

    flags = []
    for name in names:
        if name.kind == "person" and name.english and not name_present(name.english, en):
            flags.append(Flag(code="name_missing", detail=f"the name {name.english} is not in the English"))
    return list(dict.fromkeys(flags))


def _terms(terms: Sequence[Mention], en: str) -> list[Flag]:
    folded = _loose(en)
    flags = []
    for term in terms:
        if term.kind in ("body", "place") and term.english and _loose(term.english) not in folded:
            flags.append(Flag(code="term_missing", detail=f"“{term.text}” should read {term.english}"))
    return list(dict.fromkeys(flags))


def _loose(text: str) -> str:
    words = (word.lower().removesuffix("'s").removesuffix("’s") for word in _WORD.findall(text))
    return f" {' '.join(word for word in words if word not in {'the', 'of', 'and', 'for'})} "


@cache
def _negation_patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], frozenset[str]]:
    table = rules()["negation"]

    def either(words: Sequence[str]) -> str:
        return "|".join(re.escape(word) for word in sorted(words, key=lambda item: (-len(item), item)))

    return (
        re.compile(rf"\b(?:{either(table['not_negation'])})\b"),
        re.compile(rf"\b(?:{either(table['vietnamese'])})\b"),
        re.compile(
            rf"\b(?:{either(table['english_words'])})\b|\b(?:{either(table['english_prefixes'])})\w*"
            rf"|\w(?:{either(table['english_suffixes'])})\b"
        ),
        frozenset(table["english_not_prefixed"]),
    )


def negations(vi: str) -> int:
    """Return how often `vi` negates, compounds like `hàng không` (aviation) left out."""
    compounds, negative, _, _ = _negation_patterns()
    return len(negative.findall(compounds.sub(" ", vi.lower())))


def negated_in_english(en: str) -> bool:
    """Return whether `en` shows any negation."""
    _, _, shown, other = _negation_patterns()
    text = en.lower().replace("’", "'")
    return any(match[0] not in other for match in shown.finditer(text))


def _negation(vi: str, en: str) -> list[Flag]:
    if negations(vi) and not negated_in_english(en):
        return [Flag(code="negation_lost", detail="the Vietnamese negates, the English does not")]
    return []


def _length(vi: str, en: str) -> list[Flag]:
    bounds = rules()["length"]
    syllables, words = len(_WORD.findall(vi)), len(_WORD.findall(en))
    if syllables < bounds["from_syllables"]:
        return []
    ratio = words / syllables
    if ratio < bounds["least"]:
        return [Flag(code="too_short", detail=f"{words} English words for {syllables} syllables: something is left out")]
    if ratio > bounds["most"]:
        return [Flag(code="too_long", detail=f"{words} English words for {syllables} syllables: something is added")]
    return []


def _repetition(vi: str, en: str) -> list[Flag]:
    words = [word.lower() for word in _WORD.findall(en)]
    source = " ".join(word.lower() for word in _WORD.findall(vi))
    for size in range(1, 7):
        for start in range(len(words) - 2 * size + 1):
            run = words[start : start + size]
            times = 1
            while words[start + times * size : start + (times + 1) * size] == run:
                times += 1
            if times >= (2 if size > 1 else 3) and " ".join(run * 2) not in source:
                return [Flag(code="repetition", detail=f"“{' '.join(run)}” is said {times} times in a row")]
    seen: dict[tuple[str, ...], int] = {}
    for start in range(len(words) - 3):
        run4 = tuple(words[start : start + 4])
        seen[run4] = seen.get(run4, 0) + 1
        if seen[run4] >= 3:
            return [Flag(code="repetition", detail=f"“{' '.join(run4)}” is said {seen[run4]} times")]
    return []


def _leftover(vi: str, en: str) -> list[Flag]:
    if en.strip() == vi.strip() and len(_WORD.findall(vi)) > 3:
        return [Flag(code="untranslated", detail="the English is the Vietnamese text")]
    found = list(dict.fromkeys(_MARKED_WORD.findall(en)))
    if found:
        return [Flag(code="leftover", detail=f"Vietnamese is left over: {', '.join(found[:5])}")]
    return []


def _quotes(vi: str, en: str) -> list[Flag]:
    source = vi.replace("“", '"').replace("”", '"').count('"')
    target = en.replace("“", '"').replace("”", '"').count('"')
    if source % 2 == 0 and target % 2:
        return [Flag(code="quotes", detail="a quotation mark is opened or closed only once")]
    if source >= 2 and not target and "'" not in en and "’" not in en:
        return [Flag(code="quotes", detail="words in quotation marks have lost them")]
    return []
