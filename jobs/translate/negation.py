"""Negation in both languages: how often a sentence says no, and whether its English still does."""

from __future__ import annotations

import re
from functools import cache

from jobs.records import Flag
from jobs.translate.checkrules import rules


@cache
def _negation_patterns() -> dict[str, re.Pattern[str]]:
    from jobs.vietnamese.spans import either

    table = rules()["negation"]
    bare = either(table["english_only"])
    return {
        "aviation": re.compile(rf"\b({either(table['not_aviation'])}) hàng (?=không\b)"),
        "beyond": re.compile(rf"\b(?:{either(table['beyond'])})\b"),
        "compounds": re.compile(rf"\b(?:{either(table['not_negation'])})\b"),
        "asking": re.compile(table["asking"]),
        "vietnamese": re.compile(rf"\b(?:{either(table['vietnamese'])})\b"),
        "only": re.compile(rf"\b(?:{either(table['only'])})\b"),
        "no_negators": re.compile(table["english_no_negators"]),
        "negators": re.compile(rf"\b(?:{either(table['english_negators'])})\b|n't\b"),
        "english": re.compile(
            rf"\b(?:{either(table['english_words'])})\b|\b(?:{either(table['english_prefixes'])})\w*"
            rf"|\b\w+(?:{either(table['english_suffixes'])})\b"
        ),
        "other": re.compile(
            rf"(?:{either(table['english_not_prefixed'])})|(?:{either(table['english_not_stems'])})\w*"
        ),
        "capitals": re.compile(r"\b(?:UN|DIS|NON)[A-Z]+\b"),
        "not_only": re.compile(rf"(?:\bnot|n't|\bno|\bthan)\s+(?:\w+\s+){{0,2}}(?:{bare})\b"),
        "english_only": re.compile(rf"\b(?:{bare})\b"),
    }


@cache
def _explained() -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    """Return pairs of patterns: English words of refusal or lack, and the Vietnamese words that they may render."""
    from jobs.vietnamese.spans import either

    return tuple(
        (re.compile(words), re.compile(rf"\b(?:{either(own)})\b"))
        for words, own in rules()["negation"]["explained"]
    )


def negations(vi: str) -> int:
    """Return how often `vi` negates, compounds like `hàng không` (aviation) left out."""
    patterns = _negation_patterns()
    text = patterns["aviation"].sub(r"\1 ", vi.lower())
    text = patterns["compounds"].sub(" ", patterns["beyond"].sub(" ", text))
    return len(patterns["vietnamese"].findall(patterns["asking"].sub(" ", text)))


def negated_in_english(en: str, vi: str = "") -> tuple[int, int]:
    """Return how often `en` says no, and how often it uses a word of refusal or lack (`banned`, `unable`).

    A word that renders one of `vi`'s own ("cấm" for "banned") says no negation and is not counted.
    """
    patterns, source = _negation_patterns(), vi.lower()
    text = patterns["no_negators"].sub(" ", patterns["capitals"].sub(" ", en).lower().replace("’", "'"))
    negators = len(patterns["negators"].findall(text))
    shown = [
        match[0] for match in patterns["english"].finditer(text) if not patterns["other"].fullmatch(match[0])
    ]
    for words, own in _explained():
        for word in [word for word in shown if words.fullmatch(word)]:
            source, times = own.subn(" ", source, count=1)  # each of its words speaks for one
            if times:
                shown.remove(word)
    return negators, max(0, len(shown) - negators)


def negation_lost(vi: str, en: str) -> list[Flag]:
    """Return the flag of a negation that `en` does not tell."""
    if _only_for_not_only(vi.lower(), en.lower().replace("’", "'")):
        return [Flag(code="negation_lost", detail="“không chỉ” (not only) became “only”")]
    wanted = negations(vi)
    if not wanted:
        return []
    negators, words = negated_in_english(en, vi)
    if negators + words >= wanted:
        return []
    told = f"negates {wanted} times, the English {negators + words}"
    if not negators + words:
        told = "negates, the English does not"
    return [Flag(code="negation_lost", detail=f"the Vietnamese {told}")]


def _only_for_not_only(vi: str, en: str) -> bool:
    """Return whether English says "only" where the Vietnamese says "not only"."""
    patterns = _negation_patterns()
    if not patterns["beyond"].search(vi) or patterns["not_only"].search(en):
        return False
    own = patterns["only"].findall(patterns["beyond"].sub(" ", vi))
    return len(patterns["english_only"].findall(en)) > len(own)
