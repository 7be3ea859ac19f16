"""Scores as pure functions: figures and names kept, B-cubed, ROUGE on Vietnamese syllables, paired bootstrap."""

from __future__ import annotations

import random
import re
from collections import Counter
from typing import TYPE_CHECKING

from jobs.english.names import same_word
from jobs.vietnamese.fold import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping, Sequence

_WORD = re.compile(r"[A-Z][\w’'-]{2,}")
_NAME = re.compile(r"(?<![\w’'-])[A-Z][\w’'-]{2,}")
_POSSESSIVE = re.compile(r"['’]s?$")
_VIETNAM = re.compile(r"\bVi[eệ]t[ -]Nam\b")
_GROUPING = re.compile(r"(?<=\d)[.,\s\u00a0](?=\d{3}\b)")
_DOTTED_DATE = re.compile(r"\b(\d{1,2})\.(\d{1,2})\.(?=\d{4}\b)")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_UNIT_SECOND = re.compile(r"(?:\b(?:per|a|each|every|one|split)|\d)[\s-]+$", re.IGNORECASE)
_SHORTEST = 3  # letters of a capitalised word that counts as a name
_SYLLABLE = re.compile(r"\w+")


def digit_tokens(text: str) -> Counter[str]:
    """Return the digit tokens of `text` with separators normalised ("3.500" and "3,500" are "3500")."""
    plain = _DOTTED_DATE.sub(r"\1/\2/", text)
    plain = re.sub(r"(?<=\d),(?=\d)", ".", _GROUPING.sub("", plain))
    return Counter(_NUMBER.findall(plain))


def digits_lost(sources: Sequence[str], references: Sequence[str], hypotheses: Sequence[str]) -> float:
    """Return the per cent of source digit tokens that are no digit tokens of the hypothesis; see `figures_lost`."""
    return _lost(sources, references, hypotheses, digit_tokens)


def figures_lost(sources: Sequence[str], references: Sequence[str], hypotheses: Sequence[str]) -> float:
    """Return the per cent of source digit tokens that the hypothesis tells neither in digits nor in words.

    Counted on sentences whose reference keeps all of them: elsewhere the translator rightly wrote them otherwise.
    """
    return _lost(sources, references, hypotheses, figures_told)


def _lost(
    sources: Sequence[str],
    references: Sequence[str],
    hypotheses: Sequence[str],
    told: Callable[[str], Counter[str]],
) -> float:
    total = lost = 0
    for source, reference, hypothesis in zip(sources, references, hypotheses, strict=True):
        wanted = digit_tokens(source)
        if wanted and not wanted - digit_tokens(reference):
            total += wanted.total()
            lost += (_short(wanted) - _short(told(hypothesis))).total()
    return 100 * lost / max(total, 1)


def _short(tokens: Counter[str]) -> Counter[str]:
    """Return `tokens` with the days and months of "09/03" as "9" and "3"; longer runs are codes and keep their 0."""
    short: Counter[str] = Counter()
    for token, times in tokens.items():
        short[token[1:] if len(token) == 2 and token[0] == "0" else token] += times
    return short


def figures_told(text: str) -> Counter[str]:
    """Return the digit tokens of English `text`, and the figures that it tells in words: "fourth", "ten", "March"."""
    from jobs.english import figures

    found = digit_tokens(text)
    for mention in figures(text):
        unit = mention.text.lower() == "second" and _UNIT_SECOND.search(text[: mention.start])
        if not re.search(r"\d", mention.text) and mention.value.isdigit() and not unit:
            found[mention.value] += 1
        if mention.kind == "date":
            months = re.findall(r"-(\d\d)(?=-|/|$)", re.sub(r"-\d\d(?=/|$)", "", mention.value))
            if mention.precision == "month":
                months = re.findall(r"-(\d\d)(?=/|$)", mention.value)
            found.update(str(int(month)) for month in months if re.search(r"[A-Za-z]{3}", mention.text))
    return found


def capitals_kept(sources: Sequence[str], references: Sequence[str], hypotheses: Sequence[str]) -> float:
    """Return the per cent of capitalised words common to source and reference that the hypothesis has letter by letter.

    "Wilson's" is no "Wilson" here, "Shinzo" no "Shinzō"; `names_kept` is the measure of what is told.
    """
    total = kept = 0
    for source, reference, hypothesis in zip(sources, references, hypotheses, strict=True):
        both = set(_WORD.findall(source)) & set(_WORD.findall(reference))
        total += len(both)
        kept += len(both & set(_WORD.findall(hypothesis)))
    return 100 * kept / max(total, 1)


def names_kept(sources: Sequence[str], references: Sequence[str], hypotheses: Sequence[str]) -> float:
    """Return the per cent of capitalised words common to source and reference that the hypothesis names too.

    A possessive, a plural, a hyphen, marks and a nation's adjective make no other name.
    """
    total = kept = 0
    for source, reference, hypothesis in zip(sources, references, hypotheses, strict=True):
        both = _names(source) & _names(reference)
        named = {fold(word).lower() for word in _names(hypothesis)}
        total += len(both)
        kept += sum(1 for name in both if any(same_word(fold(name).lower(), word) for word in named))
    return 100 * kept / max(total, 1)


def _names(text: str) -> set[str]:
    """Return the capitalised words of `text`, hyphenated ones in parts, without possessive."""
    words = (
        _POSSESSIVE.sub("", word) for word in _NAME.findall(_VIETNAM.sub("Vietnam", text.replace("’", "'")))
    )
    parts = (part for word in words for part in word.split("-"))
    return {part for part in parts if len(part) >= _SHORTEST and part[0].isupper()}


def bcubed(gold: Mapping[str, Hashable], predicted: Mapping[str, Hashable]) -> tuple[float, float, float]:
    """Return B-cubed precision, recall and F1 in [0, 1] (Bagga and Baldwin 1998) of item -> cluster labels."""

    def members(labels: Mapping[str, Hashable]) -> dict[Hashable, set[str]]:
        groups: dict[Hashable, set[str]] = {}
        for item, label in labels.items():
            groups.setdefault(label, set()).add(item)
        return groups

    by_gold, by_predicted = members(gold), members(predicted)
    precision = recall = 0.0
    for item in gold:
        mine, right = by_predicted[predicted[item]], by_gold[gold[item]]
        both = len(mine & right)
        precision += both / len(mine)
        recall += both / len(right)
    precision, recall = precision / len(gold), recall / len(gold)
    return precision, recall, 2 * precision * recall / (precision + recall)


def syllables(text: str) -> list[str]:
    """Return the lower-case syllables of Vietnamese text."""
    return _SYLLABLE.findall(text.lower())


def rouge_n(hypothesis: str, reference: str, n: int) -> float:
    """Return ROUGE-N F1 in [0, 1] on syllables (Lin 2004); ASCII tokenizers drop Vietnamese letters."""

    def grams(text: str) -> Counter[tuple[str, ...]]:
        items = syllables(text)
        return Counter(zip(*(items[i:] for i in range(n)), strict=False))

    left, right = grams(hypothesis), grams(reference)
    hits = (left & right).total()
    return 2 * hits / (left.total() + right.total()) if hits else 0.0


def rouge_l(hypothesis: str, reference: str) -> float:
    """Return ROUGE-L F1 in [0, 1] on syllables: longest common subsequence."""
    left, right = syllables(hypothesis), syllables(reference)
    row = [0] * (len(right) + 1)
    for item in left:
        diagonal = 0
        for j, other in enumerate(right, 1):
            diagonal, row[j] = row[j], diagonal + 1 if item == other else max(row[j], row[j - 1])
    return 2 * row[-1] / (len(left) + len(right)) if row[-1] else 0.0


def paired_bootstrap(
    better: Sequence[float], worse: Sequence[float], *, samples: int = 1000, seed: int = 12345
) -> float:
    """Return the share of resamples in which the mean of `better` is not above that of `worse` (Koehn 2004)."""
    generator = random.Random(seed)
    count = len(better)
    lost = 0
    for _ in range(samples):
        picked = [generator.randrange(count) for _ in range(count)]
        if sum(better[i] - worse[i] for i in picked) <= 0:
            lost += 1
    return lost / samples
