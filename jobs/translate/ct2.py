"""The ctranslate2 engine: int8 on CPU, batches by tokens sorted by length, equal sentences once."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from jobs.errors import ModelError
from jobs.translate.convert import converted
from jobs.translate.engine import MAX_TARGET, Attended, Hypothesis, batches, source_limit
from jobs.translate.tokens import MarianTokens

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from jobs.translate.models import ModelFolder


class CTranslate2Engine:
    """Marian models, converted once into the cache."""

    def __init__(
        self, model: ModelFolder, *, cache: Path, compute_type: str, threads: int, batch_tokens: int
    ) -> None:
        import ctranslate2

        folder = converted(model, cache=cache, quantization=compute_type)
        self.name = f"{model.name}@{model.revision[:12]}"
        self.max_tokens = source_limit(model)
        self._batch_tokens = batch_tokens
        self._tokens = MarianTokens(model.folder, plain=model.plain_normalisation)
        self._decoding: dict[str, Any] = {}
        # What the last beam search made of each text, with its attention: repair asks for both.
        self._remembered: dict[str, Any] = {}
        repeat = model.generation.get("no_repeat_ngram_size", 0)
        if repeat:
            self._decoding["no_repeat_ngram_size"] = int(repeat)
        try:
            self._translator = ctranslate2.Translator(
                str(folder),
                device="cpu",
                compute_type=compute_type,
                # A worker for each core, each on its own batch: threads that share one product wait for each
                # other, which costs half as much CPU again where something else runs on the machine.
                inter_threads=threads or (os.cpu_count() or 1),
                intra_threads=1,
                max_queued_batches=-1,
            )
        except (RuntimeError, ValueError) as error:
            raise ModelError(
                f"{folder}: the converted model cannot be loaded: {error}",
                hint=f"Remove {folder} and run again.",
            ) from error

    def count(self, text: str) -> int:
        """Return the number of source tokens of `text`, the closing one included."""
        return len(self._tokens.encode(text))

    def translate(
        self, sentences: Sequence[str], *, beam: int = 1, n_best: int = 1
    ) -> list[list[Hypothesis]]:
        """Translate; each sentence must fit `max_tokens`."""
        encoded = {text: self._tokens.encode(text) for text in dict.fromkeys(sentences)}
        waiting: list[tuple[str, Any]] = []
        # One shape a call, bounded by padded tokens: the same composition whatever the number of threads.
        for batch in batches(encoded, self._batch_tokens):
            results = self._translator.translate_batch(
                [encoded[text] for text in batch],
                asynchronous=True,
                beam_size=max(beam, n_best),
                num_hypotheses=n_best,
                return_scores=True,
                return_attention=n_best > 1,
                max_decoding_length=MAX_TARGET,
                max_input_length=0,
                **self._decoding,
            )
            waiting += zip(batch, results, strict=True)
        results = {text: result.result() for text, result in waiting}
        if n_best > 1:
            self._remembered = results
        done = {text: self._hypotheses(result) for text, result in results.items()}
        return [done[text] for text in sentences]

    def _hypotheses(self, result: Any) -> list[Hypothesis]:
        return [
            Hypothesis(text=self._tokens.decode(tokens), score=score)
            for tokens, score in zip(result.hypotheses, result.scores, strict=True)
        ]

    def pieces(self, text: str) -> list[str]:
        """Return the target tokens of `text`, or an empty list where the vocabulary cannot spell it."""
        return self._tokens.target_pieces(text)

    def attend(self, sentences: Sequence[str], prefixes: Sequence[Sequence[str]]) -> list[Attended]:
        """Translate each sentence greedily on from its prefix, target tokens that stand already.

        Without a prefix a sentence of the last beam search is not translated again: its best hypothesis is given.
        """
        known = [
            None if prefix else self._remembered.get(text)
            for text, prefix in zip(sentences, prefixes, strict=True)
        ]
        new = [place for place, result in enumerate(known) if result is None]
        going_on = self._go_on([sentences[place] for place in new], [prefixes[place] for place in new])
        for place, result in zip(new, going_on, strict=True):
            known[place] = result
        return [self._attended(text, result) for text, result in zip(sentences, known, strict=True)]

    def _attended(self, text: str, result: Any) -> Attended:
        source = self._tokens.encode(text)
        tokens = result.hypotheses[0][: _longest(source)]
        attention = result.attention[0][: len(tokens)]
        return Attended(source=source, tokens=tokens, attention=attention, text=self._tokens.decode(tokens))

    def _go_on(self, sentences: Sequence[str], prefixes: Sequence[Sequence[str]]) -> list[Any]:
        if not sentences:
            return []
        sources = [self._tokens.encode(sentence) for sentence in sentences]
        results: list[Any] = self._translator.translate_batch(
            sources,
            target_prefix=[list(prefix) for prefix in prefixes],
            max_batch_size=self._batch_tokens,
            batch_type="tokens",
            beam_size=1,
            return_attention=True,
            max_decoding_length=max(_longest(source) for source in sources),
            max_input_length=0,
            **self._decoding,
        )
        return results


def _longest(source: Sequence[str]) -> int:
    """Return where a sentence that goes on from a prefix is cut, by its own length: what runs on has gone astray."""
    return min(MAX_TARGET, len(source) * 5 // 4 + 24)
