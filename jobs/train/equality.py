"""The equality check: a model folder and sentences in, how often transformers and CTranslate2 disagree out.

Both decode greedily in float32. They implement one architecture, so a difference means a wrong export (positions,
scale, start vector, bias); at most a near tie is decided differently by rounding.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from jobs.records import Record
from jobs.translate.ct2 import CTranslate2Engine
from jobs.translate.models import resolve
from jobs.translate.tokens import MarianTokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobs.translate.models import ModelFolder

_LONGEST = 256
_BATCH_TOKENS = 2048


class Difference(Record):
    """A sentence that the two engines translate differently."""

    source: str
    transformers: str
    ctranslate2: str


def greedy_transformers(model: ModelFolder, sentences: Sequence[str]) -> list[str]:
    """Return the greedy float32 translations by transformers' MarianMTModel, one sentence at a time."""
    import torch
    from transformers import GenerationConfig, MarianMTModel

    network = MarianMTModel.from_pretrained(model.folder, dtype=torch.float32, local_files_only=True).eval()
    tokens = MarianTokens(model.folder, plain=model.plain_normalisation)
    pieces = {index: piece for piece, index in tokens.vocabulary.items()}
    pad = int(model.config["pad_token_id"])
    settings = GenerationConfig(
        num_beams=1,
        do_sample=False,
        max_new_tokens=_LONGEST,
        eos_token_id=int(model.config["eos_token_id"]),
        pad_token_id=pad,
        decoder_start_token_id=int(model.config["decoder_start_token_id"]),
        bad_words_ids=[[pad]],
    )
    found = []
    for sentence in sentences:
        ids = torch.tensor([[tokens.vocabulary[piece] for piece in tokens.encode(sentence)]])
        with torch.inference_mode():
            made = network.generate(
                input_ids=ids, attention_mask=torch.ones_like(ids), generation_config=settings
            )[0]
        found.append(tokens.decode([pieces[int(item)] for item in made]))
    return found


def greedy_ctranslate2(
    folder: Path, sentences: Sequence[str], *, compute_type: str, threads: int = 0, cache: Path | None = None
) -> list[str]:
    """Return the greedy translations by CTranslate2; without a `cache` the converted model is thrown away."""
    if cache is None:
        with tempfile.TemporaryDirectory() as temporary:
            return greedy_ctranslate2(
                folder, sentences, compute_type=compute_type, threads=threads, cache=Path(temporary)
            )
    model = resolve(str(folder.absolute()), cache=cache)
    engine = CTranslate2Engine(
        model, cache=cache, compute_type=compute_type, threads=threads, batch_tokens=_BATCH_TOKENS
    )
    return [hypotheses[0].text for hypotheses in engine.translate(sentences, beam=1)]


def differences(folder: Path, sentences: Sequence[str], *, threads: int = 0) -> list[Difference]:
    """Return the sentences that are not translated alike."""
    model = resolve(str(folder.absolute()), cache=folder)
    one = greedy_transformers(model, sentences)
    other = greedy_ctranslate2(folder, sentences, compute_type="float32", threads=threads)
    return [
        Difference(source=source, transformers=left, ctranslate2=right)
        for source, left, right in zip(sentences, one, other, strict=True)
        if left != right
    ]
