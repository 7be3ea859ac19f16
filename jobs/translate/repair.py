"""The fidelity rewriter: express, translate, check, and repair what fails, cheapest rung first.

Rungs: another hypothesis of the n-best; the figure or name put right in place, where the check knows both the
wrong and the right form; the sentence translated with the other form of step 1 (plain instead of expressed);
split at clause boundaries and translated in parts. Every rung works on all failing sentences at once, so that
batches stay full. What still fails keeps its best candidate and its flags.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jobs.english.surface import tidy
from jobs.records import Flag, Mention, Translation
from jobs.translate.checks import check_pair, figure_match, weight
from jobs.translate.express import Expressed, Understood, express, understand
from jobs.translate.split import join_translations, split_long

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from jobs.translate.engine import Engine
    from jobs.translate.glossary import TermBase

N_BEST = 4
# A repaired candidate must be this much better to be worth leaving the model's first choice.
_MIN_GAIN = 1
# Clause parts shorter than this share of the sentence's tokens are not worth a translation of their own.
_PART_TOKENS = 24


@dataclass
class _Work:
    """One sentence on its way: what is known of it, its best candidate so far."""

    vi: str
    understood: Understood
    expressed: Expressed
    en: str = ""
    flags: tuple[Flag, ...] = ()
    rung: str | None = None
    tried: set[str] = field(default_factory=set)

    def offer(self, raw: str, rung: str | None) -> None:
        """Take `raw` if it is the first candidate or weighs less than the best so far."""
        en = tidy(raw, source=self.vi)
        if en in self.tried:
            return
        self.tried.add(en)
        flags = check_pair(self.vi, en, self.understood)
        if rung is None or weight(flags) + _MIN_GAIN <= weight(self.flags):
            self.en, self.flags, self.rung = en, flags, rung

    @property
    def failing(self) -> bool:
        return bool(self.flags)


class FidelityRewriter:
    """Translates with checks and repair; `tries` bounds the rungs that cost model work."""

    def __init__(self, engine: Engine, *, terms: TermBase, beam: int, tries: int, expresses: bool) -> None:
        self._engine = engine
        self._terms = terms
        self._beam = beam
        self._tries = tries
        self._expresses = expresses
        self.signature = f"fidelity express={'on' if expresses else 'off'} tries={tries}"

    def translate(self, texts: Sequence[str]) -> list[Translation]:
        """Translate `texts`, one result each, in order."""
        works = []
        for text in texts:
            understood = understand(text, self._terms)
            expressed = express(text, understood) if self._expresses else Expressed(text=text, spans=())
            works.append(_Work(vi=text, understood=understood, expressed=expressed))
        for work, candidates in zip(works, self._candidates([w.expressed.text for w in works], 1), strict=True):
            work.offer(candidates[0], None)
        self._repair(works)
        return [
            Translation(vi=w.vi, en=w.en, origin=self._engine.name, flags=w.flags, repaired=w.rung) for w in works
        ]

    def _repair(self, works: Sequence[_Work]) -> None:
        for work in _failing(works):
            put_right(work.understood, work.en, work.vi, lambda text, w=work: w.offer(text, "in_place"))
        rungs: list[Callable[[list[_Work]], None]] = [self._n_best, self._other_form, self._in_parts]
        for rung in rungs[: self._tries]:
            failing = _failing(works)
            if not failing:
                return
            rung(failing)
            for work in _failing(failing):
                put_right(work.understood, work.en, work.vi, lambda text, w=work: w.offer(text, "in_place"))

    def _n_best(self, works: list[_Work]) -> None:
        texts = [work.expressed.text for work in works]
        for work, candidates in zip(works, self._candidates(texts, N_BEST), strict=True):
            for candidate in candidates:
                work.offer(candidate, "n_best")

    def _other_form(self, works: list[_Work]) -> None:
        forms = [work.vi if self._expresses else express(work.vi, work.understood).text for work in works]
        for work, candidates in zip(works, self._candidates(forms, N_BEST), strict=True):
            for candidate in candidates:
                work.offer(candidate, "other_form")

    def _in_parts(self, works: list[_Work]) -> None:
        parts = [split_long(work.expressed.text, self._engine.count, _PART_TOKENS) for work in works]
        several = [(work, group) for work, group in zip(works, parts, strict=True) if len(group) > 1]
        flat = [part for _, group in several for part in group]
        best = iter([candidates[0] for candidates in self._candidates(flat, 1)])
        for work, group in several:
            work.offer(join_translations([next(best) for _ in group]), "parts")

    def _candidates(self, texts: Sequence[str], n_best: int) -> list[list[str]]:
        """Return up to `n_best` hypotheses for each text; texts over the model's limit are joined from parts."""
        if not texts:
            return []
        limit = self._engine.max_tokens
        groups = [split_long(text, self._engine.count, limit) for text in texts]
        flat = [part for group in groups for part in group]
        beam = max(self._beam, n_best)
        hypotheses = iter(self._engine.translate(flat, beam=beam, n_best=n_best))
        result = []
        for group in groups:
            lists = [[item.text for item in next(hypotheses)] for _ in group]
            depth = min(len(items) for items in lists)
            result.append([join_translations([items[rank] for items in lists]) for rank in range(depth)])
        return result


def _failing(works: Iterable[_Work]) -> list[_Work]:
    return [work for work in works if work.failing]


def put_right(understood: Understood, en: str, vi: str, offer: Callable[[str], None]) -> None:
    """Offer `en` with each wrong figure and misspelt name replaced by its certain form."""
    from rapidfuzz import fuzz

    from jobs.english.names import english_names, name_present

    match = figure_match(vi, en, understood)
    swaps: list[tuple[Mention, str]] = [
        (wrong, right.english) for right, wrong in match.altered if right.english
    ]
    if len(match.missing) == 1 and len(match.added) == 1 and not match.altered:
        right, wrong = match.missing[0], match.added[0]
        if right.english and right.kind == wrong.kind:
            swaps.append((wrong, right.english))
    sure = {item.english for item in understood.names if item.english}
    missing = [
        item.english
        for item in understood.names
        if item.kind == "person" and item.english and not name_present(item.english, en)
    ]
    free = [item for item in english_names(en) if item.text not in sure]
    for name in dict.fromkeys(missing):
        scored = [(fuzz.ratio(name, item.text), -item.start, item) for item in free]
        best = max(scored, key=lambda entry: entry[:2], default=None)
        # Below this likeness the run of capitals may be somebody else.
        if best is not None and best[0] >= 70:
            swaps.append((best[2], name))
    taken: list[tuple[Mention, str]] = []
    for mention, text in swaps:
        if all(mention.end <= other.start or mention.start >= other.end for other, _ in taken):
            taken.append((mention, text))
    if taken:
        fixed = en
        for mention, text in sorted(taken, key=lambda item: -item[0].start):
            fixed = fixed[: mention.start] + text + fixed[mention.end :]
        offer(fixed)
