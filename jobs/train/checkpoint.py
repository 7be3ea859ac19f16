"""Checkpoints: tensors and a JSON state in one safetensors file, so that one rename makes both visible.

No pickle is written or read. A kill at any moment leaves the file before or the file after.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, ValidationError

from jobs.errors import PressBriefError
from jobs.store import storage

if TYPE_CHECKING:
    from pathlib import Path

    from torch import Tensor

LAST, BEST = "last.safetensors", "best.safetensors"


class State(BaseModel):
    """Where a training stands.

    `position` is the next batch of `epoch`; `seconds` are those spent in training; the three of the window are
    the sums since the last line of the log, so that the log, too, goes on as if nothing had happened.
    """

    model_config = ConfigDict(extra="forbid")

    run: str
    step: int = 0
    epoch: int = 0
    position: int = 0
    subwords: int = 0
    seconds: float = 0.0
    window_steps: int = 0
    window_nll: float = 0.0
    window_guidance: float = 0.0
    best_chrf: float | None = None
    best_step: int | None = None


def save(path: Path, tensors: dict[str, Tensor], state: State) -> None:
    """Write `path` beside itself, sync it and rename it into place.

    Raises:
        StorageError: disk full or no permission; the earlier checkpoint stays.

    """
    from safetensors.torch import save_file

    temporary = path.with_name(f".{path.name}.tmp")
    with storage(path, "cannot write the checkpoint"):
        try:
            flat = {name: values.detach().cpu().contiguous() for name, values in tensors.items()}
            save_file(flat, temporary, metadata={"state": state.model_dump_json()})
            with temporary.open("rb") as stream:
                os.fsync(stream.fileno())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)


def load(path: Path) -> tuple[dict[str, Tensor], State] | None:
    """Return the tensors and the state of `path`, or None where there is no such file.

    Raises:
        PressBriefError: damaged, or not a checkpoint of ours.

    """
    from safetensors import SafetensorError, safe_open

    if not path.is_file():
        return None
    try:
        with safe_open(path, framework="pt") as stream:
            state = State.model_validate(json.loads((stream.metadata() or {})["state"]))
            return {name: stream.get_tensor(name) for name in stream.keys()}, state  # noqa: SIM118 - no mapping
    except (SafetensorError, OSError, KeyError, ValueError, ValidationError) as error:
        raise PressBriefError(
            f"{path}: not a readable checkpoint: {error}", hint="Start anew with --fresh, or remove the file."
        ) from None
