"""Settings of a training: a YAML file in, a validated `TrainConfig` with absolute paths out.

Any fault is a `ConfigError` (exit code 5), all of them at once with file, line and the nearest key. Two digests
say what a change means: `prepared_digest` names the prepared data, `run_digest` the run that can be resumed;
what is in neither (step count, rate of validation, threads) may change between two calls.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from jobs.errors import ConfigError
from jobs.yamlfile import load_model

Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0)]
Positive = Annotated[int, Field(ge=1)]
PREPARED_FORMAT = 1  # raised when the preparation changes, so that earlier prepared data is left aside


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DataConfig(_Section):
    """Where the text is. `weights` are expected copies of a label's pairs, 1 where a label is not named."""

    pairs: Annotated[tuple[Path, ...], Field(min_length=1)]
    weights: dict[str, Annotated[float, Field(ge=0, le=20)]] = {}
    glossary: tuple[Path, ...] = ()
    validation: Path | None = None
    validation_pairs: Annotated[int, Field(ge=1, le=5000)] = 200
    tests: dict[str, Path] = {}


class CleaningConfig(_Section):
    """Limits of a usable pair, in words; the ratios hold for sides of more than `ratio_from` words."""

    max_words: Positive = 160
    max_ratio_vi: Annotated[float, Field(ge=1)] = 3.2
    max_ratio_en: Annotated[float, Field(ge=1)] = 1.6
    ratio_from: Count = 8


class DecontaminationConfig(_Section):
    """A pair goes when a side equals a test sentence or shares this much of its n-grams with one."""

    ngram: Annotated[int, Field(ge=2, le=20)] = 6
    overlap: Annotated[float, Field(gt=0, le=1)] = 0.5


class CodeSwitchConfig(_Section):
    """Chance that a copy is code-switched at all, and that each kind of span is then put into English."""

    share: Share = 0.45
    figure: Share = 0.7
    date: Share = 0.7
    name: Share = 0.6
    term: Share = 0.25
    most: Positive = 6


class SubwordsConfig(_Section):
    """The joint SentencePiece vocabulary; `<pad>` is the last of `vocabulary` ids."""

    vocabulary: Annotated[int, Field(ge=320, le=65000)] = 12_000
    character_coverage: Annotated[float, Field(gt=0.9, le=1)] = 0.9998
    sentences: Positive = 1_000_000
    max_length: Annotated[int, Field(ge=8, le=500)] = 150


class LinksConfig(_Section):
    """Word links: `auto` takes eflomal where it is installed and our own aligner otherwise."""

    aligner: Literal["auto", "eflomal", "own", "none"] = "auto"
    iterations: Annotated[int, Field(ge=1, le=50)] = 5
    sample: Positive = 60_000
    warm_start: bool = True


class ModelConfig(_Section):
    """The shape of the transformer."""

    d_model: Annotated[int, Field(ge=16, le=2048)] = 384
    heads: Positive = 6
    ffn: Annotated[int, Field(ge=16, le=8192)] = 1536
    encoder_layers: Annotated[int, Field(ge=1, le=24)] = 6
    decoder_layers: Annotated[int, Field(ge=1, le=24)] = 2
    dropout: Annotated[float, Field(ge=0, lt=1)] = 0.1

    @model_validator(mode="after")
    def _divisible(self) -> ModelConfig:
        if self.d_model % 2 or self.d_model % self.heads:
            raise ValueError(f"d_model must be even and a multiple of heads ({self.heads})")
        return self


class TrainingConfig(_Section):
    """How it learns. `cooldown` is the last share of the steps over which the rate falls to zero (wsd)."""

    steps: Positive = 30_000
    tokens: Annotated[int, Field(ge=64)] = 4096
    rate: Annotated[float, Field(gt=0, lt=1)] = 6e-4
    warmup: Count = 1000
    schedule: Literal["inverse_sqrt", "wsd"] = "inverse_sqrt"
    cooldown: Share = 0.2
    label_smoothing: Annotated[float, Field(ge=0, lt=1)] = 0.1
    guide: Annotated[float, Field(ge=0, le=10)] = 0.4
    guide_floor: Annotated[float, Field(ge=0, le=10)] = 0.05
    guide_steps: Count = 3000
    clip: Annotated[float, Field(gt=0)] = 1.0
    weight_decay: Annotated[float, Field(ge=0, lt=1)] = 0.01
    average: Annotated[float, Field(ge=0, lt=1)] = 0.998
    precision: Literal["auto", "float32", "bfloat16"] = "auto"
    device: Literal["auto", "cpu", "cuda"] = "auto"
    threads: Annotated[int, Field(ge=0, le=256)] = 0


class ReportConfig(_Section):
    """How often it looks at itself, and on how much; all in steps and sentences."""

    log_every: Positive = 100
    save_every: Positive = 500
    validate_every: Positive = 2000
    equality_sentences: Count = 50


# What may differ between a run and its continuation.
_FREE_TRAINING = {"steps", "cooldown", "threads", "device"}


class TrainConfig(_Section):
    """The whole configuration; docs/training.md says what each key means."""

    work: Path
    model_folder: Path
    name: Annotated[str, Field(min_length=1)] = "vi-en"
    seed: Count = 1
    data: DataConfig
    cleaning: CleaningConfig = CleaningConfig()
    decontamination: DecontaminationConfig = DecontaminationConfig()
    code_switch: CodeSwitchConfig = CodeSwitchConfig()
    subwords: SubwordsConfig = SubwordsConfig()
    links: LinksConfig = LinksConfig()
    model: ModelConfig = ModelConfig()
    training: TrainingConfig = TrainingConfig()
    report: ReportConfig = ReportConfig()

    def input_files(self) -> tuple[Path, ...]:
        """Return every file that the preparation reads."""
        held_out = () if self.data.validation is None else (self.data.validation,)
        return (*self.data.pairs, *self.data.glossary, *held_out, *self.data.tests.values())

    @property
    def prepared_digest(self) -> str:
        """Return the hash of what the prepared data depends on, the bytes of the input files among it."""
        sections = ("seed", "cleaning", "decontamination", "code_switch", "subwords", "links")
        settings = self.model_dump(mode="json", include=set(sections))
        del settings["links"]["warm_start"]
        data = self.data.model_dump(mode="json", include={"weights", "validation_pairs"})
        # Files count by what is in them, not by where they lie.
        roles = [
            len(self.data.pairs),
            len(self.data.glossary),
            self.data.validation is None,
            list(self.data.tests),
        ]
        digest = hashlib.sha256(_stable([PREPARED_FORMAT, settings, data, roles]))
        for path in self.input_files():
            with path.open("rb") as stream:
                digest.update(hashlib.file_digest(stream, "sha256").digest())
        return digest.hexdigest()

    @property
    def run_digest(self) -> str:
        """Return the hash of what must be the same for a training to go on from its checkpoint."""
        training = self.training.model_dump(mode="json", exclude=_FREE_TRAINING)
        shape = self.model.model_dump(mode="json")
        parts = [self.prepared_digest, self.links.warm_start, shape, training]
        return hashlib.sha256(_stable(parts)).hexdigest()


def _stable(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False).encode()


def load_train_config(path: Path) -> TrainConfig:
    """Load `path`; paths in it are relative to it.

    Raises:
        ConfigError: wrong keys or values, or input files that are not there; all of a kind at once.

    """
    config = load_model(path, TrainConfig)
    base = path.resolve().parent

    def absolute(item: Path) -> Path:
        return base / item.expanduser()

    data = config.data.model_copy(
        update={
            "pairs": tuple(absolute(item) for item in config.data.pairs),
            "glossary": tuple(absolute(item) for item in config.data.glossary),
            "validation": None if config.data.validation is None else absolute(config.data.validation),
            "tests": {name: absolute(item) for name, item in config.data.tests.items()},
        }
    )
    work, folder = absolute(config.work), absolute(config.model_folder)
    config = config.model_copy(update={"data": data, "work": work, "model_folder": folder})
    missing = [
        f"{path}: `data` names {item}, which is not a file"
        for item in config.input_files()
        if not item.is_file()
    ]
    if missing:
        raise ConfigError("\n".join(missing), hint="Paths are relative to the configuration file.")
    return config
