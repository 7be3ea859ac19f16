"""Sentences in, checked translations out: memory, express, engine, check, repair, in that order.

A sentence costs model work once: corrections by people win over everything, then the memory of earlier runs
under the same engine, settings and term base, then the engine, in chunks that are remembered as soon as
they are done, so that a killed run repeats at most one chunk.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import TYPE_CHECKING, Protocol

from jobs.records import Article, Translation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from jobs.config import TranslationConfig
    from jobs.translate.engine import Engine
    from jobs.translate.glossary import TermBase
    from jobs.translate.memory import Memory
    from jobs.translate.models import ModelFolder

CHUNK = 64  # sentences per memory write: at most this many are translated again after a kill
TRANSLATED_ROLES = frozenset({"title", "lead", "body", "caption"})


class Rewriter(Protocol):
    """What stands between sentences and an engine: `FidelityRewriter`, or `PlainRewriter` without it."""

    signature: str

    def translate(self, texts: Sequence[str]) -> list[Translation]:
        """Return one translation for each text, with flags for what a reviewer should look at."""
        ...


class Translator:
    """Translates the sentences of articles through memory and a rewriter."""

    def __init__(self, make: Callable[[], Rewriter], *, key: str, signature: str, memory: Memory) -> None:
        self._make = make
        self._rewriter: Rewriter | None = None
        self._memory = memory
        self._key = key
        self.signature = signature
        self._counts: Counter[str] = Counter()
        self._known: dict[str, Translation] = {}

    def counts(self) -> dict[str, int]:
        """Return how many sentences came from where, and what each repair rung mended."""
        return dict(sorted(self._counts.items()))

    def translate_articles(
        self,
        articles: Sequence[Article],
        *,
        force: bool = False,
        progress: Callable[[int], None] | None = None,
    ) -> dict[str, dict[int, Translation]]:
        """Return for each article id its translations by sentence number (roles title, lead, body, caption)."""
        wanted = [
            (article.id, sentence.n, sentence.text)
            for article in articles
            for sentence in article.sentences
            if sentence.role in TRANSLATED_ROLES
        ]
        # A headline that stands only in the metadata is translated as sentence 0.
        wanted += [
            (article.id, 0, article.title)
            for article in articles
            if article.title and not any(item.role == "title" for item in article.sentences)
        ]
        found = self.translate_texts([text for _, _, text in wanted], force=force, progress=progress)
        result: dict[str, dict[int, Translation]] = {article.id: {} for article in articles}
        for (identity, n, text), translation in zip(wanted, found, strict=True):
            assert translation.vi == text
            result[identity][n] = translation
        return result

    def translate_texts(
        self,
        texts: Sequence[str],
        *,
        force: bool = False,
        progress: Callable[[int], None] | None = None,
    ) -> list[Translation]:
        """Return one translation for each text, in order; equal texts are translated once, also over several calls."""
        known = self._known
        new = [text for text in dict.fromkeys(texts) if text not in known]
        self._counts["sentences"] += len(texts)
        self._counts["sentences_repeated"] += len(texts) - len(new)
        found = self._memory.get(new, engine_key=self._key, corrections_only=force)
        for translation in found.values():
            self._counts["from_people" if translation.origin == "human" else "from_memory"] += 1
        known.update(found)
        if progress:
            progress(sum(1 for text in texts if text in known))
        weight = Counter(texts)
        for chunk in _chunks([text for text in new if text not in known]):
            if self._rewriter is None:
                self._rewriter = self._make()
            done = self._rewriter.translate(chunk)
            self._memory.put(done, engine_key=self._key)
            for translation in done:
                known[translation.vi] = translation
                self._counts["translated_now"] += 1
            if progress:
                progress(sum(weight[text] for text in chunk))
        result = [known[text] for text in texts]
        for text in new:
            if known[text].repaired:
                self._counts[f"repaired_{known[text].repaired}"] += 1
            if known[text].flags:
                self._counts["flagged_sentences"] += 1
        return result


def _chunks(texts: Sequence[str]) -> Iterator[list[str]]:
    # Longest first across chunks: batches of like length waste no padding, and the bar runs ever faster.
    ordered = sorted(texts, key=lambda text: (-len(text), text))
    for begin in range(0, len(ordered), CHUNK):
        yield ordered[begin : begin + CHUNK]


class PlainRewriter:
    """The engine alone: long sentences split, nothing expressed, checked or repaired."""

    signature = "plain"

    def __init__(self, engine: Engine, *, beam: int) -> None:
        self._engine = engine
        self._beam = beam

    def translate(self, texts: Sequence[str]) -> list[Translation]:
        """Translate `texts`."""
        from jobs.translate.split import join_translations, split_long

        parts = [split_long(text, self._engine.count, self._engine.max_tokens) for text in texts]
        flat = [part for group in parts for part in group]
        best = iter([hypotheses[0] for hypotheses in self._engine.translate(flat, beam=self._beam)])
        found = [[next(best) for _ in group] for group in parts]
        return [
            Translation(
                vi=text,
                en=join_translations([part.text for part in group]),
                origin=self._engine.name,
                confidence=min(part.score for part in group),
            )
            for text, group in zip(texts, found, strict=True)
        ]


def expresses(model: ModelFolder) -> bool:
    """Return whether `model` was trained on mixed sentences, which its folder's config.json says."""
    return bool(model.config.get("press_brief_code_switched", False))


def unsure_below(model: ModelFolder) -> float | None:
    """Return the confidence under which English of `model` needs a look, if its folder's config.json names one."""
    value = model.config.get("press_brief_unsure_below")
    return float(value) if isinstance(value, (int, float)) else None


def open_translator(
    model: ModelFolder,
    settings: TranslationConfig,
    *,
    terms: TermBase,
    memory: Memory,
    cache: Path,
) -> Translator:
    """Return a translator for `model`; its weights are loaded when the first new sentence needs them."""
    from jobs.config import PACKAGE
    from jobs.fingerprint import code_hash
    from jobs.translate.engine import engine_kind, open_engine

    kind = engine_kind(model, settings.engine)
    decoding = {
        "engine": kind,
        "compute_type": settings.compute_type if kind == "ctranslate2" else "float32",
        "beam": settings.beam,
        "fidelity": settings.fidelity,
        "repair_tries": settings.repair_tries,
    }
    fidelity = "on" if settings.fidelity else "off"
    signature = f"{kind}/{decoding['compute_type']} beam {settings.beam} fidelity {fidelity}"
    # The rules of translation and language are part of the key: better rules must not meet old results.
    rules = [code_hash(PACKAGE / part) for part in ("translate", "vietnamese", "english")]
    key_data: Mapping[str, object] = {
        "model": model.sha256,
        "glossary": terms.sha256 if settings.fidelity else None,
        "rules": rules,
        **decoding,
    }
    key = hashlib.sha256(json.dumps(key_data, sort_keys=True).encode()).hexdigest()

    def make() -> Rewriter:
        engine = open_engine(
            model,
            kind=kind,
            cache=cache,
            compute_type=settings.compute_type,
            threads=settings.threads,
            batch_tokens=settings.batch_tokens,
        )
        if not settings.fidelity:
            return PlainRewriter(engine, beam=settings.beam)
        from jobs.translate.repair import FidelityRewriter

        return FidelityRewriter(
            engine,
            terms=terms,
            beam=settings.beam,
            tries=settings.repair_tries,
            expresses=expresses(model),
            unsure_below=unsure_below(model),
        )

    return Translator(make, key=key, signature=signature, memory=memory)
