"""`press-brief evaluate`: the job's stages measured on labelled data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from jobs import __version__
from jobs.cli import CONTEXT, ExamplesFirst, LazyGroup, examples

_CONFIG = click.option("--config", "config_file", type=click.Path(path_type=Path), help="Configuration file.")
_JSON = click.option("--json", "as_json", is_flag=True, help="As JSON.")


@examples(
    "press-brief evaluate translation pairs.tsv --out hypotheses.txt",
    "press-brief evaluate events articles.jsonl",
    "press-brief evaluate summaries clusters/ --syllables 150",
)
@click.group(cls=LazyGroup, context_settings=CONTEXT)
def evaluate() -> None:
    """Measure translation, grouping or summaries on labelled data."""


@examples(
    "press-brief evaluate translation pairs.tsv",
    "press-brief evaluate translation pairs.tsv --compare other-system.txt --json",
)
@evaluate.command(cls=ExamplesFirst, context_settings=CONTEXT)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Write the hypotheses here, one a line.")
@click.option("--compare", type=click.Path(path_type=Path), help="Hypotheses of another system, one a line.")
@_CONFIG
@_JSON
def translation(
    file: Path, out: Path | None, compare: Path | None, config_file: Path | None, as_json: bool
) -> None:
    """Translate the first column of FILE (source TAB reference) with the whole pipeline and score it."""
    from jobs.config import load_config
    from jobs.evaluate.translation import evaluate_translation
    from jobs.pipeline import load_resources
    from jobs.store import storage, write_file

    config = load_config(config_file)
    resources = load_resources(config)
    translator = resources.translator(config)
    result, hypotheses = evaluate_translation(file, translator, compare=compare)
    if out is not None:
        with storage(out, "cannot write the hypotheses"):
            write_file(out, "".join(f"{line}\n" for line in hypotheses).encode())
    model = f"model {resources.model.name}@{resources.model.revision[:12]}"
    _print(result, f"{model}; {result.pop('signature')}", as_json=as_json)


@examples("press-brief evaluate events articles.jsonl --out clusters.jsonl")
@evaluate.command(cls=ExamplesFirst, context_settings=CONTEXT)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Write {id, cluster} records here.")
@_JSON
def events(file: Path, out: Path | None, as_json: bool) -> None:
    """Group the articles of FILE (JSONL of id, text, title?, date?, cluster) and score it with B-cubed."""
    from jobs.evaluate.clustering import evaluate_events
    from jobs.reconcile.events import EventSettings
    from jobs.store import storage, write_file

    result, predicted = evaluate_events(file)
    if out is not None:
        lines = [
            json.dumps({"id": key, "cluster": value}, ensure_ascii=False) for key, value in predicted.items()
        ]
        with storage(out, "cannot write the clusters"):
            write_file(out, "".join(f"{line}\n" for line in lines).encode())
    settings = EventSettings()
    signature = f"B-cubed over items; average link at {settings.threshold:g}, veto {settings.veto:g}"
    _print(result, signature, as_json=as_json)


@examples("press-brief evaluate summaries clusters/ --out summaries/")
@evaluate.command(cls=ExamplesFirst, context_settings=CONTEXT)
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--syllables", type=click.IntRange(min=1), help="Length; default: mean of the references.")
@click.option("--out", type=click.Path(path_type=Path), help="Write <cluster>.txt files here.")
@_JSON
def summaries(folder: Path, syllables: int | None, out: Path | None, as_json: bool) -> None:
    """Summarise the doc*.txt of every subfolder of FOLDER and score them against its ref*.txt."""
    from jobs.evaluate.summaries import evaluate_summaries
    from jobs.store import storage, write_file

    result, written = evaluate_summaries(folder, length=syllables)
    if out is not None:
        with storage(out, "cannot write the summaries"):
            for name, text in written.items():
                write_file(out / f"{name}.txt", f"{text}\n".encode())
    length = "mean of references" if syllables is None else str(syllables)
    _print(
        result, f"ROUGE F1 on lower-case syllables, mean over references, length {length}", as_json=as_json
    )


def _print(result: dict[str, Any], signature: str, *, as_json: bool) -> None:
    signature = f"press-brief {__version__}; {signature}"
    if as_json:
        click.echo(json.dumps({**result, "signature": signature}, ensure_ascii=False, indent=2))
        return
    for name, value in result.items():
        click.echo(f"{name:20} {json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value}")
    click.echo(f"signature            {signature}")
