"""The only module that reaches a network, and only for `press-brief models fetch`."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from jobs.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_TIMEOUT = 8  # seconds until "no hub reachable" is said
# The hub's own converter offers safetensors as a change to models that were published as pickles only, which
# is most of this field; its commit can be pinned like any other.
_CONVERTER = "SFconvertbot"


def download(name: str, folder: Path, *, patterns: Sequence[str], revision: str | None = None) -> str:
    """Put the files of hub model `name` into `folder`; return the commit (40 hex digits).

    Without `revision` the newest commit is taken, or the hub's own conversion where that has no safetensors.

    Raises:
        ModelError: no hub reachable, no such model, or it has no safetensors weights.

    """
    os.environ.setdefault("HF_HUB_ETAG_TIMEOUT", str(_TIMEOUT))
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    from huggingface_hub import HfApi, snapshot_download

    with _reaching(name):
        api = HfApi()
        info = api.model_info(name, revision=revision, timeout=_TIMEOUT)
        if not _safe(info) and revision is None:
            info = _conversion(api, name) or info
    if not _safe(info):
        raise ModelError(
            f"model {name} has no safetensors weights; pickled ones are never loaded",
            hint="Choose another one, or convert it and give its folder.",
        )
    commit = str(info.sha)
    with _reaching(name):
        snapshot_download(name, revision=commit, local_dir=folder, allow_patterns=list(patterns))
    return commit


def _safe(info: Any) -> bool:
    return any(item.rfilename.endswith(".safetensors") for item in info.siblings or [])


def _conversion(api: Any, name: str) -> Any | None:
    found = api.get_repo_discussions(
        name, author=_CONVERTER, discussion_type="pull_request", discussion_status="open"
    )
    # The author is checked here, too: anybody may propose a change under any title.
    numbers = sorted((item.num for item in found if item.author == _CONVERTER), reverse=True)
    for number in numbers:
        info = api.model_info(name, revision=f"refs/pr/{number}", timeout=_TIMEOUT)
        if _safe(info):
            return info
    return None


@contextmanager
def _reaching(name: str) -> Iterator[None]:
    """Turn what the hub's client raises into a `ModelError`; a full disk stays an `OSError`."""
    from huggingface_hub.errors import HfHubHTTPError

    try:
        yield
    except HfHubHTTPError as error:
        status = getattr(error.response, "status_code", None)
        raise ModelError(
            f"model {name}: the hub answers {status}", hint="See `press-brief models list` for names."
        ) from None
    except Exception as error:
        # Transport errors have the client's own types, which differ between its releases.
        transport = any("http" in kind.__module__ for kind in type(error).__mro__)
        if isinstance(error, OSError) and error.errno is not None and not isinstance(error, ConnectionError):
            raise
        if not (transport or isinstance(error, (OSError, RuntimeError, ValueError))):
            raise
        raise ModelError(
            f"no model hub is reachable from here ({type(error).__name__})",
            hint="The bundled model needs none: model: vi-en. Or copy a model folder here and set model: ./FOLDER",
        ) from None
