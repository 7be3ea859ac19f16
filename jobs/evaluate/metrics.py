"""Scores as pure functions: digits and names kept, B-cubed, ROUGE on Vietnamese syllables, paired bootstrap."""

from __future__ import annotations

import random
import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

_WORD = re.compile(r"[A-Z][\w’'-]{2,}")
_GROUPING = re.compile(r"(?<=\d)[.,\s\u00a0](?=\d{3}\b)")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_SYLLABLE = re.compile(r"\w+")


def digit_tokens(text: str) -> Counter[str]:
    """Return the digit tokens of `text` with separators normalised ("3.500" and "3,500" are "3500")."""
    plain = re.sub(r"(?<=\d),(?=\d)", ".", _GROUPING.sub("", text))
    return Counter(_NUMBER.findall(plain))


def figures_lost(sources: Sequence[str], references: Sequence[str], hypotheses: Sequence[str]) -> float:
    """Return the per cent of source digit tokens absent from the hypothesis.

    Counted on sentences whose reference keeps all of them: elsewhere the translator rightly wrote them otherwise.
    """
    total = lost = 0
    for source, reference, hypothesis in zip(sources, references, hypotheses, strict=True):
        wanted = digit_tokens(source)
        if wanted and not wanted - digit_tokens(reference):
            total += wanted.total()
            lost += (wanted - digit_tokens(hypothesis)).total()
    return 100 * lost / max(total, 1)


def names_kept(sources: Sequence[str], references: Sequence[str], hypotheses: Sequence[str]) -> float:
    """Return the per cent of capitalised words common to source and reference that the hypothesis has too."""
    total = kept = 0
    for source, reference, hypothesis in zip(sources, references, hypotheses, strict=True):
        both = set(_WORD.findall(source)) & set(_WORD.findall(reference))
        total += len(both)
        kept += len(both & set(_WORD.findall(hypothesis)))
    return 100 * kept / max(total, 1)


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
