"""The equality check: a model folder and sentences in, the sentences on which the job's two engines differ out.

transformers and CTranslate2 decode greedily in float32. They implement one architecture, so a difference means a
wrong export (positions, scale, start vector, bias); at most a near tie is decided differently by rounding.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobs.records import Record
from jobs.translate.engine import open_engine
from jobs.translate.models import resolve

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from jobs.translate.engine import EngineKind


class Difference(Record):
    """A sentence that the two engines translate differently."""

    source: str
    transformers: str
    ctranslate2: str


def greedy(
    folder: Path,
    sentences: Sequence[str],
    *,
    kind: EngineKind = "ctranslate2",
    compute_type: str = "float32",
    threads: int = 0,
    cache: Path,
) -> list[str]:
    """Return the greedy translations of `sentences` by the model in `folder`; `cache` takes what is converted."""
    model = resolve(str(folder.absolute()), cache=cache)
    engine = open_engine(model, kind=kind, cache=cache, compute_type=compute_type, threads=threads)
    return [hypotheses[0].text for hypotheses in engine.translate(sentences)]


def differences(folder: Path, sentences: Sequence[str], *, threads: int = 0, cache: Path) -> list[Difference]:
    """Return the sentences that are not translated alike."""
    one = greedy(folder, sentences, kind="transformers", threads=threads, cache=cache)
    other = greedy(folder, sentences, kind="ctranslate2", threads=threads, cache=cache)
    return [
        Difference(source=source, transformers=left, ctranslate2=right)
        for source, left, right in zip(sentences, one, other, strict=True)
        if left != right
    ]
