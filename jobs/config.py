"""Settings: config.yaml in, a validated `Config` with absolute paths out; any fault is a `ConfigError`.

Order of precedence: command-line options, the file given with --config, ./config.yaml, the default that
ships inside the package. Paths in a file are relative to that file; in the packaged default, to the
working directory.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from jobs.yamlfile import load_model

PACKAGE = Path(__file__).resolve().parent
# Not part of the result: a run with other values here gives the same bytes.
_INCIDENTAL = {"seeds", "outputs", "cache"}
_INCIDENTAL_TRANSLATION = {"threads", "batch_tokens"}


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TranslationConfig(_Section):
    """How sentences are translated, checked and repaired."""

    engine: Literal["auto", "ctranslate2", "transformers"] = "auto"
    compute_type: Literal["int8", "int8_float32", "float32"] = "int8"
    beam: Annotated[int, Field(ge=1, le=16)] = 2
    threads: Annotated[int, Field(ge=0, le=256)] = 0
    batch_tokens: Annotated[int, Field(ge=256, le=65536)] = 1024
    fidelity: bool = True
    repair_tries: Annotated[int, Field(ge=0, le=8)] = 3


class IngestConfig(_Section):
    """What counts as an article."""

    max_file_mb: Annotated[float, Field(gt=0, le=4096)] = 20
    min_syllables: Annotated[int, Field(ge=0, le=1000)] = 25


class SummaryConfig(_Section):
    """Length of the two summaries of each article."""

    sentences: Annotated[int, Field(ge=1, le=20)] = 3
    max_syllables: Annotated[int, Field(ge=20, le=2000)] = 130


class BriefConfig(_Section):
    """Limits of one event's section; what goes beyond them is listed, not lost."""

    max_key_points: Annotated[int, Field(ge=1, le=100)] = 8
    max_quotes: Annotated[int, Field(ge=0, le=100)] = 6
    max_figures: Annotated[int, Field(ge=0, le=200)] = 10
    max_timeline: Annotated[int, Field(ge=0, le=100)] = 8
    max_single_source: Annotated[int, Field(ge=0, le=100)] = 8
    max_words: Annotated[int, Field(ge=100, le=10000)] = 500
    max_events: Annotated[int, Field(ge=1, le=1000)] = 20


class Config(_Section):
    """The whole configuration; see config.yaml for what each key means."""

    seeds: Path = Path("seeds")
    outputs: Path = Path("outputs")
    cache: Path | None = None
    prompts: Path | None = None
    glossary: tuple[Path, ...] = ()
    model: Annotated[str, Field(min_length=1)] = "vi-en"
    revision: str | None = None
    translation: TranslationConfig = TranslationConfig()
    ingest: IngestConfig = IngestConfig()
    summary: SummaryConfig = SummaryConfig()
    brief: BriefConfig = BriefConfig()

    @field_validator("revision")
    @classmethod
    def _pinned(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"[0-9a-f]{40}", value):
            raise ValueError("a revision is the full commit, 40 hexadecimal digits")
        return value

    @property
    def cache_folder(self) -> Path:
        """Where models and memories are kept; falls back to outputs/.cache where there is no home."""
        if self.cache is not None:
            return self.cache
        root = os.environ.get("XDG_CACHE_HOME")
        if root and Path(root).is_absolute():
            return Path(root) / "press-brief"
        try:
            return Path.home() / ".cache" / "press-brief"
        except RuntimeError:
            return self.outputs / ".cache"

    def result_settings(self) -> dict[str, Any]:
        """Return the settings that can change a result, as plain JSON values."""
        data = self.model_dump(mode="json", exclude=_INCIDENTAL | {"prompts", "glossary"})
        for key in _INCIDENTAL_TRANSLATION:
            data["translation"].pop(key)
        if Path(self.model).is_absolute():
            data["model"] = Path(self.model).name  # the weights' own hash stands beside it
        return data

    @property
    def sha256(self) -> str:
        """Hash of `result_settings`."""
        text = json.dumps(self.result_settings(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def default_config_file() -> Path:
    """Return the default that ships with the job: in the wheel, or beside the package in a checkout."""
    packaged = PACKAGE / "data" / "config.yaml"
    return packaged if packaged.is_file() else PACKAGE.parent / "config.yaml"


def load_config(
    path: Path | None = None, *, seeds: Path | None = None, outputs: Path | None = None
) -> Config:
    """Load `path`, or ./config.yaml, or the packaged default; `seeds` and `outputs` override it.

    Raises:
        ConfigError: all faults at once, with file, line and the nearest key.

    """
    local = Path("config.yaml")
    if path is None and local.is_file():
        path = local
    base = Path.cwd() if path is None else path.resolve().parent
    config = load_model(path or default_config_file(), Config)
    updates: dict[str, Any] = {
        "seeds": Path(seeds).absolute() if seeds else base / config.seeds.expanduser(),
        "outputs": Path(outputs).absolute() if outputs else base / config.outputs.expanduser(),
        "cache": None if config.cache is None else base / config.cache.expanduser(),
        "prompts": None if config.prompts is None else base / config.prompts.expanduser(),
        "glossary": tuple(base / item.expanduser() for item in config.glossary),
    }
    if config.model.startswith((".", "~", "/")):
        updates["model"] = str((base / Path(config.model).expanduser()).resolve())
    return config.model_copy(update=updates)
