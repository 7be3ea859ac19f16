"""Prompt records: the YAML files of a folder in, validated templates out.

Every record has an id, a version and a text whose variables are declared. Raises `ConfigError` for unknown keys,
undeclared or unused variables and missing or repeated ids, all at once.
"""

from __future__ import annotations

import hashlib
import string
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from jobs.errors import ConfigError
from jobs.yamlfile import load_model

_PACKAGE = Path(__file__).resolve().parent.parent


class Prompt(BaseModel):
    """One template."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: Annotated[str, Field(pattern=r"^[a-z_]+(\.[a-z_]+)+$")]
    version: Annotated[int, Field(ge=1)]
    text: Annotated[str, Field(min_length=1)]
    variables: tuple[str, ...] = ()


class _PromptFile(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    records: tuple[Prompt, ...]


class Phrases:
    """Templates by id."""

    def __init__(self, prompts: dict[str, Prompt], sha256: str) -> None:
        self._prompts = prompts
        self.sha256 = sha256

    def __len__(self) -> int:
        return len(self._prompts)

    def text(self, identity: str, **values: object) -> str:
        """Return the text of a template with its variables filled."""
        return self._prompts[identity].text.format(**values)


def default_folder() -> Path:
    """Return the prompts that ship with the job: in the wheel, or beside the package in a checkout."""
    packaged = _PACKAGE / "data" / "prompts"
    return packaged if packaged.is_dir() else _PACKAGE.parent / "prompts"


def load_phrases(folder: Path | None = None) -> Phrases:
    """Return the shipped prompts, those of `folder` laid over them.

    Raises:
        ConfigError: every fault of every file at once.

    """
    prompts, faults, digest = _read(default_folder())
    if folder is not None:
        own, more, extra = _read(folder)
        faults += more
        for identity, prompt in own.items():
            shipped = prompts.get(identity)
            if shipped is None:
                faults.append(f"{folder}: {identity}: no such prompt; ids are those of the shipped folder")
            elif set(prompt.variables) - set(shipped.variables):
                given = ", ".join(shipped.variables) or "none"
                faults.append(f"{folder}: {identity}: variables may only be: {given}")
        prompts |= own
        digest += extra
    if faults:
        raise ConfigError("\n".join(faults), hint="Correct the prompt records and run again.")
    return Phrases(prompts, hashlib.sha256(digest).hexdigest())


def _read(folder: Path) -> tuple[dict[str, Prompt], list[str], bytes]:
    prompts: dict[str, Prompt] = {}
    faults: list[str] = []
    digest = b""
    paths = sorted(folder.glob("*.yaml")) if folder.is_dir() else []
    if not paths:
        faults.append(f"{folder}: no prompt files (*.yaml) in it")
    for path in paths:
        try:
            found = load_model(path, _PromptFile)
        except ConfigError as error:
            faults.append(error.message)
            continue
        digest += path.name.encode() + b"\0" + path.read_bytes()
        for prompt in found.records:
            if prompt.id in prompts:
                faults.append(f"{path}: {prompt.id}: given twice")
            prompts[prompt.id] = prompt
            faults += [f"{path}: {prompt.id}: {fault}" for fault in _variables(prompt)]
    return prompts, faults, digest


def _variables(prompt: Prompt) -> list[str]:
    try:
        parts = list(string.Formatter().parse(prompt.text))
    except ValueError as error:
        return [f"not a template: {error}"]
    used = {name for _, name, _, _ in parts if name is not None}
    if any(spec or conversion for _, name, spec, conversion in parts if name is not None):
        return ["a variable is written {name}, without format or conversion"]
    faults = [f"{{{name}}} is not declared in `variables`" for name in sorted(used - set(prompt.variables))]
    return faults + [f"`{name}` is declared and not used" for name in sorted(set(prompt.variables) - used)]
