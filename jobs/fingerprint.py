"""What a result depends on, as one hash, known before any article is parsed or any model is loaded.

The same fingerprint means the same bytes, so a run whose fingerprint is already published has nothing to do.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from jobs import __version__

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

    from jobs.config import Config
    from jobs.ingest import InputFile


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file, read in blocks."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def code_hash(package: Path) -> str:
    """Return the hash of the job's own code and data, models left out: a changed rule is a changed result."""
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*")):
        relative = path.relative_to(package)
        if (
            path.suffix in {".py", ".toml", ".csv", ".yaml", ".tsv", ".j2", ".html"}
            and relative.parts[0] != "models"
        ):
            digest.update(relative.as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def fingerprint(
    config: Config,
    items: Sequence[InputFile],
    *,
    since: dt.date | None,
    only: Sequence[str],
    parts: dict[str, str],
) -> str:
    """Return the hash over inputs, settings and `parts` (hashes of model, prompts, term base, corrections).

    An input that cannot be read, or is larger than the limit, counts by its name and size.
    """
    limit = config.ingest.max_file_mb * 1_000_000
    inputs: list[Any] = []
    for item in items:
        try:
            digest = hash_file(item.absolute) if item.size <= limit else None
        except OSError as error:
            digest = f"unreadable {error.errno}"
        inputs.append([item.path, item.size if digest is None else digest])
    data = {
        "version": __version__,
        "config": config.sha256,
        "since": None if since is None else since.isoformat(),
        "only": sorted(only),
        "inputs": inputs,
        **parts,
    }
    return hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
