"""The protocol of translation engines, and the choice between them.

An engine takes source sentences that fit its limit and returns hypotheses, best first. It knows nothing of
articles, memory or checks. Raises `ModelError` (exit code 6) when a model cannot be loaded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol, runtime_checkable

from jobs.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from jobs.translate.models import ModelFolder

EngineKind = Literal["ctranslate2", "transformers"]
# Model types whose weights `convert` can turn into a CTranslate2 model without torch.
CONVERTIBLE = frozenset({"marian"})
# A constant, so that what one sentence gets never depends on its neighbours in the batch.
MAX_TARGET = 256
# Positions reach further, but training sentences did not: longer input is split at clause boundaries before.
_MAX_SOURCE = {"marian": 128}
_MAX_SOURCE_OTHERS = 192


class Hypothesis(Record):
    """One candidate translation; `score` is the mean log probability per target token."""

    text: str
    score: float


class Attended(NamedTuple):
    """A hypothesis with its tokens and, for each of them, the attention over the source tokens."""

    source: list[str]
    tokens: list[str]
    attention: list[list[float]]
    text: str


@runtime_checkable
class AttendingEngine(Protocol):
    """What an engine that shows its attention offers on top: repair uses it to put back what was lost."""

    def pieces(self, text: str) -> list[str]:
        """Return the target tokens of `text`, or an empty list where the vocabulary cannot spell it."""
        ...

    def attend(self, sentences: Sequence[str], prefixes: Sequence[Sequence[str]]) -> list[Attended]:
        """Translate each sentence on from its prefix, target tokens that stand already."""
        ...


class Engine(Protocol):
    """What every engine offers. Results do not depend on threads or on the order of the sentences."""

    name: str
    max_tokens: int

    def count(self, text: str) -> int:
        """Return the number of source subword tokens of `text`."""
        ...

    def translate(
        self, sentences: Sequence[str], *, beam: int = 1, n_best: int = 1
    ) -> list[list[Hypothesis]]:
        """Return for each sentence up to `n_best` hypotheses, best first."""
        ...


def source_limit(model: ModelFolder) -> int:
    """Return how many source tokens `model` is given at most, whichever engine runs it."""
    positions = int(model.config.get("max_position_embeddings") or model.config.get("n_positions") or 512)
    return min(positions - 2, _MAX_SOURCE.get(model.model_type, _MAX_SOURCE_OTHERS))


def batches(encoded: Mapping[str, Sequence[object]], budget: int) -> Iterator[list[str]]:
    """Yield the keys of `encoded` (text to tokens) longest first, each batch at most `budget` padded tokens.

    The composition depends on the texts alone, never on threads or on the order in which they came.
    """
    order = sorted(encoded, key=lambda text: (-len(encoded[text]), text))
    begin = 0
    while begin < len(order):
        size = max(1, budget // len(encoded[order[begin]]))
        yield order[begin : begin + size]
        begin += size


def engine_kind(model: ModelFolder, wanted: str) -> EngineKind:
    """Return the engine for `model`: what was `wanted`, or ctranslate2 for what it can convert."""
    if wanted == "transformers":
        return "transformers"
    if wanted == "ctranslate2" or model.model_type in CONVERTIBLE:
        return "ctranslate2"
    return "transformers"


def open_engine(
    model: ModelFolder,
    *,
    kind: EngineKind,
    cache: Path,
    compute_type: str = "int8",
    threads: int = 0,
    batch_tokens: int = 2048,
) -> Engine:
    """Load `model` into an engine of `kind`.

    Raises:
        ModelError: weights missing, damaged, changed since they were pinned, or of a type that this engine
            cannot take.

    """
    from jobs.translate.models import verify

    verify(model)
    if kind == "ctranslate2":
        from jobs.translate.ct2 import CTranslate2Engine

        return CTranslate2Engine(
            model, cache=cache, compute_type=compute_type, threads=threads, batch_tokens=batch_tokens
        )
    from jobs.translate.hf import TransformersEngine

    return TransformersEngine(model, threads=threads, batch_tokens=batch_tokens)
