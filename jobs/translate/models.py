"""Model folders: a name in, a verified folder with its revision and hash out. Nothing is fetched at run time.

`vi-en` is bundled; a path is a local folder in Hugging Face form; anything else is a hub name that
`press-brief models fetch` has put into the cache, pinned to a commit and hashed file by file. Only
safetensors weights are accepted: no pickle, no code from a model's folder. Raises `ModelError` (exit code 6).
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from jobs.errors import ModelError
from jobs.records import Record

PACKAGE = Path(__file__).resolve().parent.parent
BUNDLED = "vi-en"
PIN = "press-brief.json"
WEIGHTS = "model.safetensors"
_REVISION = re.compile(r"[0-9a-f]{40}")
_HUB_NAME = re.compile(r"[\w.-]+/[\w.-]+")
_WANTED = ("*.json", "*.safetensors", "*.spm", "*.model", "*.txt")
_PICKLES = ("*.bin", "*.pt", "*.pth", "*.ckpt", "*.pkl", "*.pickle", "*.msgpack", "*.h5")
_HASHED = frozenset({".json", ".safetensors", ".spm", ".model", ".txt"})


class CatalogueEntry(Record):
    """One line of `models list`."""

    name: str
    licence: str
    size_mb: int
    note: str
    chrf: float | None = None
    available: bool = False


class Pin(BaseModel):
    """What `fetch` writes beside the weights: the commit and the hash of every file."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str
    revision: str
    files: dict[str, str]


class ModelFolder(Record):
    """A model at hand. `revision` is the hub's commit, or the weights' hash for a folder of one's own."""

    name: str
    folder: Path
    revision: str
    sha256: str

    @cached_property
    def config(self) -> dict[str, Any]:
        """Return config.json."""
        return _read_json(self.folder / "config.json")

    @cached_property
    def generation(self) -> dict[str, Any]:
        """Return generation_config.json, empty where there is none."""
        path = self.folder / "generation_config.json"
        return _read_json(path) if path.is_file() else {}

    @property
    def model_type(self) -> str:
        """Return the architecture, as `marian` or `m2m_100`."""
        return str(self.config.get("model_type", "unknown"))

    @property
    def plain_normalisation(self) -> bool:
        """Return whether the model was trained on `normalise_plain` text instead of Moses-normalised text."""
        return bool(self.config.get("press_brief_normalisation", self.name == BUNDLED))

    def describe(self) -> dict[str, str]:
        """Return what run.json says of the model."""
        return {"name": self.name, "revision": self.revision, "sha256": self.sha256, "type": self.model_type}


def _read_json(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"{path}: cannot be read: {error}") from None
    if not isinstance(data, dict):
        raise ModelError(f"{path}: not a JSON object")
    return data


def _hash(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _hub_folder(name: str, cache: Path) -> Path:
    return cache / "models" / name.replace("/", "--")


def resolve(name: str, *, revision: str | None = None, cache: Path) -> ModelFolder:
    """Return the folder of model `name` without loading its weights.

    Raises:
        ModelError: not at hand, not the pinned revision, or weights in an unsafe form; says what to type.

    """
    if name == BUNDLED or Path(name).is_absolute() or Path(name).is_dir():
        folder = PACKAGE / "models" / BUNDLED if name == BUNDLED else Path(name)
        model = _local(folder.name, folder)
        if revision not in {None, model.revision}:
            raise ModelError(
                f"model {name}: config.yaml asks for revision {revision}, its weights are {model.revision}",
                hint="Set `revision: null`, or put the weights of that revision there.",
            )
        return model
    if not _HUB_NAME.fullmatch(name):
        raise ModelError(
            f"model {name!r}: neither `{BUNDLED}`, nor a folder, nor a hub name as `owner/name`",
            hint="See `press-brief models list`.",
        )
    folder = _hub_folder(name, cache)
    if not (folder / PIN).is_file():
        raise ModelError(
            f"model {name} is not in the cache ({folder})",
            hint=f"Type: press-brief models fetch {name}   or use the bundled one: model: {BUNDLED}",
        )
    pin = _pin(folder)
    if revision is not None and pin.revision != revision:
        raise ModelError(
            f"model {name}: config.yaml asks for revision {revision}, the cache holds {pin.revision}",
            hint=f"Remove {folder} and type: press-brief models fetch {name}",
        )
    _refuse_pickles(folder)
    digest = hashlib.sha256(json.dumps(pin.files, sort_keys=True).encode()).hexdigest()
    return ModelFolder(name=name, folder=folder, revision=pin.revision, sha256=digest)


def _pin(folder: Path) -> Pin:
    try:
        pin = Pin.model_validate_json((folder / PIN).read_text(encoding="utf-8"))
    except (OSError, ValidationError) as error:
        raise ModelError(f"{folder / PIN}: not a valid pin: {error}") from None
    if not _REVISION.fullmatch(pin.revision):
        raise ModelError(f"{folder / PIN}: the revision is not a full commit: {pin.revision!r}")
    return pin


def _local(name: str, folder: Path) -> ModelFolder:
    if not folder.is_dir():
        raise ModelError(f"model folder {folder} does not exist", hint="Correct `model:` in config.yaml.")
    _refuse_pickles(folder)
    if not (folder / WEIGHTS).is_file() and not (folder / f"{WEIGHTS}.index.json").is_file():
        raise ModelError(
            f"{folder}: no {WEIGHTS} in it", hint="Convert the weights to safetensors, or correct `model:`."
        )
    if not (folder / "config.json").is_file():
        raise ModelError(f"{folder}: config.json is missing")
    digest, weights = hashlib.sha256(), hashlib.sha256()
    for path in sorted(folder.iterdir()):
        if path.is_file() and path.suffix in _HASHED and path.name != PIN:
            found = _hash(path)
            digest.update(f"{path.name}\0{found}\0".encode())
            if path.suffix == ".safetensors":
                weights.update(found.encode())
    return ModelFolder(name=name, folder=folder, revision=weights.hexdigest()[:40], sha256=digest.hexdigest())


def _refuse_pickles(folder: Path) -> None:
    found = sorted(path.name for pattern in _PICKLES for path in folder.glob(pattern))
    if found:
        raise ModelError(
            f"{folder}: {found[0]} is not safetensors; pickled weights can run code and are never loaded",
            hint=f"Remove {folder / found[0]}.",
        )


def verify(model: ModelFolder) -> None:
    """Check every file of `model` against its pin, and that the weights can be opened.

    Raises:
        ModelError: a file is missing, changed, added or damaged.

    """
    _refuse_pickles(model.folder)
    if (model.folder / PIN).is_file():
        _verify_pin(model)
    from safetensors import SafetensorError, safe_open

    for path in sorted(model.folder.glob("*.safetensors")):
        try:
            with safe_open(path, framework="numpy") as weights:
                if not list(weights.keys()):
                    raise ModelError(f"{path}: no tensors in it")
        except (SafetensorError, OSError) as error:
            raise ModelError(f"{path}: damaged: {error}") from None
    if model.model_type == "unknown":
        raise ModelError(f"{model.folder / 'config.json'}: no `model_type` in it")


def _verify_pin(model: ModelFolder) -> None:
    pin, again = _pin(model.folder), f"Put it back, or type: press-brief models fetch {model.name}"
    present = _files(model.folder)
    for name in sorted({*pin.files, *present}):
        path = model.folder / name
        if name not in present:
            raise ModelError(f"{path}: missing", hint=again)
        if name not in pin.files:
            raise ModelError(f"{path}: not among the pinned files", hint=f"Remove {path}.")
        if _hash(path) != pin.files[name]:
            raise ModelError(f"{path}: changed since it was pinned", hint=again)


def _files(folder: Path) -> list[str]:
    """Return the files that a pin covers: what may be read when a model is loaded, not its card."""
    return sorted(
        path.name
        for path in folder.iterdir()
        if path.is_file() and path.suffix in _HASHED and path.name != PIN
    )


def write_pin(folder: Path, *, name: str, revision: str) -> None:
    """Write the hashes of every file of `folder` beside them; `verify` checks them from then on."""
    from jobs.store import write_file

    pin = Pin(name=name, revision=revision, files={item: _hash(folder / item) for item in _files(folder)})
    write_file(folder / PIN, (pin.model_dump_json(indent=2) + "\n").encode())


def list_models(*, cache: Path) -> list[CatalogueEntry]:
    """Return the catalogue, each entry saying whether it is at hand."""
    data = tomllib.loads((PACKAGE / "data" / "models.toml").read_text(encoding="utf-8"))
    entries = [CatalogueEntry.model_validate(item) for item in data["model"]]
    return [
        entry.model_copy(
            update={"available": entry.name == BUNDLED or (_hub_folder(entry.name, cache) / PIN).is_file()}
        )
        for entry in entries
    ]


def fetch(name: str, *, cache: Path, revision: str | None = None) -> ModelFolder:
    """Fetch hub model `name` into the cache, at `revision` or the newest commit; pin it, hash its files.

    Raises:
        ModelError: no hub reachable (said within seconds), no such model, or no safetensors weights.

    """
    if name == BUNDLED:
        return resolve(name, cache=cache)
    if not _HUB_NAME.fullmatch(name):
        raise ModelError(f"{name!r} is not a hub name as `owner/name`", hint="See `press-brief models list`.")
    from jobs.translate.hub import download

    folder = _hub_folder(name, cache)
    # Without its pin a folder counts as absent: a fetch that is cut off leaves no model behind.
    (folder / PIN).unlink(missing_ok=True)
    commit = download(name, folder, patterns=_WANTED, revision=revision)
    write_pin(folder, name=name, revision=commit)
    model = resolve(name, cache=cache)
    verify(model)
    return model
