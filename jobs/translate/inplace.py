"""Put a wrong figure or a misspelt name right where it stands: a pair and what is known of it in, fixed English out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jobs.english.names import english_names, name_present
from jobs.english.quoting import in_both
from jobs.translate.checks import figure_match

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobs.records import Mention
    from jobs.translate.express import Understood

# Below this likeness (per cent, normalised indel) a run of capitals may be somebody else.
_ALIKE = 70
_ALIKE_WORD = 72
_CAPITAL = re.compile(r"\b[A-Z][\w’'-]*[\w]")

Swap = tuple[int, int, str]


def put_right(understood: Understood, en: str, vi: str) -> Iterator[str]:
    """Yield `en` with each wrong figure and misspelt name replaced by its certain form, where there is one."""
    swaps = [
        *_figures(understood, en, vi),
        *_names(understood, en),
        *_words(understood, en),
    ]
    taken: list[Swap] = []
    for start, end, text in swaps:
        if all(end <= begin or start >= stop for begin, stop, _ in taken):
            taken.append((start, end, text))
    if taken:
        for start, end, text in sorted(taken, reverse=True):
            en = en[:start] + text + en[end:]
        yield en


_NUMBER_WORD = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand)\b",
    re.IGNORECASE,
)
_ORDINAL_WORD = re.compile(
    r"\b(?:second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|\w+teenth|\w+tieth)\b"
)
_TIME_UNIT = re.compile(r"(?:\b(?:per|a|each|every|one|split)|\d)[\s-]+$", re.IGNORECASE)
_COUNTING = {"number", "ordinal"}


def in_digits(understood: Understood, en: str) -> str:
    """Return `en` with figures in digits where the source has them so: "three months" for "3 tháng" is "3 months".

    Small numbers too, which English press writes as words: a figure is traced faster in its own form. What begins the
    sentence stays a word.
    """
    numbers, ordinals = _NUMBER_WORD.search(en), _ORDINAL_WORD.search(en)
    if not (numbers or ordinals):
        return en
    from jobs.english import figures

    wanted = [item for item in understood.figures if re.search(r"\d", item.text)]
    for found in reversed(figures(en)) if numbers else ():
        if re.search(r"\d", found.text) or found.start == 0:
            continue
        for item in wanted:
            same = item.value == found.value and item.kind == found.kind and item.unit == found.unit
            if same and item.english:
                en = en[: found.start] + _in_form(item, found) + en[found.end :]
                wanted.remove(item)
                break
    return _ordinals_in_digits(wanted, en) if ordinals else en


def _ordinals_in_digits(wanted: list[Mention], en: str) -> str:
    """Return `en` with "fourth" as "4th" where the source has a 4 that stands nowhere else in `en`."""
    from jobs.english import figures
    from jobs.translate.compounds import ordinal

    told = figures(en)
    digits = {item.value for item in told if re.search(r"\d", item.text)}
    for found in reversed(told):
        number = found.kind == "ordinal" and _ORDINAL_WORD.fullmatch(found.text) and found.value not in digits
        part_of_name = en[found.end : found.end + 1] == "-" or _TIME_UNIT.search(en[: found.start])
        if not number or part_of_name or found.start == 0:
            continue
        if any(item.value == found.value and item.kind in _COUNTING for item in wanted):
            en = en[: found.start] + ordinal(int(found.value)) + en[found.end :]
    return en


def in_case(understood: Understood, en: str) -> str:
    """Return `en` with names of several words in the capitals of the source: "Black Beauty" for "Black beauty"."""
    for item in understood.carried:
        if item.kind != "place" or item.english is None or " " not in item.english or item.english in en:
            continue
        pattern = re.compile(rf"(?<![\w'’-]){re.escape(item.english)}(?![\w-])", re.IGNORECASE)
        if item.text == item.english:
            en = pattern.sub(item.english.replace("\\", ""), en)
    return en


_BEGINS = re.compile(r"(?:^|[:.!?\"“«]\s*)[^\W\d_]")
_MONTHS = frozenset({"March", "May", "August"})


def is_sentence(vi: str) -> bool:
    """Return whether `vi` ends as a sentence does; a headline or a title has no final mark."""
    return vi.rstrip().endswith((".", "!", "?", "…"))


def as_title(understood: Understood, en: str, vi: str) -> str:
    """Return the English of a headline or title without capitals that its Vietnamese does not call for.

    `Kết nối hạ tầng đến kết nối trí tuệ` has no name in it, so "Intellectual" in the midst of its English is none.
    """
    from jobs.english.lexicon import words

    if is_sentence(vi):
        return en
    begins = {match.end() - 1 for match in _BEGINS.finditer(vi)}
    if any(
        char.isupper() and vi[at + 1 : at + 2].islower() and at not in begins for at, char in enumerate(vi)
    ):
        return en
    first = {match.end() - 1 for match in _BEGINS.finditer(en)}
    kept = {word for item in understood.terms for word in (item.english or "").split()} | _MONTHS

    def lowered(match: re.Match[str]) -> str:
        word = match[0]
        common = word.lower() in words() and word not in kept
        return word.lower() if common and match.start() not in first else word

    return re.sub(r"(?<![\w'’-])[A-Z][a-z]{3,}(?![\w'’-])", lowered, en)


def in_titles(understood: Understood, en: str, vi: str) -> str:
    """Return `en` with its quoted titles in the English that they have by themselves.

    Only where both sides quote equally often: then the first quotation is the first, and so on.
    """
    known = {item.text: item.english for item in understood.titles if item.english}
    for theirs, ours in reversed(in_both(vi, en) if known else []):
        title = known.get(theirs[1])
        if title:
            stop = re.search(
                r"[.,!?;]*$", ours[1]
            )  # American style: the stop stands within the quotation marks
            en = en[: ours.start(1)] + title + (stop[0] if stop else "") + en[ours.end(1) :]
    return en


def _figures(understood: Understood, en: str, vi: str) -> Iterator[Swap]:
    match = figure_match(vi, en, understood)
    pairs = [(right, wrong) for right, wrong in match.altered if right.english]
    if len(match.missing) == 1 and len(match.added) == 1 and not match.altered:
        right, wrong = match.missing[0], match.added[0]
        if right.english and right.kind == wrong.kind:
            pairs.append((right, wrong))
    # "202222" for 2022: the model has stuttered.
    pairs += [
        (right, wrong)
        for right in match.missing
        for wrong in match.added
        if right.english
        and len(right.value) > 1
        and wrong.text.startswith(right.value)
        and wrong.text.isdigit()
    ]
    for right, wrong in pairs:
        yield wrong.start, wrong.end, _in_form(right, wrong)


def _in_form(right: Mention, wrong: Mention) -> str:
    """Return the English of `right`; a stretch of time keeps the form of its unit ("3 years", "3-year")."""
    assert right.english is not None
    if right.kind == wrong.kind and right.kind in {"duration", "age"} and right.unit == wrong.unit:
        return re.sub(
            r"^(?:\d[\d.,]*|[A-Za-z]+(?:[\s-][a-z]+)*?)(?=[\s-](?:years?[\s-]old|[a-z]+)$)",
            right.english,
            wrong.text,
        )
    return right.english


def _names(understood: Understood, en: str) -> Iterator[Swap]:
    """Yield whole names for runs of capitals that are like them."""
    from rapidfuzz import fuzz

    sure = {item.english for item in understood.spelt if item.english}
    missing = [
        item.english for item in understood.spelt if item.english and not name_present(item.english, en)
    ]
    free = [item for item in english_names(en) if item.text not in sure]
    for name in dict.fromkeys(name for name in missing if " " in name):  # single words: see `_words`
        scored = [(fuzz.ratio(name, item.text), -item.start, item) for item in free]
        best = max(scored, key=lambda entry: entry[:2], default=None)
        if best is not None and best[0] >= _ALIKE:
            yield best[2].start, best[2].end, name


def _words(understood: Understood, en: str) -> Iterator[Swap]:
    """Yield single words of names for misspelt ones ("Lemiex", "Kingswaywayway")."""
    from rapidfuzz import fuzz

    wanted = [word for item in understood.spelt if item.english for word in item.english.split()]
    free = [
        match for match in _CAPITAL.finditer(en) if not any(name_present(word, match[0]) for word in wanted)
    ]
    for word in dict.fromkeys(wanted):
        if len(word) < 4 or name_present(word, en):
            continue
        scored = [
            (fuzz.ratio(word, match[0]), -match.start(), match) for match in free if match[0][0] == word[0]
        ]
        best = max(scored, key=lambda entry: entry[:2], default=None)
        if best is None:
            continue
        stutter = best[2][0].startswith(word) and best[2][0][len(word) :].islower()
        if best[0] >= _ALIKE_WORD or stutter:
            yield best[2].start(), best[2].end(), word


# "ASEAN Ministers' Meeting" for "ASEAN Digital Ministers' Meeting" is 86 alike, two bodies of one family are under 75.
_ALIKE_NAME = 80
_WORDS = re.compile(r"[\w'’&-]+")


def official_names(understood: Understood, en: str) -> str:
    """Return `en` with official names put right that stand in it garbled: a word lost, put in or misspelt."""
    from rapidfuzz import fuzz

    others = {item.english for item in understood.terms if item.english}
    for name in sorted(others, key=lambda item: (-len(item), item)):
        size = len(name.split())
        if size < 3 or name.lower() in en.lower() or not name[0].isupper():
            continue
        words = [match.span() for match in _WORDS.finditer(en)]
        windows = [
            (first[0], last[1])
            for index, first in enumerate(words)
            for last in words[index + max(1, size - 2) : index + size + 1]
            if en[first[0]].isupper()
        ]
        scored = [(fuzz.ratio(en[a:b], name), b - a, a, b) for a, b in windows if en[a:b] not in others]
        best = max(scored, key=lambda item: (item[0], -item[1], -item[2]), default=None)
        if best is not None and best[0] >= _ALIKE_NAME:
            en = en[: best[2]] + name + en[best[3] :]
    return en


_ACRONYM = re.compile(r"(?<![\w-])[A-Z][A-Z0-9]{3,9}(?![\w-])")
# Two of six letters may differ ("ADGMN" for "ADGMIN", "DNAGSOM" for "ADGSOM").
_ALIKE_ACRONYM = 75


def spell_acronyms(vi: str, en: str) -> str:
    """Return `en` with acronyms that the source does not hold spelt as the one of the source that they garble."""
    from rapidfuzz import fuzz

    right = set(_ACRONYM.findall(vi))
    standing = set(_ACRONYM.findall(en))

    def mend(match: re.Match[str]) -> str:
        word = match[0]
        if word in right:
            return word
        near = [(fuzz.ratio(word, other), other) for other in sorted(right - standing)]
        best = max(near, default=(0.0, word))
        return best[1] if best[0] >= _ALIKE_ACRONYM else word

    return _ACRONYM.sub(mend, en) if right - standing else en
