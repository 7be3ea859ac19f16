"""Preparation: the configured text in, a folder of everything that training reads out; done once, kept by hash.

The folder `prepared-<digest>` in the work folder appears whole or not at all: rows.safetensors, joint.spm,
validation.tsv and report.json (what became of every pair read). Raises `NoInputError` when nothing is left.
"""

from __future__ import annotations

import json
import random
import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jobs.errors import NoInputError
from jobs.store import storage, to_json, write_file
from jobs.train.augment import copies, switched
from jobs.train.clean import clean, normalise, words_of
from jobs.train.decontaminate import TestSets
from jobs.train.links import chosen_aligner, link, linked_share
from jobs.train.pairs import Pair, read_pairs, read_references
from jobs.train.rows import Rows
from jobs.train.subwords import open_subwords, train_subwords
from jobs.translate.glossary import load_glossary

if TYPE_CHECKING:
    from jobs.terminal import Reporter
    from jobs.train.config import TrainConfig


@dataclass(frozen=True)
class Prepared:
    """What training reads: rows of ids with links, the subword model, the held-out pairs, the report."""

    rows: Rows
    subwords: bytes
    validation: tuple[Pair, ...]
    report: dict[str, Any]


def prepare(config: TrainConfig, reporter: Reporter) -> Prepared:
    """Return the prepared data of `config`, from the work folder where it is there already."""
    chosen_aligner(config.links)
    digest = config.prepared_digest
    folder = config.work / f"prepared-{digest[:16]}"
    if not (folder / "report.json").is_file():
        prepared = _prepare(config, reporter)
        with storage(config.work, "cannot store the prepared data"):
            _write(prepared, folder)
    return _read(folder)


def _prepare(config: TrainConfig, reporter: Reporter) -> Prepared:
    dropped: Counter[str] = Counter()
    removed: Counter[str] = Counter()
    reporter.say("reading, cleaning, decontaminating")
    tests = TestSets.read(config.data.tests, config.decontamination)
    usable = clean(read_pairs(config.data.pairs, dropped), config.cleaning, dropped)
    pairs = list(tests.filter(usable, removed))
    read = len(pairs) + sum(dropped.values()) + sum(removed.values())
    pairs, validation = _held_out(pairs, config)
    if not pairs:
        raise NoInputError(f"no usable pair among {read} read ({_listed(dropped + removed)})")
    reporter.say(f"{len(pairs)} of {read} pairs kept; training subwords")
    subwords = train_subwords(
        [text for pair in pairs for text in (pair.vi, pair.en)], config.subwords, seed=config.seed
    )
    reporter.say("weighting, code-switching, encoding")
    rows, taken = _encode(pairs, open_subwords(subwords), config, reporter)
    if not len(rows):
        raise NoInputError(
            "no pair is left: every weight is 0, or every sentence longer than subwords.max_length"
        )
    reporter.say(f"{len(rows)} rows, {rows.target.size} target subwords; linking words")
    rows = link(rows, config.links, seed=config.seed)
    report = {
        "read": read,
        "kept": len(pairs),
        "validation": len(validation),
        "dropped": dict(sorted(dropped.items())),
        "decontaminated": dict(sorted(removed.items())),
        "rows": len(rows),
        "rows_by_label": dict(sorted(taken["label"].items())),
        "code_switched": taken["kind"]["switched"],
        "too_long": taken["kind"]["too_long"],
        "source_subwords": int(rows.source.size),
        "target_subwords": int(rows.target.size),
        "aligner": chosen_aligner(config.links),
        "linked": round(linked_share(rows), 4),
    }
    return Prepared(rows=rows, subwords=subwords, validation=tuple(validation), report=report)


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.most_common()) or "no lines at all"


def _held_out(pairs: list[Pair], config: TrainConfig) -> tuple[list[Pair], list[Pair]]:
    """Part the validation pairs from the others; no sentence of either side is left in training."""
    if config.data.validation is not None:
        references = read_references(config.data.validation)
        held = [Pair(item.label, normalise(item.vi), normalise(item.en)) for item in references]
    else:
        size = min(config.data.validation_pairs, len(pairs) // 10)
        held = random.Random(config.seed).sample(pairs, size)
    known = {tuple(words_of(text)) for pair in held for text in (pair.vi, pair.en)}
    rest = [
        pair for pair in pairs if not known.intersection((tuple(words_of(pair.vi)), tuple(words_of(pair.en))))
    ]
    return rest, held


def _encode(
    pairs: list[Pair], processor: Any, config: TrainConfig, reporter: Reporter
) -> tuple[Rows, dict[str, Counter[str]]]:
    """Take every pair as often as its weight says, a share of the copies code-switched, as ids."""
    terms = load_glossary(config.data.glossary)
    taken: dict[str, Counter[str]] = {"label": Counter(), "kind": Counter()}
    rows: list[tuple[list[int], list[int]]] = []
    reporter.stage("code-switching", len(pairs))
    for place, pair in enumerate(pairs):
        reporter.advance()
        rng = random.Random(f"{config.seed} {place}")  # a pair's copies do not depend on its neighbours
        for _ in range(copies(config.data.weights.get(pair.label, 1.0), rng)):
            source = None
            if rng.random() < config.code_switch.share:
                source = switched(pair.vi, pair.en, terms, config.code_switch, rng)
            row = processor.encode(source or pair.vi), processor.encode(pair.en)
            if not 0 < min(map(len, row)) <= max(map(len, row)) <= config.subwords.max_length:
                taken["kind"]["too_long"] += 1
                continue
            rows.append(row)
            taken["label"][pair.label] += 1
            taken["kind"]["switched"] += source is not None
    return Rows.build(rows), taken


def _write(prepared: Prepared, folder: Path) -> None:
    from safetensors.numpy import save

    folder.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=".prepare-", dir=folder.parent))
    try:
        write_file(staging / "rows.safetensors", save(prepared.rows.arrays()))
        write_file(staging / "joint.spm", prepared.subwords)
        lines = "".join(f"{pair.label}\t{pair.vi}\t{pair.en}\n" for pair in prepared.validation)
        write_file(staging / "validation.tsv", lines.encode())
        write_file(staging / "report.json", to_json(prepared.report))
        staging.rename(folder)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _read(folder: Path) -> Prepared:
    from safetensors.numpy import load_file

    with storage(folder, "cannot read the prepared data"):
        return Prepared(
            rows=Rows(**load_file(folder / "rows.safetensors")),
            subwords=(folder / "joint.spm").read_bytes(),
            validation=tuple(read_references(folder / "validation.tsv")),
            report=json.loads((folder / "report.json").read_text(encoding="utf-8")),
        )
