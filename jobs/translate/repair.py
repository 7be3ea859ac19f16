"""The fidelity rewriter: express, translate, check, and repair what fails, cheapest rung first.

Rungs: the beam's other hypotheses; the figure or name put right in place, where the check knows both the wrong and
the right form; what was lost forced into the hypothesis where its attention points; the sentence translated with the
other form of step 1 (plain instead of expressed); split at clause boundaries and translated in parts; what is lost
still set in as it stands. What fails after that keeps its best candidate and its flags.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from jobs.english.names import lacking
from jobs.english.slips import mend_slips
from jobs.english.surface import tidy, with_articles
from jobs.records import Flag, Mention, Translation
from jobs.translate.checkrules import weight
from jobs.translate.checks import check_pair, figure_match
from jobs.translate.engine import AttendingEngine, Hypothesis
from jobs.translate.express import Expressed, Understood, express, moved, understand
from jobs.translate.inplace import (
    as_title,
    in_case,
    in_digits,
    in_titles,
    is_sentence,
    official_names,
    put_right,
    spell_acronyms,
)
from jobs.translate.recover import Task, Wanted, put_back, recover
from jobs.translate.split import join_translations, split_long
from jobs.translate.termcheck import terms_missing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from jobs.translate.engine import Engine
    from jobs.translate.glossary import TermBase

# A repaired candidate must be this much better to be worth leaving the model's first choice.
_MIN_GAIN = 1
# Parts read worse than a whole: only for a lost figure, name or negation, not for a stray word or mark.
_WORTH_PARTS = 6
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
    others: list[str] = field(default_factory=list)
    confidence: float = 0.0

    def offer(self, raw: str, rung: str | None) -> None:
        """Take `raw` if it is the first candidate or weighs less than the best so far."""
        en = in_case(self.understood, in_digits(self.understood, tidy(raw, source=self.vi)))
        en = official_names(self.understood, spell_acronyms(self.vi, en))
        en = as_title(self.understood, in_titles(self.understood, en, self.vi), self.vi)
        if is_sentence(self.vi):  # headlines go without articles
            en = mend_slips(with_articles(en), self.vi)
        if en in self.tried:
            return
        self.tried.add(en)
        flags = check_pair(self.vi, en, self.understood)
        if rung is None or weight(flags) + _MIN_GAIN <= weight(self.flags):
            self.en, self.flags, self.rung = en, flags, rung

    @property
    def state(self) -> tuple[str, tuple[Flag, ...], str | None]:
        """Return the best candidate so far, with its flags and its rung."""
        return self.en, self.flags, self.rung

    @state.setter
    def state(self, value: tuple[str, tuple[Flag, ...], str | None]) -> None:
        self.en, self.flags, self.rung = value

    @property
    def failing(self) -> bool:
        return weight(self.flags) > 0

    def lost(self, en: str) -> list[Wanted]:
        """Return what `en` lacks and rules can say in English, with its place in the expressed sentence."""
        match = figure_match(self.vi, en, self.understood)
        missing = [
            *match.missing,
            *(vi for vi, _ in match.altered),
            *terms_missing(self.understood.terms, en),
        ]
        missing += lacking(self.understood.spelt, en)
        found = []
        for mention in missing:
            place = moved(self.expressed, mention)
            if place is not None and mention.english:
                found.append(Wanted(mention.english, *place))
        return found


class FidelityRewriter:
    """Translates with checks and repair; `tries` bounds the rungs that cost model work.

    A sentence of which the model is less sure than `unsure_below` (mean log probability per token) is flagged.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        terms: TermBase,
        beam: int,
        tries: int,
        expresses: bool,
        unsure_below: float | None = None,
    ) -> None:
        self._engine = engine
        self._terms = terms
        self._beam = beam
        self._tries = tries
        self._expresses = expresses
        self._unsure_below = unsure_below
        self._titles: dict[str, Translation] = {}
        self.signature = f"fidelity express={'on' if expresses else 'off'} tries={tries}"

    def translate(self, texts: Sequence[str]) -> list[Translation]:
        """Translate `texts`, one result each, in order."""
        works = []
        for text, understood in zip(texts, self._understood(texts), strict=True):
            expressed = express(text, understood) if self._expresses else Expressed(text=text, spans=())
            works.append(_Work(vi=text, understood=understood, expressed=expressed))
        # The beam gives its runners-up for nothing; they are looked at only where the first fails.
        first = self._candidates([work.expressed.text for work in works], beam=self._beam)
        for work, candidates in zip(works, first, strict=True):
            work.offer(candidates[0].text, None)
            work.others = [item.text for item in candidates[1:]]
            work.confidence = round(candidates[0].score, 3)
        self._repair(works)
        return [
            Translation(
                vi=work.vi,
                en=work.en,
                origin=self._engine.name,
                flags=work.flags + self._unsure(work.confidence),
                repaired=work.rung,
                confidence=work.confidence,
            )
            for work in works
        ]

    def _understood(self, texts: Sequence[str]) -> list[Understood]:
        """Return what is known of each text; quoted titles are translated first, each by itself and once."""
        found = [understand(text, self._terms) for text in texts]
        quoted = {item.text for known in found for item in known.titles if item.english is None}
        new = quoted - self._titles.keys()
        if new:
            self._titles.update((done.vi, done) for done in self.translate(sorted(new)))
        return [
            known.model_copy(update={"titles": tuple(map(self._titled, known.titles))})
            if known.titles
            else known
            for known in found
        ]

    def _titled(self, title: Mention) -> Mention:
        done = self._titles.get(title.text)
        if done is None or done.flags:
            return title
        # A capital that only begins a sentence: an acronym or a name keeps its own.
        small = title.text[0].islower() and done.en[1:2].islower() and not done.en.startswith(("I ", "I'"))
        english = done.en[0].lower() + done.en[1:] if small else done.en
        return title.model_copy(update={"english": english})

    def _unsure(self, confidence: float) -> tuple[Flag, ...]:
        if self._unsure_below is None or confidence >= self._unsure_below:
            return ()
        return (
            Flag(code="unsure", detail=f"the model is unsure of its English (confidence {confidence:.2f})"),
        )

    def _repair(self, works: Sequence[_Work]) -> None:
        self._n_best(works)
        tries: list[Callable[[list[_Work]], None]] = [self._forced, self._other_form, self._in_parts]
        last = [self._put_back] if self._tries else []
        for rung in [*tries[: self._tries], *last]:
            failing = _failing(works)
            if not failing:
                return
            rung(failing)
            self._in_place(failing)

    @staticmethod
    def _in_place(works: Iterable[_Work]) -> None:
        for work in _failing(works):
            for fixed in put_right(work.understood, work.en, work.vi):
                work.offer(fixed, "in_place")

    def _n_best(self, works: Iterable[_Work]) -> None:
        for work in _failing(works):
            for candidate in work.others:
                work.offer(candidate, "n_best")
        self._in_place(works)

    def _tasks(self, works: Iterable[_Work], offer: Callable[[_Work, str], None]) -> list[Task]:
        """Return the works that lack something that can be put back, and fit the engine."""
        return [
            Task(work.expressed.text, work.lost, partial(offer, work))
            for work in works
            if work.lost(work.en) and self._engine.count(work.expressed.text) <= self._engine.max_tokens
        ]

    def _forced(self, works: list[_Work]) -> None:
        if isinstance(self._engine, AttendingEngine):
            recover(self._engine, self._tasks(works, lambda work, text: work.offer(text, "forced")))

    def _put_back(self, works: list[_Work]) -> None:
        if isinstance(self._engine, AttendingEngine):
            put_back(self._engine, self._tasks(works, self._set_in))

    def _set_in(self, work: _Work, text: str) -> None:
        before = work.state
        work.offer(text, "put_back")
        self._in_place([work])
        if work.lost(work.en):
            work.state = before  # words set in by force must at least make the pair complete

    def _other_form(self, works: list[_Work]) -> None:
        forms = [work.vi if self._expresses else express(work.vi, work.understood).text for work in works]
        # In the same batch: without the beam the model may keep what it lost with it.
        again = [work for work in works if self._beam > 1 and work.lost(work.en)]
        tried = [*works, *again]
        forms += [work.expressed.text for work in again]
        for work, candidates in zip(tried, self._candidates(forms, beam=1), strict=True):
            for candidate in candidates:
                work.offer(candidate.text, "other_form")

    def _in_parts(self, works: list[_Work]) -> None:
        works = [work for work in works if weight(work.flags) >= _WORTH_PARTS]
        parts = [split_long(work.expressed.text, self._engine.count, _PART_TOKENS) for work in works]
        several = [(work, group) for work, group in zip(works, parts, strict=True) if len(group) > 1]
        flat = [part for _, group in several for part in group]
        best = iter([candidates[0].text for candidates in self._candidates(flat, beam=1)])
        for work, group in several:
            work.offer(join_translations([next(best) for _ in group]), "parts")

    def _candidates(self, texts: Sequence[str], *, beam: int) -> list[list[Hypothesis]]:
        """Return the beam's hypotheses for each text, best first; texts over the model's limit joined from parts."""
        if not texts:
            return []
        limit = self._engine.max_tokens
        groups = [split_long(text, self._engine.count, limit) for text in texts]
        flat = [part for group in groups for part in group]
        hypotheses = iter(self._engine.translate(flat, beam=beam, n_best=beam))
        result = []
        for group in groups:
            lists = [next(hypotheses) for _ in group]
            ranks = list(zip(*lists, strict=False))
            result.append([_joined(parts) for parts in ranks])
        return result


def _joined(parts: Sequence[Hypothesis]) -> Hypothesis:
    """Return the parts of one sentence as one hypothesis, as sure as its least sure part."""
    return Hypothesis(
        text=join_translations([part.text for part in parts]), score=min(part.score for part in parts)
    )


def _failing(works: Iterable[_Work]) -> list[_Work]:
    return [work for work in works if work.failing]
