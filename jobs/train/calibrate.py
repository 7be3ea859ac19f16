"""The mark below which the job calls a sentence unsure: a model folder and held-out sentences in, the mark out.

The mean log probability per token tells good English from bad within one model, but its level differs from model to
model (on the bundled one it orders held-out press sentences by chrF with Spearman's rho 0.5 to 0.7). So each model
names the level that its own least sure tenth of held-out sentences stays under.
"""

from __future__ import annotations

import json
import statistics
from typing import TYPE_CHECKING

from jobs.config import TranslationConfig
from jobs.store import to_json, write_file
from jobs.translate.engine import open_engine
from jobs.translate.models import resolve

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

LEAST = 20  # sentences; fewer tell no tenth


def calibrate(folder: Path, sentences: Sequence[str], *, threads: int = 0, cache: Path) -> float | None:
    """Write the mark into config.json of the model in `folder` and return it; None with fewer than 20 sentences."""
    if len(sentences) < LEAST:
        return None
    model = resolve(str(folder.absolute()), cache=cache)
    engine = open_engine(model, kind="ctranslate2", cache=cache, compute_type="int8", threads=threads)
    scores = [
        hypotheses[0].score for hypotheses in engine.translate(sentences, beam=TranslationConfig().beam)
    ]
    mark = round(statistics.quantiles(scores, n=10)[0], 2)
    path = folder / "config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    write_file(path, to_json({**config, "press_brief_unsure_below": mark}))
    return mark
