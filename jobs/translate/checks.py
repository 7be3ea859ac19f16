"""Checks of one pair: Vietnamese, English and what was found in the Vietnamese in, flags out.

Each flag has a code of `data/checks.toml`, whose weights make the quality estimate (0 is clean), and a detail
that a person understands. Checks do not change anything; `repair` and the brief act on them.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jobs.records import Flag
from jobs.vietnamese.fold import fold
from jobs.vietnamese.names import UPPER

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jobs.english import FigureMatch
    from jobs.records import Mention
    from jobs.translate.express import Understood

_WORD = re.compile(r"\w+(?:['’]\w+)?")
_MARKED_WORD = re.compile(r"\b\w*[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]\w*\b", re.IGNORECASE)
_DOTTED = re.compile(r"\b(?:[A-Za-z]\.){2,}")  # U.S., U.N.
_MARKED_NAME = re.compile(rf"[{UPPER}][^\W\d_]*(?:\s[{UPPER}][^\W\d_]*)+")
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
        *_lunar(understood.figures),
        *_figures(figure_match(vi, en, understood)),
        *_approximations(understood, en),
        *_names(understood.spelt, en),
        *_terms(understood.terms, en),
        *_negation(vi, en),
        *_length(vi, en),
        *_repetition(vi, en),
        *_leftover(vi, en),
        *_made_up(vi, en),
        *_quotes(vi, en),
    ]
    return tuple(flags)


def figure_match(vi: str, en: str, understood: Understood) -> FigureMatch:
    """Compare the figures of both sides."""
    return _matched(vi, en, understood.figures)


@lru_cache(maxsize=1024)  # the check, the repair in place and what is lost ask for the same pair
def _matched(vi: str, en: str, found: tuple[Mention, ...]) -> FigureMatch:
    from jobs.english import figures, match_figures

    return match_figures(found, figures(en), vi, en)


def _figures(match: FigureMatch) -> list[Flag]:
    flags = [
        Flag(code="figure_altered", detail=f"“{vi.text}” became “{en.text}”" + _amounts(vi, en))
        for vi, en in match.altered
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


def _amounts(vi: Mention, en: Mention) -> str:
    """Say the amounts where the words alone do not show the difference ("5" of "5 đến 9 triệu won")."""
    if vi.text != en.text and not {vi.text, en.text} & {vi.value, en.value}:
        return ""
    return f" ({' '.join(filter(None, (vi.value, vi.unit)))}, {' '.join(filter(None, (en.value, en.unit)))})"


def _lunar(figures: Sequence[Mention]) -> list[Flag]:
    return [
        Flag(
            code="lunar_date",
            detail=f"“{mention.text}” is a date of the lunar calendar, left as the source gives it",
        )
        for mention in figures
        if mention.unit == "lunar"
    ]


def _names(names: Sequence[Mention], en: str) -> list[Flag]:
    from jobs.english.names import lacking

    flags = [
        Flag(code="name_missing", detail=f"the name {name.english} is not in the English")
        for name in lacking(names, en)
    ]
    return list(dict.fromkeys(flags))


def _terms(terms: Sequence[Mention], en: str) -> list[Flag]:
    flags = [
        Flag(code="term_missing", detail=f"“{term.text}” should read {term.english}")
        for term in terms_missing(terms, en)
    ]
    return list(dict.fromkeys(flags))


def terms_missing(terms: Sequence[Mention], en: str) -> list[Mention]:
    """Return the bodies, places, documents, acronyms and technical terms that `en` names in no accepted form."""
    folded = _loose(en)
    missing = []
    for term in terms:
        if not term.english or (term.kind == "term" and not _is_kept(term)):
            continue
        wanted = [_loose(form) for form in (term.english, *term.accept)]
        # "Ministry of Finance" is "Finance Ministry" too, "ASEAN Secretariat" the "Secretariat of ASEAN".
        if any(form in folded or _reordered(form, folded) for form in wanted):
            continue
        if term.kind == "term" and any(_told_by_stems(form, folded) for form in wanted):
            continue
        if term.kind in ("body", "place", "document", "acronym", "term"):
            missing.append(term)
    return missing


def _is_kept(term: Mention) -> bool:
    """Return whether translators keep this term: titles may become pronouns, and some words are told freely."""
    from jobs.translate.termrules import key
    from jobs.translate.termrules import rules as term_rules

    return term.role is None and key(term.text) not in term_rules()["told_freely"]["terms"]


def _told_by_stems(form: str, folded: str) -> bool:
    """Return whether the words of `form` stand in `folded` in any place and inflection: "developed sustainably"."""
    words = folded.split()
    return all(any(word.startswith(_stem(want)) for word in words) for want in form.split())


def _stem(word: str) -> str:
    return word[: max(4, len(word) - 5)]


_SAME_WORD = {
    "minister": "ministry",
    "ministers": "ministry",
    "ministries": "ministry",
    "defense": "defence",
    "labor": "labour",
    "center": "centre",
    "centers": "centre",
    "organization": "organisation",
    "program": "programme",
    "fiber": "fibre",
    "license": "licence",
    "neighboring": "neighbouring",
    "UN": "united nations",
    "US": "united states",
    "VN": "vietnam",
}
_LEFT_OUT = {"the", "of", "and", "for", "on", "in", "to"}


@lru_cache(maxsize=1 << 14)  # the forms of the term base come again and again
def _loose(text: str) -> str:
    """Return the words of `text` as they are compared: one spelling, folded, no article, possessive or plural."""
    plain = _DOTTED.sub(lambda match: match[0].replace(".", ""), fold(text))
    words = []
    for word in _WORD.findall(plain):
        bare = re.sub(r"['’]s?$", "", word)
        lower = _SAME_WORD.get(bare) or _SAME_WORD.get(bare.lower(), bare.lower())
        if lower not in _LEFT_OUT:
            words.append(_british(lower.removesuffix("s") if len(lower) > 4 else lower))
    return f" {' '.join(words)} "


def _british(word: str) -> str:
    return word.replace("ization", "isation").replace("izing", "ising").replace("ized", "ised")


def _reordered(form: str, folded: str) -> bool:
    """Return whether all words of `form` (two and more) stand close together in `folded`, in any order."""
    wanted, words = form.split(), folded.split()
    size = len(wanted) + 1
    return len(wanted) > 1 and any(
        set(wanted) <= set(words[start : start + size]) for start in range(max(1, len(words) - size + 1))
    )


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


def _negation(vi: str, en: str) -> list[Flag]:
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


def _length(vi: str, en: str) -> list[Flag]:
    bounds = rules()["length"]
    syllables, words = len(_WORD.findall(vi)), len(_WORD.findall(en))
    if syllables < bounds["from_syllables"]:
        return []
    ratio = words / syllables
    if ratio < bounds["least"]:
        return [
            Flag(
                code="too_short",
                detail=f"{words} English words for {syllables} syllables: something is left out",
            )
        ]
    if ratio > bounds["most"]:
        return [
            Flag(
                code="too_long", detail=f"{words} English words for {syllables} syllables: something is added"
            )
        ]
    return []


def _repetition(vi: str, en: str) -> list[Flag]:
    source = " ".join(word.lower() for word in _WORD.findall(vi))
    # A stop or comma between the two is a new clause that takes the word up again, no stutter.
    for piece in re.split(r"[.,;:!?()“”\"—–]+(?:\s|$)|\s[-–—]\s|—", en):
        words = [word.lower() for word in _WORD.findall(piece)]
        for size in range(1, 7):
            for start in range(len(words) - 2 * size + 1):
                run = words[start : start + size]
                if run != words[start + size : start + 2 * size]:
                    continue
                times = 2
                while words[start + times * size : start + (times + 1) * size] == run:
                    times += 1
                if (
                    times >= (2 if size > 1 else 3)
                    and run[-1] not in {"and", "or"}
                    and " ".join(run * 2) not in source
                ):
                    return [
                        Flag(code="repetition", detail=f"“{' '.join(run)}” is said {times} times in a row")
                    ]
    words = [word.lower() for word in _WORD.findall(en)]
    said = Counter(zip(*(words[start:] for start in range(4)), strict=False))
    syllables = source.split()
    in_source = max(Counter(pairwise(syllables)).values(), default=0)
    for run4, times in said.items():
        if times >= 3 and times > in_source:
            return [Flag(code="repetition", detail=f"“{' '.join(run4)}” is said {times} times")]
    return []


def _leftover(vi: str, en: str) -> list[Flag]:
    if en.strip() == vi.strip() and len(_WORD.findall(vi)) > 3:
        return [Flag(code="untranslated", detail="the English is the Vietnamese text")]
    given = set(_WORD.findall(vi))
    # A name in capitals may keep its marks, as some newsrooms do.
    found = [
        word for word in dict.fromkeys(_MARKED_WORD.findall(en)) if word[0].islower() or word not in given
    ]
    if found:
        return [Flag(code="leftover", detail=f"Vietnamese is left over: {', '.join(found[:5])}")]
    return []


@cache
def _approximating() -> tuple[re.Pattern[str], re.Pattern[str]]:
    table = rules()["approximating"]
    before, after = (
        "|".join(sorted(table[side], key=lambda item: (-len(item), item))) for side in ("before", "after")
    )
    return re.compile(rf"\b(?:{before})\b", re.IGNORECASE), re.compile(
        rf"\W*(?:\w+\s+){{0,2}}(?:{after})", re.IGNORECASE
    )


def _approximations(understood: Understood, en: str) -> list[Flag]:
    """A figure that the source calls approximate must not stand as an exact one."""
    before, after = _approximating()
    called = {item.end: item for item in understood.figures if item.approx and item.english}
    flags = []
    for compound in understood.compounds:
        figure = called.get(compound.end)
        if figure is None or compound.start >= figure.start:
            continue
        places = [
            match.span() for match in re.finditer(rf"(?<![\w.,]){re.escape(figure.english or '')}(?!\w)", en)
        ]
        if places and not any(
            before.search(en[max(0, a - 45) : a]) or after.match(en[b:]) for a, b in places
        ):
            detail = f"“{compound.text}” stands as exactly {figure.english}"
            flags.append(Flag(code="approx_lost", detail=detail))
    return list(dict.fromkeys(flags))


def _made_up(vi: str, en: str) -> list[Flag]:
    from jobs.english.lexicon import made_up

    found = made_up(en, vi)
    if not found:
        return []
    return [Flag(code="made_up", detail=f"no English word: {', '.join(found[:5])}")]


def _quotes(vi: str, en: str) -> list[Flag]:
    source, target = _marks(vi), _marks(en)
    if source % 2 == 0 and target % 2:
        return [Flag(code="quotes", detail="a quotation mark is opened or closed only once")]
    if source >= 2 and not target and "'" not in en and "’" not in en:
        return [Flag(code="quotes", detail="words in quotation marks have lost them")]
    return []


def _marks(text: str) -> int:
    # `""` is one mark, doubled by a table; marks around the whole sentence are the page's, not the text's.
    plain = re.sub(r'"+', '"', re.sub("[“”„«»]", '"', text)).strip()
    whole = plain.startswith('"') and plain.endswith('"') and plain.count('"') == 2
    return 0 if whole else plain.count('"')
