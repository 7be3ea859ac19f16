"""Subwords: sentences of both languages in, one joint SentencePiece unigram model with byte fallback out.

Ids are Marian's: `</s>` 0, `<unk>` 1, then bytes and pieces; `<pad>` is not SentencePiece's, it is added after the
last piece. Text is normalised before (`jobs.train.clean`), so SentencePiece's own rules stay off. Digits are single
pieces: a figure is copied digit by digit and never met as a word of its own.
"""

from __future__ import annotations

import io
import random
from typing import TYPE_CHECKING, Any

from jobs.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobs.train.config import SubwordsConfig

EOS = 0
# The sums of the EM steps depend on the number of threads: a constant, so that the result does not.
_THREADS = 4
_QUIET = 2


def train_subwords(texts: Sequence[str], settings: SubwordsConfig, *, seed: int) -> bytes:
    """Return a serialised SentencePiece model of at most `vocabulary` - 1 pieces, trained on a sample of `texts`.

    Raises:
        ConfigError: the vocabulary is smaller than the letters of the text need.

    """
    import sentencepiece

    sample = list(texts)
    random.Random(seed).shuffle(sample)
    model = io.BytesIO()
    try:
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(sample[: settings.sentences]),
            model_writer=model,
            model_type="unigram",
            vocab_size=settings.vocabulary - 1,
            hard_vocab_limit=False,
            byte_fallback=True,
            split_digits=True,
            character_coverage=settings.character_coverage,
            normalization_rule_name="identity",
            eos_id=EOS,
            unk_id=1,
            bos_id=-1,
            pad_id=-1,
            num_threads=_THREADS,
            minloglevel=_QUIET,
        )
    except RuntimeError as error:
        raise ConfigError(
            f"`subwords.vocabulary` {settings.vocabulary} does not fit this text: {error}",
            hint="Raise `subwords.vocabulary`, or lower `subwords.character_coverage`.",
        ) from None
    return model.getvalue()


def open_subwords(model: bytes) -> Any:
    """Return the processor of a serialised model."""
    import sentencepiece

    return sentencepiece.SentencePieceProcessor(model_proto=model)


def vocabulary(processor: Any) -> dict[str, int]:
    """Return Marian's vocab.json: every piece by its id, then `<pad>`."""
    pieces = [processor.id_to_piece(index) for index in range(processor.get_piece_size())]
    return {piece: index for index, piece in enumerate([*pieces, "<pad>"])}
