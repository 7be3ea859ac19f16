"""The measures of the quality gate, on sentence pairs and articles written for this project.

    python -m tests.quality.measure                          print today's figures beside the floors
    python -m tests.quality.measure --update                 raise the floors to today's figures
    python -m tests.quality.measure --update --allow-regression    lower them too, on purpose

`floors.json` holds each floor and the SHA-256 of every input it was measured on: a changed input is no progress.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Test modules import each other by name, as pytest lets them.
sys.path.insert(0, str(ROOT))
FLOORS = Path(__file__).parent / "floors.json"
INPUTS = ("data/checks/pairs.tsv", "data/events/rewrites.toml", "data/events/templates.toml", "planted.py")
# Where less is better, the floor is a ceiling.
CEILINGS = frozenset({"figures_lost", "false_alarms"})


def hashes() -> dict[str, str]:
    """Return the SHA-256 of every input."""
    return {name: hashlib.sha256((ROOT / name).read_bytes()).hexdigest() for name in INPUTS}


def translation(cache: Path) -> dict[str, float]:
    """Return chrF2, BLEU, figures lost and names kept of the bundled model through the whole pipeline."""
    from jobs.config import TranslationConfig
    from jobs.evaluate.translation import evaluate_translation
    from jobs.translate.glossary import load_glossary
    from jobs.translate.memory import Memory
    from jobs.translate.models import resolve
    from jobs.translate.translator import open_translator

    translator = open_translator(
        resolve("vi-en", revision=None, cache=cache),
        TranslationConfig(),
        terms=load_glossary(),
        memory=Memory(cache / "gate.sqlite"),
        cache=cache,
    )
    found, _ = evaluate_translation(ROOT / "data/checks/pairs.tsv", translator)
    return {name: found[name] for name in ("bleu", "chrf2", "figures_lost", "names_kept")}


def reconciliation() -> dict[str, float]:
    """Return B-cubed F1 of the grouping and recall and false alarms of the differences, in per cent."""
    from planted import article, differences, is_found, load_pairs, plant
    from test_events import everything, grouped

    from jobs.evaluate.metrics import bcubed

    articles, gold = everything()
    _, found = grouped(articles)
    cases = plant()
    hits = sum(is_found(case, differences(case.articles)) for case in cases)
    quiet = [(article(pair, "a"), article(pair, "b")) for pair in load_pairs()]
    alarms = sum(any(item.kind == "conflict" for item in differences(sides)) for sides in quiet)
    return {
        "events_f1": round(100 * bcubed(gold, found)[2], 2),
        "conflicts_recall": round(100 * hits / len(cases), 2),
        "false_alarms": round(100 * alarms / len(quiet), 2),
    }


def measure(cache: Path) -> dict[str, float]:
    """Return all figures."""
    return {**translation(cache), **reconciliation()}


def worse(name: str, value: float, floor: float) -> bool:
    """Return whether `value` is beyond `floor` on the wrong side."""
    return value > floor if name in CEILINGS else value < floor


def main() -> int:
    """Print, and with --update write, the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--allow-regression", action="store_true")
    asked = parser.parse_args()
    old = json.loads(FLOORS.read_text(encoding="utf-8"))["floors"] if FLOORS.exists() else {}
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder))
    fallen = [name for name, value in found.items() if name in old and worse(name, value, old[name])]
    for name, value in found.items():
        print(f"{name:18} {value:8.2f}   floor {old.get(name, '-')}{'   FALLEN' if name in fallen else ''}")
    if asked.update:
        if fallen and not asked.allow_regression:
            print("floors are lowered only with --allow-regression", file=sys.stderr)
            return 1
        FLOORS.write_text(
            json.dumps({"inputs": hashes(), "floors": found}, indent=2) + "\n", encoding="utf-8"
        )
    return 1 if fallen and not asked.update else 0


if __name__ == "__main__":
    sys.exit(main())
