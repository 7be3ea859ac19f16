"""Decontamination: pairs and named test sets in, the pairs that share no sentence with them out.

A pair goes when a side, without case and punctuation, equals a test sentence, or when the n-grams it shares with
one test sentence are at least `overlap` of the shorter one's (as Brown et al. 2020, appendix C, but by share, so
that a stock phrase of press language costs no pair). Counts are kept per test set.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from jobs.train.clean import normalise, words_of
from jobs.train.pairs import read_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from jobs.train.config import DecontaminationConfig
    from jobs.train.pairs import Pair

Words = tuple[str, ...]


def _grams(words: Words, size: int) -> set[Words]:
    return {words[at : at + size] for at in range(len(words) - size + 1)}


class TestSets:
    """The sentences of the named test sets, indexed whole and by their n-grams."""

    __test__ = False  # not a class of tests, whatever its name says to pytest

    def __init__(self, sets: Mapping[str, Iterable[str]], settings: DecontaminationConfig) -> None:
        self._settings = settings
        self._whole: dict[Words, str] = {}
        self._grams: dict[Words, list[int]] = {}
        self._sentences: list[tuple[str, int]] = []
        for name, sentences in sets.items():
            for sentence in sentences:
                self._add(name, tuple(words_of(normalise(sentence))))

    @classmethod
    def read(cls, files: Mapping[str, Path], settings: DecontaminationConfig) -> TestSets:
        """Read test sets; every column of a line is a sentence."""
        return cls(
            {
                name: [part for line in read_lines(path) for part in line.split("\t")]
                for name, path in files.items()
            },
            settings,
        )

    def _add(self, name: str, words: Words) -> None:
        if not words:
            return
        self._whole.setdefault(words, name)
        grams = _grams(words, self._settings.ngram)
        if grams:
            self._sentences.append((name, len(grams)))
            for gram in grams:
                self._grams.setdefault(gram, []).append(len(self._sentences) - 1)

    def hit(self, text: str) -> tuple[str, str] | None:
        """Return (test set, `exact` or `overlap`) where `text` is too close to a test sentence, else None."""
        words = tuple(words_of(text))
        if words in self._whole:
            return self._whole[words], "exact"
        grams = _grams(words, self._settings.ngram)
        shared = Counter(sentence for gram in grams for sentence in self._grams.get(gram, ()))
        for sentence, count in shared.most_common():
            name, size = self._sentences[sentence]
            if count >= self._settings.overlap * min(size, len(grams)):
                return name, "overlap"
        return None

    def filter(self, pairs: Iterable[Pair], removed: Counter[str]) -> Iterator[Pair]:
        """Yield the pairs that no test set knows; count the others as `set: way` in `removed`."""
        for pair in pairs:
            found = self.hit(pair.vi) or self.hit(pair.en)
            if found is None:
                yield pair
            else:
                removed[f"{found[0]}: {found[1]}"] += 1
