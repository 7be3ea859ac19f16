"""`press-brief check`: is everything in order for a run? Reads no article."""

from __future__ import annotations

from pathlib import Path

import click

from jobs.cli import CONTEXT, ExamplesFirst, examples
from jobs.errors import PressBriefError


@examples("press-brief check", "press-brief check --config /etc/press-brief.yaml")
@click.command(cls=ExamplesFirst, context_settings=CONTEXT)
@click.option("--config", "config_file", type=click.Path(path_type=Path), help="Configuration file.")
@click.pass_context
def check(ctx: click.Context, config_file: Path | None) -> None:
    """Validate configuration, prompts, term base and model, all faults at once.

    Exit codes: 0 in order, 5 configuration, prompts or term base, 6 model.
    """
    from jobs.brief.prompts import load_phrases
    from jobs.config import load_config
    from jobs.translate.glossary import load_glossary
    from jobs.translate.models import resolve, verify

    config = load_config(config_file)
    click.echo(f"configuration   {config_file or 'default'}")
    code = 0
    try:
        click.echo(f"prompts         {len(load_phrases(config.prompts))} records")
    except PressBriefError as error:
        click.echo(f"press-brief: {error}", err=True)
        code = error.exit_code
    try:
        click.echo(f"term base       {len(load_glossary(config.glossary))} entries")
    except PressBriefError as error:
        click.echo(f"press-brief: {error}", err=True)
        code = code or error.exit_code
    try:
        model = resolve(config.model, revision=config.revision, cache=config.cache_folder)
        verify(model)
        click.echo(f"model           {model.name} @ {model.revision[:12]}")
    except PressBriefError as error:
        click.echo(f"press-brief: {error}", err=True)
        code = code or error.exit_code
    ctx.exit(code)
