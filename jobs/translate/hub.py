"""The only module that reaches a network, and only for `press-brief models fetch`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from jobs.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_TIMEOUT = 8  # seconds until "no hub reachable" is said


def download(name: str, folder: Path, *, patterns: Sequence[str]) -> str:
    """Put the files of hub model `name` into `folder`; return the commit (40 hex digits).

    Raises:
        ModelError: no hub reachable, no such model, or it has no safetensors weights.

    """
    os.environ.setdefault("HF_HUB_ETAG_TIMEOUT", str(_TIMEOUT))
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    from huggingface_hub import HfApi, snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled

    try:
        info = HfApi().model_info(name, timeout=_TIMEOUT)
    except HfHubHTTPError as error:
        status = getattr(error.response, "status_code", None)
        raise ModelError(
            f"model {name}: the hub answers {status}", hint="See `press-brief models list` for names."
        ) from None
    except (OSError, OfflineModeIsEnabled, RuntimeError, ValueError) as error:
        raise ModelError(
            f"no model hub is reachable from here ({type(error).__name__})",
            hint="The bundled model needs none: model: vi-en. Or copy a model folder here and set model: ./FOLDER",
        ) from None
    except Exception as error:
        # The hub's client raises its transport's own types, which differ between its releases.
        if "http" not in type(error).__module__:
            raise
        raise ModelError(
            f"no model hub is reachable from here ({type(error).__name__})",
            hint="The bundled model needs none: model: vi-en. Or copy a model folder here and set model: ./FOLDER",
        ) from None
    names = [item.rfilename for item in info.siblings or []]
    if not any(item.endswith(".safetensors") for item in names):
        raise ModelError(
            f"model {name} has no safetensors weights; pickled ones are never loaded",
            hint="Choose another one, or convert it and give its folder.",
        )
    revision = str(info.sha)
    snapshot_download(name, revision=revision, local_dir=folder, allow_patterns=list(patterns))
    return revision
