"""`press-brief memory`: corrections by people in, aligned pairs out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jobs.cli import CONTEXT, ExamplesFirst, LazyGroup, examples

if TYPE_CHECKING:
    from jobs.translate.memory import Memory


def _open(config_file: Path | None) -> Memory:
    from jobs.config import load_config
    from jobs.store import storage
    from jobs.translate.memory import Memory

    folder = load_config(config_file).cache_folder
    with storage(folder, "cannot use the cache folder"):
        folder.mkdir(parents=True, exist_ok=True)
    return Memory(folder / "memory.sqlite")


_CONFIG = click.option("--config", "config_file", type=click.Path(path_type=Path), help="Configuration file.")


@examples(
    "press-brief memory import outputs/latest/review.tmx   after a reviewer has corrected it",
    "press-brief memory export corrections.tsv",
    "press-brief memory stats",
)
@click.group(cls=LazyGroup, context_settings=CONTEXT)
def memory() -> None:
    """Translation memory: what was translated before, and what people corrected."""


@examples("press-brief memory import corrected.tmx", "press-brief memory import corrected.tsv")
@memory.command("import", cls=ExamplesFirst, context_settings=CONTEXT)
@click.argument("file", type=click.Path(path_type=Path))
@_CONFIG
def import_(file: Path, config_file: Path | None) -> None:
    """Take over the pairs of FILE (.tmx, or .tsv of Vietnamese TAB English) as human corrections."""
    counts = _open(config_file).import_file(file)
    click.echo(", ".join(f"{name} {count}" for name, count in counts.items()))


@examples("press-brief memory export corrections.tmx")
@memory.command("export", cls=ExamplesFirst, context_settings=CONTEXT)
@click.argument("file", type=click.Path(path_type=Path))
@_CONFIG
def export(file: Path, config_file: Path | None) -> None:
    """Write the human corrections to FILE (.tmx or .tsv)."""
    count = _open(config_file).export_file(file)
    click.echo(f"{count} pairs written to {file}")


@examples("press-brief memory stats --json")
@memory.command("stats", cls=ExamplesFirst, context_settings=CONTEXT)
@_CONFIG
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def stats(config_file: Path | None, as_json: bool) -> None:
    """Print how many sentences and corrections the memory holds."""
    data = _open(config_file).stats()
    if as_json:
        click.echo(json.dumps(data))
    else:
        for name, value in data.items():
            click.echo(f"{name}: {value}")
