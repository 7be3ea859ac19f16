"""`press-brief models`: which models there are, fetching one, checking one."""

from __future__ import annotations

import json
from pathlib import Path

import click

from jobs.cli import CONTEXT, ExamplesFirst, LazyGroup, examples

_CONFIG = click.option("--config", "config_file", type=click.Path(path_type=Path), help="Configuration file.")


@examples(
    "press-brief models list",
    "press-brief models fetch Helsinki-NLP/opus-mt-vi-en",
    "press-brief models verify",
)
@click.group(cls=LazyGroup, context_settings=CONTEXT)
def models() -> None:
    """Translation models: the bundled one and published ones."""


@examples("press-brief models list", "press-brief models list --json")
@models.command("list", cls=ExamplesFirst, context_settings=CONTEXT)
@_CONFIG
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def list_(config_file: Path | None, as_json: bool) -> None:
    """List sensible models with size, licence, score (FLORES-200 chrF) and whether they are at hand."""
    from jobs.config import load_config
    from jobs.translate.models import list_models

    rows = list_models(cache=load_config(config_file).cache_folder)
    if as_json:
        click.echo(json.dumps([row.model_dump(mode="json") for row in rows], ensure_ascii=False, indent=2))
        return
    width = max(len(row.name) for row in rows)
    for row in rows:
        score = "-" if row.chrf is None else f"{row.chrf:.1f}"
        at_hand = "here" if row.available else "fetch"
        click.echo(f"{row.name:{width}}  {row.size_mb:>6} MB  chrF {score:>5}  {at_hand:5}  {row.licence}")


@examples("press-brief models fetch facebook/nllb-200-distilled-600M")
@models.command("fetch", cls=ExamplesFirst, context_settings=CONTEXT)
@click.argument("name")
@_CONFIG
def fetch(name: str, config_file: Path | None) -> None:
    """Fetch model NAME into the cache, pin its revision and verify it."""
    from jobs.config import load_config
    from jobs.store import storage
    from jobs.translate.models import fetch as fetch_model

    config = load_config(config_file)
    cache = config.cache_folder
    with storage(cache, "cannot store the model"):
        model = fetch_model(name, cache=cache, revision=config.revision if name == config.model else None)
    click.echo(f"{model.name} @ {model.revision}\n{model.folder}")


@examples("press-brief models verify", "press-brief models verify Helsinki-NLP/opus-mt-vi-en")
@models.command("verify", cls=ExamplesFirst, context_settings=CONTEXT)
@click.argument("name", required=False)
@_CONFIG
def verify(name: str | None, config_file: Path | None) -> None:
    """Check that a model is complete, unchanged and safe to load (default: the configured one)."""
    from jobs.config import load_config
    from jobs.translate.models import resolve
    from jobs.translate.models import verify as verify_model

    config = load_config(config_file)
    revision = config.revision if name in (None, config.model) else None
    model = resolve(name or config.model, revision=revision, cache=config.cache_folder)
    verify_model(model)
    click.echo(f"{model.name} @ {model.revision}: complete and unchanged")
